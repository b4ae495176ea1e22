import { distance } from 'fastest-levenshtein';
import type { Annotation } from '../annotations';
import type { DriverContext, EntryContext } from '../context';
import type { Finding, Severity } from '../model';
import type { Rule } from './rule';

export const annotationInvalid: Rule = {
  id: 'annotation/invalid',
  title: 'an annotation is unknown, misplaced or contradicts the code',
  reason: `Annotations are read and never compiled: a compiler says nothing about one that is mistyped, stands in the wrong place or names a member
that does not exist. It would silently have no effect, or a wrong one. All annotations stand before the whole declaration that they are about.

- \`__fgft_suspect\` and \`__fgft_suspect_if(expression)\`: before the definition of an entry point; the expression is over its parameters.
- \`__fgft_count(expression)\`, \`__fgft_string\`, \`__fgft_opaque\`: before a pointer that is a member or a parameter; the expression is over the members of
the same record, or the parameters of the same function.
- \`__fgft_shared\`: before a member or a variable at file scope.
- \`__fgft_live_if(expression)\`: before a member of a union; the expression is over the members of the record around the union.
- \`__fgft_checkpoint\` and \`__fgft_restore\`: before one function each.`,
  severity: 'error',
  fires: {
    code: '#include <linux/netdevice.h>\n#include <fgft.h>\n\nstruct foo { int used; __fgft_count(lenght) u32 *words; int length; };\n\nstatic int foo_open(struct net_device *dev)\n{\n\tstruct foo *f = netdev_priv(dev);\n\n\tf->used = f->words[0];\n\treturn 0;\n}\nstatic const struct net_device_ops foo_ops = { .ndo_open = foo_open };\n',
  },
  silent: {
    code: '#include <linux/netdevice.h>\n#include <fgft.h>\n\nstruct foo { int used; int length; __fgft_count(length) u32 *words; };\n\n__fgft_suspect static int foo_open(struct net_device *dev)\n{\n\tstruct foo *f = netdev_priv(dev);\n\n\tf->used = f->words[0];\n\treturn 0;\n}\nstatic const struct net_device_ops foo_ops = { .ndo_open = foo_open };\n',
  },
  check: (driver, entries) => driver.annotations.flatMap((a) => problemsOf(driver, entries, a)),
};

/** What may carry each annotation. */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  __fgft_suspect: ['function'],
  __fgft_suspect_if: ['function'],
  __fgft_count: ['member', 'parameter', 'variable'],
  __fgft_string: ['member', 'parameter', 'variable'],
  __fgft_opaque: ['member', 'parameter', 'variable'],
  __fgft_shared: ['member', 'variable'],
  __fgft_live_if: ['member'],
  __fgft_checkpoint: ['function'],
  __fgft_restore: ['function'],
};

/** Pairs that cannot both be true of one thing. */
const CONTRADICTIONS: readonly (readonly [string, string, string])[] = [
  ['__fgft_suspect', '__fgft_suspect_if', 'the condition would never count'],
  ['__fgft_count', '__fgft_string', 'a string ends with its NUL and not after a count'],
  ['__fgft_count', '__fgft_opaque', 'what is never followed has no length'],
  ['__fgft_string', '__fgft_opaque', 'what is never followed is no text'],
  ['__fgft_checkpoint', '__fgft_restore', 'one function cannot do both'],
  ['__fgft_suspect', '__fgft_checkpoint', 'a checkpoint must be trusted'],
  ['__fgft_suspect', '__fgft_restore', 'a restore must be trusted'],
];

const PLURAL: Readonly<Record<string, string>> = {
  function: 'functions',
  member: 'members',
  parameter: 'parameters',
  variable: 'variables at file scope',
};

function problemsOf(driver: DriverContext, entries: readonly EntryContext[], annotation: Annotation): Finding[] {
  const { name, target } = annotation;
  const say = (message: string, severity: Severity = 'error'): Finding[] => [finding(driver, entries, annotation, message, severity)];
  const places = PLACES[name];
  if (!places) return say(`${name} is no annotation of this product${nearest(name)}.`);
  if (!target)
    return say(`${name} has no effect here: it stands before the declaration of ${places.map((p) => PLURAL[p]).join(', ')} only.`);
  if (!places.includes(target.kind)) return say(`${name} is for ${places.map((p) => PLURAL[p]).join(', ')}, not for a ${target.kind}.`);
  for (const [a, b, why] of CONTRADICTIONS) {
    // Said once, at the second of the two.
    if (name === b && annotation.beside.some((use) => use.name === a)) return say(`${a} and ${b} contradict each other: ${why}.`);
  }
  return [
    ...typeProblems(driver, annotation, say),
    ...argumentProblems(driver, annotation, say),
    ...useProblems(driver, entries, annotation, say),
  ];
}

type Say = (message: string, severity?: Severity) => Finding[];

function typeProblems(driver: DriverContext, { name, target, file }: Annotation, say: Say): Finding[] {
  if (target?.kind !== 'member' && target?.kind !== 'parameter' && target?.kind !== 'variable') return [];
  const declared = target.kind === 'parameter' ? target.parameter : target;
  const scope = driver.scopeOf(file);
  const type = scope.resolve(declared.type);
  if (type.kind === 'unknown') return [];
  if (name === '__fgft_count' && type.kind !== 'pointer' && type.kind !== 'array')
    return say(`__fgft_count is for pointers, and ${declared.name} is none.`);
  if (name === '__fgft_opaque' && type.kind !== 'pointer' && type.kind !== 'basic' && type.kind !== 'array')
    return say(`__fgft_opaque is for pointers and integers that hold one, and ${declared.name} is neither.`);
  if (name !== '__fgft_string') return [];
  const element = type.kind === 'pointer' ? scope.resolve(type.to) : type.kind === 'array' ? scope.resolve(type.of) : null;
  const isText = element?.kind === 'unknown' || element?.kind === 'void' || (element?.kind === 'basic' && scope.sizeof(element) === 1);
  return isText ? [] : say(`__fgft_string is for pointers to characters, and ${declared.name} is none.`);
}

/** Names that begin an access path: neither behind `.` nor `->`, nor the name of a function that is called. */
const ROOTS = /(?<![\w.]|->\s*)([A-Za-z_]\w*)(?!\s*\(|\w)/g;

function argumentProblems(driver: DriverContext, annotation: Annotation, say: Say): Finding[] {
  const { name, target, file } = annotation;
  if (name !== '__fgft_count' && name !== '__fgft_suspect_if' && name !== '__fgft_live_if') return [];
  const expression = annotation.arguments?.trim() ?? '';
  if (expression === '') return say(`${name} needs an expression.`);
  // What stands beside a union belongs to the record around it, which the member does not know.
  if (name === '__fgft_live_if')
    return target?.kind === 'member' && target.record.tag !== 'union' ? say(`${name} is for members of unions, and this is none.`) : [];
  const scope = driver.scopeOf(file);
  const owner =
    target?.kind === 'member'
      ? { what: `members of ${target.record.name}`, has: (n: string) => scope.member(target.record, n) !== undefined }
      : target?.kind === 'function' || target?.kind === 'parameter'
        ? { what: `parameters of ${target.function.name}`, has: (n: string) => target.function.parameters.some((p) => p.name === n) }
        : null;
  const unknown = [...new Set([...expression.matchAll(ROOTS)].map((m) => m[1]))].filter(
    (n) => !owner?.has(n) && !scope.macro(n) && scope.enumConstant(n) === undefined && !scope.variable(n) && !WORDS.has(n),
  );
  if (unknown.length === 0) return [];
  return say(`${unknown.join(', ')} in ${name}(${expression}) ${owner ? `is not among the ${owner.what}` : 'is not known here'}.`);
}

const WORDS: ReadonlySet<string> = new Set([
  'sizeof',
  'struct',
  'union',
  'unsigned',
  'int',
  'long',
  'char',
  'short',
  'true',
  'false',
  'NULL',
]);

function useProblems(driver: DriverContext, entries: readonly EntryContext[], { name, target }: Annotation, say: Say): Finding[] {
  if (target?.kind !== 'function') return [];
  const own = target.function.name;
  if (name === '__fgft_suspect' || name === '__fgft_suspect_if') {
    // A prototype may carry the mark as well; what counts is what is defined.
    const isEntryPoint = entries.some((e) => e.node.name === own);
    return isEntryPoint
      ? []
      : say(`${own} is no entry point: the kernel does not call it, so it is never run as a transaction by itself.`, 'warning');
  }
  const other = name === '__fgft_checkpoint' ? '__fgft_restore' : '__fgft_checkpoint';
  const all = driver.annotations.filter((a) => a.target?.kind === 'function');
  const namesOf = (annotation: string): Set<string> =>
    new Set(all.filter((a) => a.name === annotation).map((a) => (a.target?.kind === 'function' ? a.target.function.name : '')));
  if (namesOf(name).size > 1) return say(`${name} marks more than one function: ${[...namesOf(name)].join(', ')}.`);
  if (namesOf(other).size === 0) return say(`${name} without ${other}: one is of no use without the other.`, 'warning');
  return [];
}

function finding(
  driver: DriverContext,
  entries: readonly EntryContext[],
  annotation: Annotation,
  message: string,
  severity: Severity,
): Finding {
  const { name, file, offset } = annotation;
  const { location, start } = driver.locator.locate(file, offset, name.length);
  return {
    rule: 'annotation/invalid',
    severity,
    confidence: 'certain',
    message,
    location,
    entryPoints: entries.filter((e) => concerns(driver, e, annotation)).map((e) => e.node.name),
    trace: [{ location: start, message: `${name} stands here` }],
  };
}

/** True when the entry point reaches what the annotation is attached to. */
function concerns({ analysis }: DriverContext, entry: EntryContext, { target }: Annotation): boolean {
  if (target?.kind === 'function' || target?.kind === 'parameter')
    return entry.functions.some((f) => analysis.nodes[f].name === target.function.name);
  if (target?.kind !== 'member') return false;
  for (const { path } of entry.summary.effects.values()) {
    const holds = analysis.paths
      .stepsOf(path)
      .some((step) => step.kind === 'field' && step.record === target.record.name && step.field === target.name);
    if (holds) return true;
  }
  return false;
}

/** `; did you mean X?` when an annotation differs in few letters. */
function nearest(name: string): string {
  const close = Object.keys(PLACES)
    .map((known) => ({ known, distance: distance(name, known) }))
    .sort((a, b) => a.distance - b.distance)[0];
  return close.distance <= 4 ? `; did you mean ${close.known}?` : '';
}

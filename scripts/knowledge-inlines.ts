/**
 * What the bodies of the headers' inline functions do to their arguments: they are lowered and summarised like a driver's functions,
 * as one module whose text is cut from the headers.
 */
import { readFileSync } from 'node:fs';
import { ADDRESS, type Effect, READ, type Summary, WRITE } from '../server/src/analysis/model';
import type { PathStep, PathTable } from '../server/src/analysis/paths';
import { analyzeDriver } from '../server/src/engine/driver';
import type { KernelWorld, Shared } from '../server/src/engine/kernelWorld';
import { readModule } from '../server/src/engine/moduleFiles';
import type { ArgumentAccess, KernelFunction } from '../server/src/knowledge/model';
import { scan, TokenKind } from '../server/src/syntax/tokens';
import { MemoryFileSystem } from '../server/src/text/fileSystem';

/** What a row says of an inline function besides its prototype. */
export type InlineFacts = Pick<KernelFunction, 'returns' | 'touches'> & { arguments: Record<number, ArgumentAccess> };

/** More touches than this are a subsystem at work, not an accessor: its fields are the kernel's own. */
const MAXIMUM_TOUCHES = 10;
/** Members on the way to the touched one. */
const MAXIMUM_THROUGH = 2;
/** Longer bodies are no accessors. UTF-16 units. */
const MAXIMUM_BODY = 4000;
const FILE = '/inline/functions.c';

/** The definition that starts at `offset`; null for a prototype. `calls` are the names that its body calls. */
function definitionAt(text: string, offset: number, name: string): { text: string; calls: Set<string> } | null {
  const window = text.slice(offset, offset + MAXIMUM_BODY);
  const { count, start, end, kind } = scan(window);
  const word = (i: number): string => (i < count ? window.slice(start[i], end[i]) : '');
  const calls = new Set<string>();
  let at = 0;
  while (at < count && !(word(at) === name && word(at + 1) === '(')) at++;
  let depth = 0;
  let inBody = false;
  for (at++; at < count; at++) {
    const w = word(at);
    if (w === ';' && depth === 0) return null;
    if (w === '{' && depth === 0) inBody = true;
    if (w === '{' || w === '(') depth++;
    if (inBody && kind[at] === TokenKind.Identifier && word(at + 1) === '(') calls.add(w);
    if ((w === '}' || w === ')') && --depth === 0 && inBody) return { text: window.slice(0, end[at]), calls };
  }
  return null;
}

/** Facts of every inline function among `names` and of those that they call. Of `known` functions the rows speak, not the bodies. */
export function inlineFacts(
  names: Iterable<string>,
  world: KernelWorld,
  base: Shared,
  known: (name: string) => boolean,
): Map<string, InlineFacts> {
  const texts = new Map<string, string>();
  const bodies = new Map<string, string>();
  const seen = new Set<string>();
  const work = [...names];
  for (let name = work.pop(); name !== undefined; name = work.pop()) {
    if (seen.has(name) || known(name)) continue;
    seen.add(name);
    const declared = world.kernel.function(name);
    if (!declared || world.kernel.macro(name)?.parameters) continue;
    const { file, offset } = declared.place;
    if (!texts.has(file)) texts.set(file, readFileSync(file, 'utf8'));
    const found = definitionAt(texts.get(file)!, offset, name);
    if (!found) continue;
    bodies.set(name, found.text);
    work.push(...found.calls);
  }
  const text = [...bodies.keys()]
    .sort()
    .map((name) => bodies.get(name))
    .join('\n\n');
  const fs = new MemoryFileSystem(new Map([[FILE, text]]));
  const module = { name: 'inlines', files: [FILE], makefile: null, includeFolders: [], defines: [], why: 'made' };
  const files = readModule(module, { ...world.files, fs, parser: base.parser, knowledge: base.knowledge, isOpen: () => false });
  const { analysis } = analyzeDriver(
    files,
    {
      knowledge: base.knowledge,
      kernel: world.kernel,
      architecture: world.architecture,
      kernelMacro: world.kernelMacro,
      display: (p) => p,
    },
    true,
  );
  const facts = new Map<string, InlineFacts>();
  for (const node of analysis.nodes) {
    const returnsPointer = world.kernel.function(node.name)?.returns.kind === 'pointer';
    facts.set(node.name, factsOf(analysis.summaries[node.id], analysis.paths, returnsPointer));
  }
  return facts;
}

function factsOf(summary: Summary, paths: PathTable, returnsPointer: boolean): InlineFacts {
  const facts: InlineFacts = { arguments: {} };
  const touches = new Map<string, NonNullable<KernelFunction['touches']>[number]>();
  for (const effect of summary.effects.values()) addEffect(facts, touches, effect, paths);
  if (touches.size > 0 && touches.size <= MAXIMUM_TOUCHES)
    facts.touches = [...touches].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, touch]) => touch);
  const returns = returnsPointer && summary.returns.size === 1 ? returnsOf([...summary.returns][0], paths) : undefined;
  if (returns) facts.returns = returns;
  return facts;
}

const ACCESS: Record<number, ArgumentAccess> = { [READ]: 'R', [WRITE]: 'W', [READ | WRITE]: 'RW' };

function addEffect(
  facts: InlineFacts,
  touches: Map<string, NonNullable<KernelFunction['touches']>[number]>,
  effect: Effect,
  paths: PathTable,
): void {
  const access = ACCESS[effect.access & ~ADDRESS];
  const place = argumentPlace(effect.path, paths);
  if (!access || !place) return;
  const { argument } = place;
  const steps = place.steps.filter((step) => step.kind !== 'index');
  if (steps.length === 0) {
    facts.arguments[argument] = joined(facts.arguments[argument], access);
    return;
  }
  const through: string[] = [];
  for (const step of steps.slice(0, -1)) {
    if (step.kind === 'field') through.push(`${step.record}.${step.field}`);
    else if (step.kind === 'deref' && through.length > 0 && !through[through.length - 1].endsWith('->'))
      through[through.length - 1] += '->';
    else return;
  }
  const last = steps[steps.length - 1];
  if (last.kind !== 'field' || !last.record || through.length > MAXIMUM_THROUGH || through.some((t) => t.startsWith('.'))) return;
  const key = `${argument} ${through.join(' ')} ${last.record}.${last.field}`;
  const touch = { argument, record: last.record, field: last.field, access: joined(touches.get(key)?.access, access) };
  touches.set(key, through.length > 0 ? { ...touch, through } : touch);
}

function joined(a: ArgumentAccess | undefined, b: ArgumentAccess): ArgumentAccess {
  return a === undefined || a === b || a === 'A' ? b : 'RW';
}

/** The argument whose object holds the place, and the steps from the object; null for places that no argument leads to. */
function argumentPlace(path: number, paths: PathTable): { argument: number; steps: PathStep[] } | null {
  const root = paths.rootOf(path);
  const [first, ...steps] = paths.stepsOf(path);
  return root.kind === 'parameter' && first?.kind === 'deref' ? { argument: root.index, steps } : null;
}

function returnsOf(path: number, paths: PathTable): KernelFunction['returns'] {
  const place = argumentPlace(path, paths);
  if (!place) return undefined;
  const { argument, steps } = place;
  if (steps.length === 0) return { kind: 'argument', argument };
  const [first] = steps;
  if (steps.length === 1 && first.kind === 'container') return { kind: 'enclosing', argument, record: first.record, member: first.member };
  const held = steps[steps.length - 1].kind === 'deref';
  const members = held ? steps.slice(0, -1) : steps;
  if (!members.every((step) => step.kind === 'field')) return undefined;
  const member = members.map((step) => (step as { field: string }).field).join('.');
  return held ? { kind: 'held', argument, path: member } : { kind: 'member', argument, path: member };
}

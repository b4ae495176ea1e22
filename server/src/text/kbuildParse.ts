/**
 * Reads Kbuild Makefiles far enough to know what is linked from what: assignments, conditionals, a few functions.
 * Rules and recipes are skipped; nothing is run.
 */

import type { Configuration } from './configuration';

/** One assignment, as Kbuild spells it: `e1000-$(CONFIG_X) += a.o` is stem `e1000`, selector `CONFIG_X`, words `a.o`. */
export interface KbuildAssignment {
  /** The part before the selector: `obj`, a module's name, `ccflags`, `subdir-ccflags`; or the whole name (`CFLAGS_main.o`). */
  stem: string;
  /** `y`, `m`, `objs`, a `CONFIG_` symbol, '' when the name has no selector, `?` for one that cannot be read. */
  selector: string;
  words: string[];
  /** The `ifeq`/`ifdef` conditions around it, outermost first; all must hold. */
  conditions: KbuildCondition[];
}

/** `ifeq`, `ifneq`, `ifdef` or `ifndef`. */
export interface KbuildCondition {
  /** As written, for people: `ifeq ($(CONFIG_X),y)`. */
  text: string;
  /** What it asks of a configuration symbol, or null where it asks something else. `value` '' means "is off". */
  symbol: { name: string; value: string | 'on'; equal: boolean } | null;
}

export interface Kbuild {
  assignments: KbuildAssignment[];
}

export interface KbuildContext {
  /** Variables with a known text: `src`, `srctree`, … */
  variables?: ReadonlyMap<string, string>;
  /** Values of `CONFIG_` symbols. Without one, each counts as possibly on. */
  configuration?: Configuration;
  /** Text of an included Makefile, or undefined. */
  include?(path: string): string | undefined;
}

const MAXIMUM_INCLUDES = 64;
const MAXIMUM_EXPANSION = 1 << 16;
const MAXIMUM_DEPTH = 16;
const ASSIGNMENT = /^\s*(?:override\s+|export\s+)*((?:\$\((?:[^()]|\([^)]*\))*\)|\$\{[^}]*\}|[\w.@%/,-])+)\s*(\+=|::?=|\?=|=)(.*)$/;

/** Parses a Makefile. Total: what is not understood is left out. Every branch of a conditional is kept, with its condition. */
export function parseKbuild(text: string, context: KbuildContext = {}): Kbuild {
  const assignments: KbuildAssignment[] = [];
  const variables = new Map<string, string>(context.variables ?? []);
  const conditions: KbuildCondition[] = [];
  let includes = 0;
  const parse = (source: string): void => {
    const depth = conditions.length;
    for (const line of logicalLines(source)) {
      if (conditional(line, conditions, depth)) continue;
      const include = /^\s*-?include\s+(.+)$/.exec(line);
      if (include) {
        for (const path of wordsOf(expand(include[1], variables))) {
          const included = includes++ < MAXIMUM_INCLUDES ? context.include?.(path) : undefined;
          if (included !== undefined) parse(included);
        }
        continue;
      }
      const assignment = ASSIGNMENT.exec(line);
      if (!assignment) continue;
      const name = assignment[1];
      // Values are expanded where they are read in make; here where they are set, which differs only for forward references.
      const value = expand(assignment[3], variables);
      const { stem, selector } = splitName(name, variables);
      const parsed = { stem, selector, words: wordsOf(value), conditions: [...conditions] };
      assignments.push(parsed);
      if (!isPossible(parsed, context.configuration)) continue;
      // `part-$(CONFIG_X) += a.o` is read back as `$(part-y)`.
      const variable = selector.startsWith('CONFIG_') ? `${stem}-${context.configuration?.value(selector) ?? 'y'}` : name;
      if (assignment[2] === '+=') variables.set(variable, ((variables.get(variable) ?? '') + ' ' + value).slice(0, MAXIMUM_EXPANSION));
      else if (conditions.length === 0 || !variables.has(variable)) variables.set(variable, value);
    }
    conditions.length = Math.min(conditions.length, depth);
  };
  parse(text);
  return { assignments };
}

/** Whether an assignment is in force: its selector is on and its conditions hold, as far as the configuration can tell. */
export function isPossible(assignment: KbuildAssignment, configuration: Configuration | undefined): boolean {
  if (!configuration) return true;
  if (assignment.selector.startsWith('CONFIG_') && configuration.value(assignment.selector) === undefined) return false;
  return assignment.conditions.every(({ symbol }) => {
    if (!symbol) return true;
    const value = configuration.value(symbol.name) ?? '';
    return (symbol.value === 'on' ? value !== '' : value === symbol.value) === symbol.equal;
  });
}

/** Lines with continuations joined and comments cut. */
function* logicalLines(text: string): Iterable<string> {
  let pending = '';
  for (const raw of text.split('\n')) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (/(^|[^\\])(\\\\)*\\$/.test(line)) {
      pending += line.slice(0, -1) + ' ';
      continue;
    }
    yield withoutComment(pending + line);
    pending = '';
  }
  if (pending) yield withoutComment(pending);
}

function withoutComment(line: string): string {
  const hash = line.search(/(^|[^\\])#/);
  return hash < 0 ? line : line.slice(0, line[hash] === '#' ? hash : hash + 1);
}

/** Takes a conditional line into account; false when the line is none. `depth` protects the conditions of an including file. */
function conditional(line: string, conditions: KbuildCondition[], depth: number): boolean {
  const match = /^\s*(ifeq|ifneq|ifdef|ifndef|else|endif)\b\s*(.*)$/.exec(line);
  if (!match) return false;
  const [, word, rest] = match;
  if (word === 'endif' || word === 'else') {
    const last = conditions.length > depth ? conditions.pop() : undefined;
    if (word === 'endif') return true;
    const next = /^(ifeq|ifneq|ifdef|ifndef)\b\s*(.*)$/.exec(rest);
    if (next) conditions.push(condition(next[1], next[2]));
    else if (last) conditions.push({ text: `else of ${last.text}`, symbol: last.symbol && { ...last.symbol, equal: !last.symbol.equal } });
    else return true;
    return true;
  }
  conditions.push(condition(word, rest));
  return true;
}

function condition(word: string, rest: string): KbuildCondition {
  const text = `${word} ${rest.trim()}`;
  const equal = word === 'ifeq' || word === 'ifdef';
  if (word === 'ifdef' || word === 'ifndef') {
    const name = /^(CONFIG_\w+)\s*$/.exec(rest.trim())?.[1];
    return { text, symbol: name ? { name, value: 'on', equal } : null };
  }
  const sides = /^\(\s*(.*?)\s*,\s*(.*?)\s*\)\s*$/.exec(rest) ?? /^["'](.*?)["']\s+["'](.*?)["']\s*$/.exec(rest);
  if (!sides) return { text, symbol: null };
  const symbolOf = (side: string): string | undefined => /^\$[({](CONFIG_\w+)[)}]$/.exec(side)?.[1];
  const left = symbolOf(sides[1]);
  const right = symbolOf(sides[2]);
  if (left && !right && /^\w*$/.test(sides[2])) return { text, symbol: { name: left, value: sides[2], equal } };
  if (right && !left && /^\w*$/.test(sides[1])) return { text, symbol: { name: right, value: sides[1], equal } };
  return { text, symbol: null };
}

function splitName(name: string, variables: ReadonlyMap<string, string>): { stem: string; selector: string } {
  const computed = /^(.+)-\$[({](.*)[)}]$/.exec(name);
  if (computed) return { stem: expand(computed[1], variables).trim(), selector: /CONFIG_\w+/.exec(computed[2])?.[0] ?? '?' };
  const plain = /^(.+)-(y|m|objs)$/.exec(name);
  if (plain) return { stem: expand(plain[1], variables).trim(), selector: plain[2] };
  return { stem: expand(name, variables).trim(), selector: '' };
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

/** Expands `$(name)` and the functions that Kbuild files use to build lists. What is unknown becomes nothing. */
function expand(text: string, variables: ReadonlyMap<string, string>, depth = 0): string {
  if (depth > MAXIMUM_DEPTH || !text.includes('$')) return text;
  let out = '';
  for (let i = 0; i < text.length && out.length < MAXIMUM_EXPANSION; i++) {
    if (text[i] !== '$') {
      out += text[i];
      continue;
    }
    const open = text[i + 1];
    if (open !== '(' && open !== '{') {
      i++;
      continue;
    }
    const close = closing(text, i + 1, open);
    if (close < 0) return out;
    out += evaluate(text.slice(i + 2, close), variables, depth + 1);
    i = close;
  }
  return out;
}

function closing(text: string, start: number, open: string): number {
  const close = open === '(' ? ')' : '}';
  for (let i = start, level = 0; i < text.length; i++) {
    if (text[i] === open) level++;
    else if (text[i] === close && --level === 0) return i;
  }
  return -1;
}

function evaluate(inner: string, variables: ReadonlyMap<string, string>, depth: number): string {
  const call =
    /^(addprefix|addsuffix|strip|sort|patsubst|subst|filter|filter-out|if|foreach|call|shell|wildcard|notdir|dir|basename|abspath|realpath)\s+(.*)$/s.exec(
      inner,
    );
  if (!call) {
    const substitution = /^([\w.-]+):([^=]*)=(.*)$/.exec(inner);
    if (substitution)
      return patternSubstitute(substitution[2], substitution[3], expand(variables.get(substitution[1]) ?? '', variables, depth));
    const name = expand(inner, variables, depth).trim();
    return expand(variables.get(name) ?? '', variables, depth);
  }
  const parts = topLevelCommas(call[2]).map((part) => expand(part, variables, depth));
  const list = wordsOf(parts[parts.length - 1] ?? '');
  switch (call[1]) {
    case 'addprefix':
      return list.map((word) => parts[0].trim() + word).join(' ');
    case 'addsuffix':
      return list.map((word) => word + parts[0].trim()).join(' ');
    case 'patsubst':
      return patternSubstitute(parts[0]?.trim() ?? '', parts[1]?.trim() ?? '', parts[2] ?? '');
    case 'subst':
      return parts[0] ? (parts[2] ?? '').split(parts[0]).join(parts[1] ?? '') : '';
    case 'if':
      return parts.slice(1).join(' ');
    case 'strip':
    case 'sort':
    case 'filter':
    case 'abspath':
    case 'realpath':
      return list.join(' ');
    default:
      return '';
  }
}

function patternSubstitute(from: string, to: string, text: string): string {
  return wordsOf(text)
    .map((word) => {
      if (!from.includes('%')) return word.endsWith(from) ? word.slice(0, word.length - from.length) + to : word;
      const [before, after] = from.split('%');
      if (!word.startsWith(before) || !word.endsWith(after) || word.length < before.length + after.length) return word;
      return to.replace('%', word.slice(before.length, word.length - after.length));
    })
    .join(' ');
}

function topLevelCommas(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let i = 0, level = 0; i < text.length; i++) {
    if (text[i] === '(' || text[i] === '{') level++;
    else if (text[i] === ')' || text[i] === '}') level--;
    else if (text[i] === ',' && level === 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

import type { IncludeDirective, MacroDefinition } from './preprocessed';
import { isIdentifierCode } from './tokens';

/** A directive's word and what follows it. */
export interface Directive {
  /** `define`, `if`, …; '' for a lone `#`. */
  word: string;
  /** The rest of the line: comments and continuations taken out, trimmed. */
  rest: string;
}

const enum C {
  Tab = 9,
  Space = 32,
  Open = 40,
  Slash = 47,
  Backslash = 92,
}

/** Takes a directive apart. `text` is from `#` to before the newline. */
export function readDirective(text: string): Directive {
  const clean = withoutComments(text);
  let i = 1;
  while (i < clean.length && clean.charCodeAt(i) <= C.Space) i++;
  const start = i;
  while (i < clean.length && isIdentifierCode(clean.charCodeAt(i))) i++;
  return { word: clean.slice(start, i), rest: clean.slice(i).trim() };
}

/** Joins continued lines and replaces each comment by a blank. */
function withoutComments(text: string): string {
  if (text.indexOf('/') < 0 && text.indexOf('\\') < 0) return text;
  let out = '';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === C.Slash && text[i + 1] === '*') {
      const close = text.indexOf('*/', i + 2);
      out += text.slice(from, i) + ' ';
      from = close < 0 ? text.length : close + 2;
      i = from - 1;
    } else if (c === C.Slash && text[i + 1] === '/') {
      out += text.slice(from, i);
      from = text.length;
      break;
    } else if (c === C.Backslash && (text[i + 1] === '\n' || (text[i + 1] === '\r' && text[i + 2] === '\n'))) {
      out += text.slice(from, i);
      from = i + (text[i + 1] === '\n' ? 2 : 3);
      i = from - 1;
    } else if (c === 34 || c === 39) {
      i = skipLiteral(text, i, c);
    }
  }
  return out + text.slice(from);
}

/** Index of the last character of a string or character literal; an apostrophe in prose ends with its line. */
function skipLiteral(text: string, start: number, quote: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === C.Backslash && text[i + 1] !== '\n' && text[i + 1] !== '\r') i++;
    else if (c === quote) return i;
    else if (c === 10) return start;
  }
  return start;
}

/** Reads `#define REST`; undefined when there is no name. `offset` is where the directive starts in its file. */
export function readDefine(rest: string, directive: string, file: string, offset: number): MacroDefinition | undefined {
  let end = 0;
  while (end < rest.length && isIdentifierCode(rest.charCodeAt(end))) end++;
  if (end === 0) return undefined;
  const name = rest.slice(0, end);
  const at = offset + Math.max(0, directive.indexOf(name, directive.indexOf('define') + 'define'.length));
  if (rest.charCodeAt(end) !== C.Open) return { name, parameters: null, variadic: false, body: rest.slice(end).trim(), file, offset: at };
  const close = rest.indexOf(')', end);
  if (close < 0) return undefined;
  let variadic = false;
  const parameters = rest
    .slice(end + 1, close)
    .split(',')
    .map((parameter) => {
      const trimmed = parameter.trim();
      if (!trimmed.endsWith('...')) return trimmed;
      variadic = true;
      return trimmed.slice(0, -3).trim() || '__VA_ARGS__';
    });
  if (parameters.length === 1 && parameters[0] === '') parameters.pop();
  return { name, parameters, variadic, body: rest.slice(close + 1).trim(), file, offset: at };
}

/** The first identifier of a text, for `#undef` and `#ifdef`. */
export function firstName(rest: string): string {
  let end = 0;
  while (end < rest.length && isIdentifierCode(rest.charCodeAt(end))) end++;
  return rest.slice(0, end);
}

/** Reads what follows `#include`; undefined when it is neither quoted nor angled (a macro, or unfinished). */
export function readInclude(rest: string, offset: number): IncludeDirective | undefined {
  const match = /^(?:"([^"]+)"|<([^>]+)>)/.exec(rest);
  return match ? { path: match[1] ?? match[2], angled: match[2] !== undefined, offset } : undefined;
}

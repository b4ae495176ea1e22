import type { MacroDefinition } from './preprocessed';
import { isIdentifierCode, scan, TokenKind } from './tokens';

/** What stands between a token and the one before it. */
export const enum Gap {
  /** Nothing, in one source: `-` and `>` of `->`. Written without a blank. */
  Glued = 0,
  /** White space or a comment. */
  Blank = 1,
  /** The tokens met through an expansion; a blank is written where C would otherwise read one token. */
  Seam = 2,
}

/** The macros that a token may no longer be replaced by, as a list that shares its tail. */
export interface HideSet {
  readonly name: string;
  readonly next: HideSet | null;
  readonly size: number;
}

/** A token on its way through macro expansion. A class, because these are made by the million: object literals with spreads are several times slower. */
export class MacroToken {
  constructor(
    readonly text: string,
    readonly kind: TokenKind,
    readonly gap: Gap,
    /** Offset in the file: its own when `exact`, else that of the macro use it came from. */
    readonly origin: number,
    readonly exact: boolean,
    readonly hidden: HideSet | null,
  ) {}

  withGap(gap: Gap): MacroToken {
    return gap === this.gap ? this : new MacroToken(this.text, this.kind, gap, this.origin, this.exact, this.hidden);
  }

  withHidden(hidden: HideSet | null): MacroToken {
    return hidden === this.hidden ? this : new MacroToken(this.text, this.kind, this.gap, this.origin, this.exact, hidden);
  }
}

/** One element of a macro's replacement list; `#` and `##` have become flags. */
export interface BodyItem {
  text: string;
  kind: TokenKind;
  gap: Gap;
  /** Index of the parameter that the element names, or -1. */
  parameter: number;
  /** `#` stands before it. */
  stringify: boolean;
  /** `##` stands before it. */
  pasteLeft: boolean;
  /** `##` stands after it. */
  pasteRight: boolean;
  /** The content of `__VA_OPT__(…)`, when the element is one. */
  optional: BodyItem[] | null;
}

export function hides(set: HideSet | null, name: string): boolean {
  for (let s = set; s; s = s.next) if (s.name === name) return true;
  return false;
}

export function hide(set: HideSet | null, name: string): HideSet {
  return { name, next: set, size: (set?.size ?? 0) + 1 };
}

export function uniteHideSets(a: HideSet | null, b: HideSet | null): HideSet | null {
  if (a === b || !b) return a;
  if (!a) return b;
  let united = a;
  for (let s: HideSet | null = b; s; s = s.next) if (!hides(united, s.name)) united = hide(united, s.name);
  return united;
}

export function intersectHideSets(a: HideSet | null, b: HideSet | null): HideSet | null {
  if (a === b) return a;
  let common: HideSet | null = null;
  for (let s = a; s; s = s.next) if (hides(b, s.name)) common = hide(common, s.name);
  return common;
}

/** Tokens of a text without directives (a macro's body, a condition), all with one origin. */
export function tokensOfText(text: string, origin: number): MacroToken[] {
  // The scanner would take a leading `#` for a directive.
  const source = '0 ' + text;
  const tokens = scan(source);
  const list: MacroToken[] = [];
  for (let i = 1; i < tokens.count; i++) {
    const gap = i > 1 && tokens.start[i] === tokens.end[i - 1] ? Gap.Glued : Gap.Blank;
    list.push(new MacroToken(source.slice(tokens.start[i], tokens.end[i]), tokens.kind[i], gap, origin, false, null));
  }
  return list;
}

/** Splits a macro's replacement text into elements. */
export function parseBody(definition: MacroDefinition): BodyItem[] {
  return itemsOf(tokensOfText(definition.body, 0), definition);
}

function itemsOf(tokens: readonly MacroToken[], definition: MacroDefinition): BodyItem[] {
  const { parameters, variadic } = definition;
  const items: BodyItem[] = [];
  let paste = false;
  let stringify = false;
  let gap = Gap.Blank;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token.text === '#' && tokens[i + 1]?.text === '#' && tokens[i + 1].gap === Gap.Glued) {
      const left = items.at(-1);
      if (left) left.pasteRight = paste = true;
      i++;
      continue;
    }
    const parameter = token.kind === TokenKind.Identifier && parameters ? parameters.indexOf(token.text) : -1;
    if (token.text === '#' && parameters && isOperand(tokens[i + 1], parameters, variadic)) {
      stringify = true;
      gap = token.gap;
      continue;
    }
    let optional: BodyItem[] | null = null;
    if (token.text === '__VA_OPT__' && variadic && tokens[i + 1]?.text === '(') {
      const close = closingParenthesis(tokens, i + 1);
      if (close > 0) {
        optional = itemsOf(tokens.slice(i + 2, close), definition);
        i = close;
      }
    }
    items.push({
      text: token.text,
      kind: token.kind,
      gap: stringify ? gap : token.gap,
      parameter,
      stringify,
      pasteLeft: paste,
      pasteRight: false,
      optional,
    });
    paste = stringify = false;
  }
  return items;
}

function isOperand(token: MacroToken | undefined, parameters: readonly string[], variadic: boolean): boolean {
  return (
    token !== undefined &&
    token.kind === TokenKind.Identifier &&
    (parameters.includes(token.text) || (variadic && token.text === '__VA_OPT__'))
  );
}

function closingParenthesis(tokens: readonly MacroToken[], open: number): number {
  for (let i = open, level = 0; i < tokens.length; i++) {
    if (tokens[i].text === '(') level++;
    else if (tokens[i].text === ')' && --level === 0) return i;
  }
  return -1;
}

const OPERATORS = new Set([...'+-*/<>=&|!%^.#:~?'].map((c) => c.charCodeAt(0)));

/** Whether C might read the characters on both sides of a seam as one token. Says yes too often rather than too seldom. */
export function needsBlank(before: number, after: number): boolean {
  if (isIdentifierCode(before))
    return isIdentifierCode(after) || after === 34 || after === 39 || (after === 46 && before >= 48 && before <= 57);
  if (before === 46 && after >= 48 && after <= 57) return true;
  return OPERATORS.has(before) && OPERATORS.has(after);
}

import { Gap, type BodyItem } from './macrosTokens';
import { TokenKind } from './tokens';

/** What is known about a driver macro that a body names; undefined where the name is no driver macro. */
export type MacroKnowledge = (name: string) => { parameters: boolean; constant: boolean } | undefined;

/** As enumerators and the kernel's constants are written. */
const UPPER_CASE = /^_*[A-Z][A-Z0-9_]*$/;
/** Type words as they stand in casts of constants. */
const TYPE_WORD =
  /^(?:unsigned|signed|int|long|short|char|bool|void|const|volatile|_Bool|__force|__iomem|__user|__u?(?:8|16|32|64)|[us](?:8|16|32|64)|__[us](?:8|16|32|64)|__[bl]e(?:16|32|64)|u?int|uint|ulong|ushort|\w+_t)$/;

/**
 * Whether a macro's body is a plain constant expression: numbers, operators, casts, other such macros, names in upper case
 * (enumerators, constants of kernel headers) and calls of upper-case macros on such arguments (`BIT(3)`). Strings, lists,
 * statements, field paths and anything that names a lower-case identifier are not.
 */
export function isPlainConstant(items: readonly BodyItem[], knowledge: MacroKnowledge): boolean {
  let wantOperand = true;
  let questions = 0;
  /** For each open parenthesis, whether it is that of a call. */
  const calls: boolean[] = [];
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    if (item.stringify || item.pasteLeft || item.optional) return false;
    if (wantOperand) {
      if (item.parameter >= 0 || item.kind === TokenKind.Number || item.kind === TokenKind.Character) wantOperand = false;
      else if (item.kind === TokenKind.Identifier) {
        const call = items[i + 1]?.text === '(';
        if (!isConstantName(item.text, call, knowledge)) return false;
        if (call) {
          calls.push(true);
          i++;
          if (items[i + 1]?.text === ')') return false;
        } else wantOperand = false;
      } else if (item.text === '(') {
        const close = castEnd(items, i);
        if (close > 0) i = close;
        else calls.push(false);
      } else if (!'+-~!'.includes(item.text) || item.kind !== TokenKind.Punctuator) return false;
    } else if (item.kind !== TokenKind.Punctuator) return false;
    else if (item.text === ')') {
      if (calls.pop() === undefined) return false;
    } else if (item.text === ',') {
      if (!calls.at(-1)) return false;
      wantOperand = true;
    } else {
      const length = binaryOperator(items, i);
      if (length === 0) return false;
      if (item.text === '?') questions++;
      if (item.text === ':' && questions-- === 0) return false;
      i += length - 1;
      wantOperand = true;
    }
  }
  return items.length > 0 && !wantOperand && calls.length === 0 && questions === 0;
}

function isConstantName(name: string, call: boolean, knowledge: MacroKnowledge): boolean {
  const macro = knowledge(name);
  if (macro) return macro.constant && macro.parameters === call;
  return UPPER_CASE.test(name) || (!call && (name === 'true' || name === 'false'));
}

/** Index of the `)` of a cast that opens at `open`, or -1. */
function castEnd(items: readonly BodyItem[], open: number): number {
  let i = open + 1;
  while (i < items.length && items[i].kind === TokenKind.Identifier && TYPE_WORD.test(items[i].text)) i++;
  if (i === open + 1) return -1;
  while (items[i]?.text === '*') i++;
  return items[i]?.text === ')' ? i : -1;
}

/** Number of tokens of the binary operator at `i` (`<<` is two), 0 when there is none or it assigns. */
function binaryOperator(items: readonly BodyItem[], i: number): number {
  const text = items[i].text;
  const next = items[i + 1]?.gap === Gap.Glued ? items[i + 1].text : '';
  if (text === '=' || text === '!') return next === '=' ? 2 : 0;
  if (text === '<' || text === '>') {
    if (next === '=') return 2;
    if (next !== text) return 1;
    return items[i + 2]?.text === '=' && items[i + 2].gap === Gap.Glued ? 0 : 2;
  }
  if (text === '&' || text === '|') return next === text ? 2 : next === '=' ? 0 : 1;
  if ('+-*/%^'.includes(text))
    return next === '=' || (next === text && (text === '+' || text === '-')) || (text === '-' && next === '>') ? 0 : 1;
  return text === '?' || text === ':' ? 1 : 0;
}

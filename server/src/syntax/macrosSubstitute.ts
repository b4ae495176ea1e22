import { Gap, intersectHideSets, type BodyItem, type MacroToken } from './macrosTokens';
import { TokenKind } from './tokens';

/** One argument of a macro call: as written, and expanded on its own when that is asked for. */
export interface MacroArgument {
  readonly raw: readonly MacroToken[];
  /** Variable arguments that the call does not have, not even as an empty text behind a comma. */
  readonly omitted: boolean;
  expanded(): readonly MacroToken[];
}

/**
 * The replacement of one macro use: parameters replaced, `#`, `##`, `__VA_OPT__` and `, ## arguments` carried out.
 * Tokens of the body get the origin of the use. The result is not rescanned yet.
 * @param variadic index of the variadic parameter, or -1
 */
export function substitute(items: readonly BodyItem[], argumentList: readonly MacroArgument[], variadic: number, use: MacroToken): MacroToken[] {
  const out: MacroToken[] = [];
  /** Where the operands of the current chain of `##` begin in `out`: an empty left operand has put nothing there. */
  let chain = 0;
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    const replacement = replace(item, argumentList, variadic, use);
    if (!item.pasteLeft) {
      chain = out.length;
      append(out, replacement, gapBefore(items, i));
    } else if (item.parameter >= 0 && item.parameter === variadic && items[i - 1].text === ',' && items[i - 1].parameter < 0) {
      // GNU: the comma goes when the call leaves the variable arguments out; else nothing is pasted.
      if (argumentList[variadic].omitted) out.pop();
      else append(out, replacement, Gap.Blank);
    } else if (out.length > chain && replacement.length > 0) {
      const left = out.pop() as MacroToken;
      out.push(...paste(left, replacement[0], use));
      for (let k = 1; k < replacement.length; k++) out.push(replacement[k]);
    } else {
      append(out, replacement, gapBefore(items, i));
    }
  }
  return out;
}

/** The gap before an element's replacement: what was glued to a parameter is not glued to what the parameter has become. */
function gapBefore(items: readonly BodyItem[], i: number): Gap {
  const substituted = (item: BodyItem | undefined): boolean => item !== undefined && (item.parameter >= 0 || item.optional !== null);
  return items[i].gap === Gap.Glued && (substituted(items[i]) || substituted(items[i - 1])) ? Gap.Seam : items[i].gap;
}

function append(out: MacroToken[], tokens: readonly MacroToken[], gap: Gap): void {
  for (let k = 0; k < tokens.length; k++) out.push(k === 0 && tokens[0].gap !== gap ? { ...tokens[0], gap } : tokens[k]);
}

function replace(item: BodyItem, argumentList: readonly MacroArgument[], variadic: number, use: MacroToken): readonly MacroToken[] {
  const token = (text: string, kind: TokenKind): MacroToken => ({ text, kind, gap: item.gap, origin: use.origin, exact: false, hidden: null });
  if (item.optional) {
    const present = variadic >= 0 && argumentList[variadic].expanded().length > 0;
    const inner = present ? substitute(item.optional, argumentList, variadic, use) : [];
    return item.stringify ? [token(spell(inner), TokenKind.String)] : inner;
  }
  if (item.parameter < 0) return [token(item.text, item.kind)];
  const argument = argumentList[item.parameter];
  if (item.stringify) return [token(spell(argument.raw), TokenKind.String)];
  return item.pasteLeft || item.pasteRight ? argument.raw : argument.expanded();
}

/** `##`: one token where the two make an identifier or a number, else the two without a gap (`-` and `>` are two tokens here anyway). */
function paste(left: MacroToken, right: MacroToken, use: MacroToken): MacroToken[] {
  const word = (token: MacroToken): boolean => token.kind === TokenKind.Identifier || token.kind === TokenKind.Number;
  if (word(left) && word(right)) {
    return [{ text: left.text + right.text, kind: left.kind, gap: left.gap, origin: use.origin, exact: false, hidden: intersectHideSets(left.hidden, right.hidden) }];
  }
  return [left, { ...right, gap: Gap.Glued }];
}

/** `#`: the tokens as a string literal. */
function spell(tokens: readonly MacroToken[]): string {
  let text = '"';
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (i > 0 && token.gap === Gap.Blank) text += ' ';
    text += token.kind === TokenKind.String || token.kind === TokenKind.Character ? token.text.replace(/[\\"]/g, '\\$&') : token.text;
  }
  return text + '"';
}

import { Gap, intersectHideSets, MacroToken, uniteHideSets, type BodyItem, type HideSet } from './macrosTokens';
import { TokenKind } from './tokens';

/** One argument of a macro call: as written, and expanded on its own when that is asked for. */
export interface MacroArgument {
  readonly raw: readonly MacroToken[];
  /** Variable arguments that the call does not have, not even as an empty text behind a comma. */
  readonly omitted: boolean;
  expanded(): readonly MacroToken[];
}

/** What one substitution is about. */
interface Use {
  readonly argumentList: readonly MacroArgument[];
  /** Index of the variadic parameter, or -1. */
  readonly variadic: number;
  readonly origin: number;
  /** Macros that the result may no longer be replaced by, beside those that its tokens bring along. */
  readonly hidden: HideSet;
}

/**
 * The replacement of one macro use: parameters replaced, `#`, `##`, `__VA_OPT__` and `, ## arguments` carried out.
 * Tokens of the body get the origin of the use. The result is not rescanned yet.
 */
export function substitute(items: readonly BodyItem[], use: Use): MacroToken[] {
  const out: MacroToken[] = [];
  const add = new Adder(out, use.hidden);
  /** Where the operands of the current chain of `##` begin in `out`: an empty left operand has put nothing there. */
  let chain = 0;
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    if (!item.pasteLeft) chain = out.length;
    if (item.parameter < 0 && !item.optional && !item.pasteLeft) {
      // By far the most frequent case: text of the body.
      out.push(new MacroToken(item.text, item.kind, gapBefore(items, i), use.origin, false, use.hidden));
      continue;
    }
    const replacement = replace(item, use);
    if (!item.pasteLeft) {
      add.all(replacement, gapBefore(items, i));
    } else if (item.parameter >= 0 && item.parameter === use.variadic && items[i - 1].text === ',' && items[i - 1].parameter < 0) {
      // GNU: the comma goes when the call leaves the variable arguments out; else nothing is pasted.
      if (use.argumentList[use.variadic].omitted) out.pop();
      else add.all(replacement, Gap.Blank);
    } else if (out.length > chain && replacement.length > 0) {
      const left = out.pop() as MacroToken;
      out.push(...paste(left, replacement[0], use));
      add.all(replacement.slice(1));
    } else {
      add.all(replacement, gapBefore(items, i));
    }
  }
  return out;
}

/** Appends tokens of arguments with a hide set united with their own; neighbours mostly have the same. */
class Adder {
  private from: HideSet | null = null;
  private united: HideSet | null;

  constructor(
    private readonly out: MacroToken[],
    private readonly hidden: HideSet,
  ) {
    this.united = hidden;
  }

  all(tokens: readonly MacroToken[], gap?: Gap): void {
    for (let k = 0; k < tokens.length; k++) {
      let token = tokens[k];
      // Only names are asked for their hide sets, and the parenthesis that closes a call.
      if (token.kind === TokenKind.Identifier || token.text === ')') {
        if (token.hidden !== this.from) {
          this.from = token.hidden;
          this.united = uniteHideSets(token.hidden, this.hidden);
        }
        token = token.withHidden(this.united);
      }
      this.out.push(k === 0 && gap !== undefined ? token.withGap(gap) : token);
    }
  }
}

/** The gap before an element's replacement: what was glued to a parameter is not glued to what the parameter has become. */
function gapBefore(items: readonly BodyItem[], i: number): Gap {
  if (items[i].gap !== Gap.Glued) return items[i].gap;
  return isSubstituted(items[i]) || (i > 0 && isSubstituted(items[i - 1])) ? Gap.Seam : Gap.Glued;
}

function isSubstituted(item: BodyItem): boolean {
  return item.parameter >= 0 || item.optional !== null;
}

function replace(item: BodyItem, use: Use): readonly MacroToken[] {
  const token = (text: string, kind: TokenKind): MacroToken => new MacroToken(text, kind, item.gap, use.origin, false, use.hidden);
  if (item.optional) {
    const present = use.variadic >= 0 && use.argumentList[use.variadic].expanded().length > 0;
    const inner = present ? substitute(item.optional, use) : [];
    return item.stringify ? [token(spell(inner), TokenKind.String)] : inner;
  }
  if (item.parameter < 0) return [token(item.text, item.kind)];
  const argument = use.argumentList[item.parameter];
  if (item.stringify) return [token(spell(argument.raw), TokenKind.String)];
  return item.pasteLeft || item.pasteRight ? argument.raw : argument.expanded();
}

/** `##`: one token where the two make an identifier or a number, else the two without a gap (`-` and `>` are two tokens here anyway). */
function paste(left: MacroToken, right: MacroToken, use: Use): MacroToken[] {
  const word = (token: MacroToken): boolean => token.kind === TokenKind.Identifier || token.kind === TokenKind.Number;
  if (!word(left) || !word(right)) return [left, right.withGap(Gap.Glued).withHidden(uniteHideSets(right.hidden, use.hidden))];
  const hidden = uniteHideSets(intersectHideSets(left.hidden, right.hidden), use.hidden);
  return [new MacroToken(left.text + right.text, left.kind, left.gap, use.origin, false, hidden)];
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

/** Macro expansion by name lookup, for constant expressions and for slices of headers. */
import { Expander } from '../syntax/macrosExpand';
import type { Macro } from '../syntax/macrosTable';
import { Gap, needsBlank, parseBody, tokensOfText, type MacroToken } from '../syntax/macrosTokens';
import type { MacroSummary } from './types';

/** The macro that a name stands for at this place; undefined leaves the name as it is. */
export type MacroLookup = (name: string) => MacroSummary | undefined;

/** Characters that one expansion may produce on its way. Beyond it the text is no constant or record that a person wrote. */
const BUDGET = 1 << 18;

/** The tokens of `text` after all macros that `lookup` knows are replaced; null when that does not end. */
export function expandMacros(text: string, lookup: MacroLookup): MacroToken[] | null {
  return expandTokens(tokensOfText(text, 0), lookup);
}

/** The same for tokens at hand; those that hide their own name stay. */
export function expandTokens(tokens: readonly MacroToken[], lookup: MacroLookup): MacroToken[] | null {
  const macros = new Map<string, Macro | undefined>();
  const find = (name: string): Macro | undefined => {
    if (macros.has(name)) return macros.get(name);
    const summary = lookup(name);
    const macro = summary && asMacro(summary);
    macros.set(name, macro);
    return macro;
  };
  const host = {
    find,
    itemsOf: (macro: Macro) => (macro.items ??= parseBody(macro.definition)),
    keepsName: () => false,
    problem: () => undefined,
  };
  return new Expander(host, { left: BUDGET }).expandList(tokens) ?? null;
}

/** The tokens as text, with blanks where they were or where C needs one. */
export function spellTokens(tokens: readonly MacroToken[]): string {
  let text = '';
  for (const token of tokens) {
    const isApart =
      token.gap === Gap.Blank || (token.gap === Gap.Seam && needsBlank(text.charCodeAt(text.length - 1), token.text.charCodeAt(0)));
    if (text !== '' && isApart) text += ' ';
    text += token.text;
  }
  return text;
}

function asMacro(summary: MacroSummary): Macro {
  const { name, parameters, body, place } = summary;
  return {
    definition: { name, parameters, variadic: summary.variadic ?? false, body, file: place.file, offset: place.offset },
    items: null,
    constant: false,
    decidedAt: -1,
    since: 0,
  };
}

/** Cuts one declaration out of a header: what is switched off is left out, macros that stand for C are expanded. */
import { Gap, hide, type MacroToken } from '../syntax/macrosTokens';
import type { Dialect } from '../syntax/marks';
import { scan, TokenKind } from '../syntax/tokens';
import { expandTokens, spellTokens } from './constantsMacros';
import { branchAt, type HeaderText } from './headerReaderConditionals';
import type { HeaderMacros } from './headerReaderMacros';
import type { MacroSummary } from './types';

export interface SliceOptions {
  macros: HeaderMacros;
  dialect: Dialect;
}

/** Tokens of one declaration; more is no declaration but a text that lost a brace. */
const TOKEN_LIMIT = 60_000;
const FIRST_WINDOW = 4096;

/** Attribute macros that change a layout are expanded, however the attribute is spelled; all others keep their kernel name. */
const LAYOUT_ATTRIBUTE = /aligned|packed/i;
const word = (name: string, body: string): [string, MacroSummary] => [name, { name, parameters: null, body, place: { file: '', offset: 0 } }];
/** Second spellings of words of C that the grammar does not know. */
const COMPILER_WORDS: ReadonlyMap<string, MacroSummary> = new Map([word('__signed__', 'signed'), word('__signed', 'signed'), word('__volatile__', 'volatile'), word('__const', 'const')]);
/** Names that are macros in practice: reserved, upper case, or a type's. Other names are members and parameters more often than macros. */
const MACRO_LIKE = /^_|[A-Z]|_t$/;

/**
 * The text of the declaration that starts at `offset`, up to its `;`. With `prototype` a function's body is left out.
 * `name` is the name that is declared: it is never expanded. null when no end is found or the macros cannot be expanded.
 */
export function declarationSlice(header: HeaderText, offset: number, name: string, prototype: boolean, options: SliceOptions): string | null {
  const tokens = declarationTokens(header, offset, prototype, options.macros);
  if (!tokens) return null;
  const lookup = (word: string): MacroSummary | undefined => COMPILER_WORDS.get(word) ?? expandable(word, options.macros.macroAt(word, header, offset), options.dialect);
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i].kind !== TokenKind.Identifier) continue;
    if (tokens[i].text === name || isNoMacroHere(tokens, i, lookup)) tokens[i] = { ...tokens[i], hidden: hide(null, tokens[i].text) };
  }
  const expanded = expandTokens(tokens, lookup);
  return expanded && spellTokens(expanded);
}

function declarationTokens(header: HeaderText, offset: number, prototype: boolean, macros: HeaderMacros): MacroToken[] | null {
  for (let window = FIRST_WINDOW; ; window *= 8) {
    const end = Math.min(offset + window, header.text.length);
    const found = tokensUpTo(header, offset, end, prototype, macros);
    if (found.complete) return found.tokens;
    if (end === header.text.length || found.tokens.length > TOKEN_LIMIT) return null;
  }
}

function tokensUpTo(header: HeaderText, offset: number, end: number, prototype: boolean, macros: HeaderMacros): { tokens: MacroToken[]; complete: boolean } {
  const text = header.text.slice(offset, end);
  const scanned = scan(text);
  const tokens: MacroToken[] = [];
  let depth = 0;
  let active = true;
  let previousEnd = -1;
  const push = (start: number, stop: number, kind: TokenKind): void => {
    tokens.push({ text: text.slice(start, stop), kind, gap: start === previousEnd ? Gap.Glued : Gap.Blank, origin: 0, exact: false, hidden: null });
    previousEnd = stop;
  };
  for (let i = 0; i < scanned.count; i++) {
    const kind = scanned.kind[i] as TokenKind;
    if (kind === TokenKind.Directive) {
      active = macros.isBranchActive(header, branchAt(header, offset + scanned.start[i]));
      continue;
    }
    if (!active) continue;
    const code = kind === TokenKind.Punctuator ? text.charCodeAt(scanned.start[i]) : 0;
    if (code === 123 && depth === 0 && prototype) {
      tokens.push({ text: ';', kind: TokenKind.Punctuator, gap: Gap.Glued, origin: 0, exact: false, hidden: null });
      return { tokens, complete: true };
    }
    if (code === 40 || code === 91 || code === 123) depth++;
    else if (code === 41 || code === 93 || code === 125) depth--;
    push(scanned.start[i], scanned.end[i], kind);
    if (depth < 0) return { tokens: [], complete: true };
    if (code === 59 && depth === 0) return { tokens, complete: true };
  }
  return { tokens, complete: false };
}

const SINGLE_WORD = /^[A-Za-z_]\w*$/;
const ATTRIBUTE_BODY = /^(__attribute__\b.*|_\w*|)$/s;

/**
 * The tokens of a slice that are not replaced although some header has a macro of their name, because that header is not included here:
 * tags and the names that are declared (`__u8 CDB[16]`), and lower-case names before punctuation. Another name for a name is a macro
 * even there (`#define rcu_head callback_head`), and so is an attribute behind the declared name.
 */
function isNoMacroHere(tokens: readonly MacroToken[], i: number, lookup: (word: string) => MacroSummary | undefined): boolean {
  const before = tokens[i - 1];
  const after = tokens[i + 1]?.text;
  const isTag = before?.text === 'struct' || before?.text === 'union' || before?.text === 'enum';
  const isBeforePunctuation = after === ';' || after === ',' || after === '[' || after === ':' || after === ')' || after === '=';
  if (!isTag && !isBeforePunctuation) return false;
  const macro = lookup(tokens[i].text);
  if (!macro || macro.parameters) return false;
  const isMacroLike = MACRO_LIKE.test(tokens[i].text);
  if (isTag) return !SINGLE_WORD.test(macro.body);
  const isDeclared = before !== undefined && (before.kind === TokenKind.Identifier || before.text === '*');
  if (isDeclared) return isMacroLike ? !ATTRIBUTE_BODY.test(macro.body) : !SINGLE_WORD.test(macro.body);
  return !isMacroLike;
}

function expandable(word: string, macro: MacroSummary | undefined, dialect: Dialect): MacroSummary | undefined {
  if (!macro || macro.body === word) return undefined;
  const isAttribute = dialect.attributes.has(word) || dialect.attributesWithArguments.has(word);
  return isAttribute && !LAYOUT_ATTRIBUTE.test(macro.body) ? undefined : macro;
}

/** Cuts one declaration out of a header: what is switched off is left out, macros that stand for C are expanded. */
import { Gap, hide, MacroToken } from '../syntax/macrosTokens';
import type { Dialect } from '../syntax/marks';
import { scan, TokenKind } from '../syntax/tokens';
import { BUILTIN_MACROS } from './constantsBuiltins';
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
/** Characters that are scanned for the end of a declaration at first: most are shorter. */
const FIRST_WINDOW = 512;

/** Attribute macros that change a layout are expanded, however the attribute is spelled; all others keep their kernel name. */
const LAYOUT_ATTRIBUTE = /aligned|packed/i;
const word = (name: string, body: string): [string, MacroSummary] => [
  name,
  { name, parameters: null, body, place: { file: '', offset: 0 } },
];
/** Second spellings of words of C that the grammar does not know. */
const COMPILER_WORDS: ReadonlyMap<string, MacroSummary> = new Map([
  word('__signed__', 'signed'),
  word('__signed', 'signed'),
  word('__volatile__', 'volatile'),
  word('__const', 'const'),
]);
/** Names that are macros in practice: reserved, upper case, or a type's. Other names are members and parameters more often than macros. */
const MACRO_LIKE = /^_|[A-Z]|_t$/;

/**
 * The text of the declaration that starts at `offset`, up to its `;`. With `prototype` a function's body is left out.
 * `name` is the name that is declared: it is never expanded. null when no end is found or the macros cannot be expanded.
 */
export function declarationSlice(
  header: HeaderText,
  offset: number,
  name: string,
  prototype: boolean,
  options: SliceOptions,
): string | null {
  const tokens = declarationTokens(header, offset, prototype, options.macros);
  if (!tokens) return null;
  const lookup = (word: string): MacroSummary | undefined =>
    COMPILER_WORDS.get(word) ?? expandable(word, options.macros.macroAt(word, header, offset), options.dialect);
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i].kind !== TokenKind.Identifier) continue;
    if (tokens[i].text === name || isNoMacroHere(tokens, i, lookup)) tokens[i] = tokens[i].withHidden(hide(null, tokens[i].text));
  }
  const expanded = expandTokens(tokens, lookup);
  return expanded && spellTokens(repaired(expanded));
}

/** The text that a macro call at file level (`SEQCOUNT_LOCKNAME(…)`) stands for; null when it stands for itself. */
export function macroCallSlice(header: HeaderText, offset: number, options: SliceOptions): string | null {
  const tokens = declarationTokens(header, offset, false, options.macros, true);
  const expanded =
    tokens &&
    expandTokens(
      tokens,
      (name) => COMPILER_WORDS.get(name) ?? expandable(name, options.macros.macroAt(name, header, offset), options.dialect),
    );
  if (!expanded || expanded[0]?.text === tokens[0]?.text) return null;
  return spellTokens(repaired(withoutBodies(expanded))) + ';';
}

/** Function definitions as prototypes: assembler and statement expressions in their bodies are nothing for a declaration. */
function withoutBodies(tokens: readonly MacroToken[]): MacroToken[] {
  const output: MacroToken[] = [];
  let depth = 0;
  let skipFrom = -1;
  for (const token of tokens) {
    const opens = token.text === '{' || token.text === '(';
    if (token.text === '{' && depth === 0 && output.at(-1)?.text === ')') skipFrom = depth;
    if (opens) depth++;
    if (skipFrom < 0) output.push(token);
    if (token.text === '}' || token.text === ')') depth--;
    if (token.text === '}' && depth === skipFrom) {
      output.push(new MacroToken(';', TokenKind.Punctuator, Gap.Glued, 0, false, null));
      skipFrom = -1;
    }
  }
  return output;
}

/** The name that unnamed bit-fields get, as the grammar knows none without. */
export const UNNAMED_BIT_FIELD = '__unnamed_bit_field';

/** Repairs what C allows and the grammar does not. */
function repaired(tokens: readonly MacroToken[]): MacroToken[] {
  const output: MacroToken[] = [];
  /** Words of the member so far; -1 when there is more than words. */
  let words = 0;
  for (const token of tokens) {
    const before = output.at(-1)?.text ?? '';
    // The grammar knows no empty member, which macros without a body leave behind.
    if (token.text === ';' && (before === ';' || before === '{')) continue;
    if (token.text === ':' && ((words > 0 && isTypeOnly(output, words)) || before === ',')) {
      output.push(new MacroToken(UNNAMED_BIT_FIELD, TokenKind.Identifier, Gap.Blank, 0, false, null));
    }
    // Behind a `}` stands the name of a member whose type ends there.
    if (token.text === ';' || token.text === '{') words = 0;
    else words = token.kind === TokenKind.Identifier && words >= 0 ? words + 1 : -1;
    output.push(token);
  }
  return output;
}

const BASIC_WORD = /^(unsigned|signed|int|long|short|char|const|volatile)$/;

function isTypeOnly(tokens: readonly MacroToken[], words: number): boolean {
  return words === 1 || tokens.slice(-words).every((token) => BASIC_WORD.test(token.text));
}

function declarationTokens(
  header: HeaderText,
  offset: number,
  prototype: boolean,
  macros: HeaderMacros,
  call = false,
): MacroToken[] | null {
  for (let window = FIRST_WINDOW; ; window *= 8) {
    const end = Math.min(offset + window, header.text.length);
    const found = tokensUpTo(header, offset, end, prototype, macros, call);
    if (found.complete) return found.tokens;
    if (end === header.text.length || found.tokens.length > TOKEN_LIMIT) return null;
  }
}

function tokensUpTo(
  header: HeaderText,
  offset: number,
  end: number,
  prototype: boolean,
  macros: HeaderMacros,
  call: boolean,
): { tokens: MacroToken[]; complete: boolean } {
  const text = header.text.slice(offset, end);
  const scanned = scan(text);
  const tokens: MacroToken[] = [];
  let depth = 0;
  let active = true;
  let previousEnd = -1;
  const push = (start: number, stop: number, kind: TokenKind): void => {
    tokens.push(new MacroToken(text.slice(start, stop), kind, start === previousEnd ? Gap.Glued : Gap.Blank, 0, false, null));
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
      tokens.push(new MacroToken(';', TokenKind.Punctuator, Gap.Glued, 0, false, null));
      return { tokens, complete: true };
    }
    if (code === 40 || code === 91 || code === 123) depth++;
    else if (code === 41 || code === 93 || code === 125) depth--;
    push(scanned.start[i], scanned.end[i], kind);
    if (depth < 0) return { tokens: [], complete: true };
    if (depth === 0 && (code === 59 || (call && code === 41))) return { tokens, complete: true };
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
  // `tc_gen;` as a whole member.
  const startsMember = before === undefined || before.text === ';' || before.text === '{' || before.text === '}';
  const isTag = before?.text === 'struct' || before?.text === 'union' || before?.text === 'enum';
  const isBeforePunctuation = after === ';' || after === ',' || after === '[' || after === ':' || after === ')' || after === '=';
  if (!isTag && !isBeforePunctuation) return false;
  const macro = lookup(tokens[i].text);
  if (!macro || macro.parameters) return false;
  // `struct SKCIPHER_ALG_COMMON;`, `struct hash_alg_common HASH_ALG_COMMON;`: the macro is the record's body.
  const tag = isTag ? before.text : tokens[i - 2]?.text;
  if ((tag === 'struct' || tag === 'union') && macro.body.startsWith('{')) return false;
  const isMacroLike = MACRO_LIKE.test(tokens[i].text);
  if (isTag) return !SINGLE_WORD.test(macro.body);
  const isDeclared = before !== undefined && (before.kind === TokenKind.Identifier || before.text === '*');
  if (isDeclared) return isMacroLike ? !ATTRIBUTE_BODY.test(macro.body) : !SINGLE_WORD.test(macro.body);
  return !isMacroLike && !(startsMember && after === ';');
}

function expandable(word: string, macro: MacroSummary | undefined, dialect: Dialect): MacroSummary | undefined {
  if (!macro || macro.body === word || BUILTIN_MACROS.has(word)) return undefined;
  const isAttribute = dialect.attributes.has(word) || dialect.attributesWithArguments.has(word);
  return isAttribute && !LAYOUT_ATTRIBUTE.test(macro.body) ? undefined : macro;
}

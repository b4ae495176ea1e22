/** Where the walk over the tokens is: at file scope, among members, enumerators, initializers or statements. */
import { holdsStatements } from './arguments';
import { Code, isWord, type Source } from './source';
import { Word } from './words';

export const enum Context {
  File,
  Members,
  Enumerators,
  Initializer,
  Statements,
}

const ENUM = Code.Identifier + Word.Enum;
const STRUCT = Code.Identifier + Word.Struct;
const UNION = Code.Identifier + Word.Union;

const isRecordWord = (code: number): boolean => code === STRUCT || code === UNION;

/** `enum name : type {`. */
function isTypedEnum(source: Source, brace: number): boolean {
  for (let x = brace - 1; x > brace - 5; x--)
    if (source.code[x] === Code.Colon) return source.code[x - 2] === ENUM || source.code[x - 1] === ENUM;
  return false;
}

/** What the `{` at token `x` opens, seen from the context around it. `parentheses`: how many are open there. */
export function contextOfBrace(source: Source, x: number, around: Context, parentheses: number): Context {
  const { code, match } = source;
  const before = code[x - 1];
  if (isRecordWord(before) || (isWord(before) && isRecordWord(code[x - 2]))) return Context.Members;
  if (before === ENUM || (isWord(before) && (code[x - 2] === ENUM || isTypedEnum(source, x)))) return Context.Enumerators;
  if (before === Code.Equals) return Context.Initializer;
  if (before === Code.OpenParenthesis || before === Code.Comma) {
    if (parentheses === 0) return Context.Initializer;
    const statements = match[x] > 0 && holdsStatements(source, x);
    return statements || (before === Code.OpenParenthesis && !isWord(code[x - 2])) ? Context.Statements : Context.Initializer;
  }
  if (around === Context.Initializer) return Context.Initializer;
  if (before === Code.CloseParenthesis) {
    const head = match[x - 1] > 0 ? code[match[x - 1] - 1] : Code.Nothing;
    // A compound literal follows an operator, a function's body or a block follows a name.
    return (isWord(head) && head !== Code.Identifier + Word.Return && head !== Code.Identifier + Word.Sizeof) ||
      head === Code.CloseParenthesis ||
      head === Code.Nothing
      ? Context.Statements
      : Context.Initializer;
  }
  if (around === Context.File) return before === Code.String ? Context.File : Context.Statements;
  return around;
}

/** The stack of contexts, with the parentheses open in each. */
export class ContextStack {
  current: Context = Context.File;
  parentheses = 0;
  /** The context that the last `}` closed. */
  closed: Context = Context.File;
  private readonly saved: number[] = [];

  enter(context: Context): void {
    this.saved.push(this.current, this.parentheses);
    this.current = context;
    this.parentheses = 0;
  }

  leave(): void {
    this.closed = this.current;
    this.parentheses = this.saved.pop() ?? 0;
    this.current = this.saved.pop() ?? Context.File;
  }
}

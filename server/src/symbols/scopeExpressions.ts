/**
 * Types of the simple expressions that stand in `typeof(…)` and `sizeof(…)`: names, members, dereferences, elements, casts of null pointers.
 * Anything else is UNKNOWN.
 */
import { scan, TokenKind } from '../syntax/tokens';
import { UNKNOWN, type CType, type RecordDeclaration } from './types';

export interface ExpressionScope {
  /** Type of a variable or function name; UNKNOWN for none. */
  typeOfName(name: string): CType;
  /** A type name's type; UNKNOWN when the text is none that exists. */
  typeNamed(text: string): CType;
  resolve(type: CType): CType;
  recordOf(type: CType): RecordDeclaration | undefined;
  memberType(record: RecordDeclaration, name: string): CType;
}

/** The type of an expression's text. */
export function typeOfExpression(text: string, scope: ExpressionScope): CType {
  return new Reader(text, scope).all();
}

class Reader {
  private readonly words: string[] = [];
  private readonly kinds: TokenKind[] = [];
  private at = 0;
  private depth = 0;

  constructor(
    text: string,
    private readonly scope: ExpressionScope,
  ) {
    const tokens = scan(text);
    for (let i = 0; i < tokens.count; i++) {
      this.words.push(text.slice(tokens.start[i], tokens.end[i]));
      this.kinds.push(tokens.kind[i]);
    }
  }

  all(): CType {
    const type = this.unary();
    return this.at === this.words.length ? type : UNKNOWN;
  }

  private unary(): CType {
    if (++this.depth > 50) return UNKNOWN;
    const word = this.words[this.at];
    if (word === '*') {
      this.at++;
      return this.target(this.unary());
    }
    if (word === '&') {
      this.at++;
      const to = this.unary();
      return to.kind === 'unknown' ? UNKNOWN : { kind: 'pointer', to };
    }
    return this.postfix();
  }

  private postfix(): CType {
    let type = this.primary();
    for (;;) {
      const word = this.words[this.at];
      if (word === '-' && this.words[this.at + 1] === '>') {
        type = this.member(this.target(type), this.words[this.at + 2]);
        this.at += 3;
      } else if (word === '.') {
        type = this.member(type, this.words[this.at + 1]);
        this.at += 2;
      } else if (word === '[') {
        type = this.target(type);
        this.at = this.closing(this.at) + 1;
      } else if (word === '(') {
        const called = this.scope.resolve(type);
        const target = called.kind === 'pointer' ? this.scope.resolve(called.to) : called;
        type = target.kind === 'function' ? target.returns : UNKNOWN;
        this.at = this.closing(this.at) + 1;
      } else return type;
    }
  }

  private primary(): CType {
    const word = this.words[this.at];
    if (word === '(') {
      const close = this.closing(this.at);
      const inner = this.words.slice(this.at + 1, close).join(' ');
      const next = this.words[close + 1];
      // A cast if a type stands in the parentheses and an operand follows.
      const named =
        next !== undefined && next !== ')' && next !== '.' && next !== '-' && next !== '[' ? this.scope.typeNamed(inner) : UNKNOWN;
      if (named.kind !== 'unknown') {
        this.at = close + 1;
        this.unary();
        return named;
      }
      this.at++;
      const type = this.unary();
      if (this.at !== close) return this.stop();
      this.at++;
      return type;
    }
    if (this.kinds[this.at] === TokenKind.Identifier) {
      this.at++;
      return this.scope.typeOfName(word);
    }
    if (this.kinds[this.at] === TokenKind.Number && /^(0x[\da-f]+|\d+)$/i.test(word)) {
      this.at++;
      return { kind: 'basic', name: 'int' };
    }
    return this.stop();
  }

  private stop(): CType {
    this.at = this.words.length + 1;
    return UNKNOWN;
  }

  private target(type: CType): CType {
    const resolved = this.scope.resolve(type);
    if (resolved.kind === 'pointer') return resolved.to;
    return resolved.kind === 'array' ? resolved.of : UNKNOWN;
  }

  private member(type: CType, name: string | undefined): CType {
    const record = this.scope.recordOf(type);
    return record && name !== undefined ? this.scope.memberType(record, name) : UNKNOWN;
  }

  private closing(open: number): number {
    let depth = 0;
    for (let k = open; k < this.words.length; k++) {
      if (this.words[k] === '(' || this.words[k] === '[') depth++;
      else if ((this.words[k] === ')' || this.words[k] === ']') && --depth === 0) return k;
    }
    return this.words.length;
  }
}

import type { MacroToken } from './macrosTokens';
import { TokenKind } from './tokens';

/** A value of `#if` arithmetic: 64 bits, as C's widest integers. */
interface Value {
  bits: bigint;
  unsigned: boolean;
}

export interface ExpressionResult {
  value: boolean;
  /** What was wrong with the expression, or null. A wrong expression is false. */
  problem: string | null;
}

const BINARY: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '>', '<=', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];
const PRECEDENCE: ReadonlyMap<string, number> = new Map(
  BINARY.flatMap((operators, level) => operators.map((operator) => [operator, level] as const)),
);
const LONG_OPERATORS: ReadonlySet<string> = new Set(['||', '&&', '==', '!=', '<=', '>=', '<<', '>>']);
const MAXIMUM_NESTING = 200;

/**
 * Evaluates a condition whose macros have been expanded and whose `defined` and `IS_ENABLED` have been decided.
 * Names left over are 0, as in C; so are calls of unknown macros.
 */
export function evaluateExpression(tokens: readonly MacroToken[]): ExpressionResult {
  const parser = new Parser(joinOperators(tokens));
  const value = parser.conditional(0);
  const problem = parser.problem ?? (parser.atEnd ? null : 'the condition has more text than one expression');
  return { value: problem === null && value.bits !== 0n, problem };
}

/** The scanner gives one character at a time: `&` `&` becomes `&&`. */
function joinOperators(tokens: readonly MacroToken[]): { text: string; kind: TokenKind }[] {
  const joined: { text: string; kind: TokenKind }[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const { text, kind } = tokens[i];
    const next = tokens[i + 1];
    if (kind === TokenKind.Punctuator && next?.kind === TokenKind.Punctuator && next.gap === 0 && LONG_OPERATORS.has(text + next.text)) {
      joined.push({ text: text + next.text, kind });
      i++;
    } else joined.push({ text, kind });
  }
  return joined;
}

function numberValue(text: string): Value | null {
  const match = /^(0[xX][0-9a-fA-F]+|0[bB][01]+|[0-9]+)([uUlL]*)$/.exec(text);
  if (!match) return null;
  const octal = /^0[0-7]+$/.test(match[1]);
  const bits = BigInt.asIntN(64, BigInt(octal ? '0o' + match[1].slice(1) : match[1].replace(/^0+(?=\d)/, '')));
  return { bits, unsigned: /[uU]/.test(match[2]) };
}

const ESCAPES: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, a: 7, b: 8, f: 12, v: 11 };

function characterValue(text: string): Value {
  const numeric = /^'\\(x[0-9a-fA-F]+|[0-7]{1,3})'$/.exec(text)?.[1];
  if (numeric) return { bits: BigInt(numeric.startsWith('x') ? '0' + numeric : '0o' + numeric), unsigned: false };
  const code = text[1] === '\\' ? (ESCAPES[text[2]] ?? text.charCodeAt(2)) : text.charCodeAt(1);
  return { bits: BigInt(Number.isNaN(code) ? 0 : code), unsigned: false };
}

/** A shift by a negative count goes the other way, and one by 64 or more leaves the sign: as gcc has it. */
function shift(value: Value, count: bigint, left: boolean): Value {
  if (count < 0n) return shift(value, -count, !left);
  const bits = value.unsigned ? BigInt.asUintN(64, value.bits) : value.bits;
  const distance = count > 64n ? 64n : count;
  return { bits: BigInt.asIntN(64, left ? bits << distance : bits >> distance), unsigned: value.unsigned };
}

const ZERO: Value = { bits: 0n, unsigned: false };

/** Function-like macros of the kernel that are plain arithmetic. */
const ARITHMETIC: ReadonlyMap<string, (values: readonly bigint[]) => bigint> = new Map([
  ['KERNEL_VERSION', ([a = 0n, b = 0n, c = 0n]) => (a << 16n) + (b << 8n) + (c > 255n ? 255n : c)],
  ['BIT', ([n = 0n]) => 1n << (n & 63n)],
  ['BIT_ULL', ([n = 0n]) => 1n << (n & 63n)],
  ['_AC', ([x = 0n]) => x],
  ['UL', ([x = 0n]) => x],
  ['ULL', ([x = 0n]) => x],
  ['_UL', ([x = 0n]) => x],
  ['_ULL', ([x = 0n]) => x],
]);

class Parser {
  problem: string | null = null;
  private at = 0;

  constructor(private readonly tokens: readonly { text: string; kind: TokenKind }[]) {}

  get atEnd(): boolean {
    return this.at >= this.tokens.length;
  }

  conditional(nesting: number): Value {
    const condition = this.binary(0, nesting);
    if (!this.accept('?')) return condition;
    const left = this.conditional(nesting + 1);
    this.expect(':');
    const right = this.conditional(nesting + 1);
    const chosen = condition.bits !== 0n ? left : right;
    return { bits: chosen.bits, unsigned: left.unsigned || right.unsigned };
  }

  private binary(level: number, nesting: number): Value {
    let left = this.unary(nesting);
    for (;;) {
      const operator = this.tokens[this.at]?.text ?? '';
      const precedence = PRECEDENCE.get(operator);
      if (precedence === undefined || precedence < level || this.problem) return left;
      this.at++;
      const right = this.binary(precedence + 1, nesting + 1);
      left = this.apply(operator, left, right);
    }
  }

  private unary(nesting: number): Value {
    if (nesting > MAXIMUM_NESTING) return this.fail('the condition is nested too deeply');
    const token = this.tokens[this.at++];
    if (!token) return this.fail('the condition ends early');
    const { text, kind } = token;
    if (kind === TokenKind.Number) return numberValue(text) ?? this.fail(`${text} is no integer`);
    if (kind === TokenKind.Character) return characterValue(text);
    if (kind === TokenKind.Identifier) return this.name(text, nesting);
    if (text === '(') {
      let value = this.conditional(nesting + 1);
      while (this.accept(',')) value = this.conditional(nesting + 1);
      this.expect(')');
      return value;
    }
    if (text === '+') return this.unary(nesting + 1);
    if (text === '!') return { bits: this.unary(nesting + 1).bits === 0n ? 1n : 0n, unsigned: false };
    if (text === '-' || text === '~') {
      const operand = this.unary(nesting + 1);
      return { bits: BigInt.asIntN(64, text === '-' ? -operand.bits : ~operand.bits), unsigned: operand.unsigned };
    }
    return this.fail(`${text} cannot stand in a condition`);
  }

  private name(name: string, nesting: number): Value {
    if (name === 'true') return { bits: 1n, unsigned: false };
    if (!this.accept('(')) return ZERO;
    const compute = ARITHMETIC.get(name);
    if (!compute) {
      this.skipCall();
      return ZERO;
    }
    const values: bigint[] = [];
    do {
      // The second argument of _AC is a suffix, not a number.
      values.push(name === '_AC' && values.length > 0 ? (this.at++, 0n) : this.conditional(nesting + 1).bits);
    } while (this.accept(','));
    this.expect(')');
    return { bits: BigInt.asIntN(64, compute(values)), unsigned: false };
  }

  private skipCall(): void {
    for (let level = 1; level > 0 && !this.atEnd; this.at++) {
      const { text } = this.tokens[this.at];
      if (text === '(') level++;
      else if (text === ')') level--;
    }
  }

  private apply(operator: string, left: Value, right: Value): Value {
    const unsigned = left.unsigned || right.unsigned;
    const a = unsigned ? BigInt.asUintN(64, left.bits) : left.bits;
    const b = unsigned ? BigInt.asUintN(64, right.bits) : right.bits;
    const truth = (value: boolean): Value => ({ bits: value ? 1n : 0n, unsigned: false });
    const number = (bits: bigint): Value => ({ bits: BigInt.asIntN(64, bits), unsigned });
    switch (operator) {
      case '||':
        return truth(a !== 0n || b !== 0n);
      case '&&':
        return truth(a !== 0n && b !== 0n);
      case '|':
        return number(a | b);
      case '^':
        return number(a ^ b);
      case '&':
        return number(a & b);
      case '==':
        return truth(a === b);
      case '!=':
        return truth(a !== b);
      case '<':
        return truth(a < b);
      case '>':
        return truth(a > b);
      case '<=':
        return truth(a <= b);
      case '>=':
        return truth(a >= b);
      case '<<':
      case '>>':
        return shift(left, right.unsigned ? BigInt.asUintN(64, right.bits) : right.bits, operator === '<<');
      case '+':
        return number(a + b);
      case '-':
        return number(a - b);
      case '*':
        return number(a * b);
      default:
        // C leaves a division by 0 on the side of `&&` that is not evaluated alone; so is it here, with 0.
        return b === 0n ? ZERO : number(operator === '/' ? a / b : a % b);
    }
  }

  private accept(text: string): boolean {
    if (this.tokens[this.at]?.text !== text) return false;
    this.at++;
    return true;
  }

  private expect(text: string): void {
    if (!this.accept(text)) this.fail(`the condition lacks a ${text}`);
  }

  private fail(message: string): Value {
    this.problem ??= message;
    this.at = this.tokens.length;
    return ZERO;
  }
}

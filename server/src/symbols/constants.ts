/** Integer constant expressions: the value that the compiler would compute, or null when that cannot be told. */
import { TokenKind } from '../syntax/tokens';
import { integerOf, type Integer, applyBinary, applyUnary, convert, INT, UNSIGNED_LONG } from './constantsArithmetic';
import { BUILTIN_MACROS } from './constantsBuiltins';
import type { MacroToken } from '../syntax/macrosTokens';
import { expandMacros, type MacroLookup } from './constantsMacros';

/** What names in an expression mean. All members are total. */
export interface ConstantContext {
  /** Macros of the driver and the kernel. */
  macro: MacroLookup;
  /** Value of an enum constant; null when it is one of unknown value, undefined when it is none. */
  enumConstant(name: string): bigint | null | undefined;
  /** Bytes of the type name or of the object expression inside `sizeof(…)`. */
  sizeof(text: string): number | null;
  /** Alignment of a type in bytes. */
  alignof(text: string): number | null;
  /** Byte offset of a member path (`a.b[2].c`) in a type. */
  offsetof(type: string, member: string): number | null;
  /** Size and sign of the integer type that a type name stands for; null for any other type, undefined when the text names no type. */
  integerType(text: string): { size: number; unsigned: boolean } | null | undefined;
  /** `CONFIG_X` as the kernel's configuration has it: `y`, `m`, other text, undefined when off. */
  configuration(name: string): string | undefined;
}

/** Evaluates `text`; null for anything that is no integer constant or that names something unknown. */
export function evaluateConstant(text: string, context: ConstantContext): bigint | null {
  const plain = /^\s*(\d{1,9})\s*$/.exec(text);
  if (plain && (plain[1] === '0' || !plain[1].startsWith('0'))) return BigInt(plain[1]);
  const tokens = expandMacros(text, (name) => (BUILTIN_MACROS.has(name) ? undefined : context.macro(name)));
  if (!tokens || tokens.length === 0) return null;
  try {
    return new ExpressionReader(tokens, context).all().value;
  } catch (error) {
    if (error === NOT_CONSTANT) return null;
    throw error;
  }
}

/** The value as a number; null when it is unknown or too large to be exact. */
export function evaluateNumber(text: string, context: ConstantContext): number | null {
  const value = evaluateConstant(text, context);
  if (value === null) return null;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : null;
}

/** Thrown inside this file only: leaves the recursive descent in one step. */
const NOT_CONSTANT = new Error('not a constant');

function fail(): never {
  throw NOT_CONSTANT;
}

const PRECEDENCE: Readonly<Record<string, number>> = {
  '||': 1,
  '&&': 2,
  '|': 3,
  '^': 4,
  '&': 5,
  '==': 6,
  '!=': 6,
  '<': 7,
  '>': 7,
  '<=': 7,
  '>=': 7,
  '<<': 8,
  '>>': 8,
  '+': 9,
  '-': 9,
  '*': 10,
  '/': 10,
  '%': 10,
};
const TWO_CHARACTERS = new Set(['||', '&&', '==', '!=', '<=', '>=', '<<', '>>']);
const SIZEOF = new Set(['sizeof']);
const ALIGNOF = new Set(['_Alignof', '__alignof__', '__alignof', 'alignof']);
const OFFSETOF = new Set(['offsetof', '__builtin_offsetof']);

class ExpressionReader {
  private at = 0;
  private depth = 0;
  /** Inside the branch that is not taken (`0 && x`, `1 ? a : b`): what is unknown there does not matter. */
  private unevaluated = 0;

  constructor(
    private readonly tokens: readonly MacroToken[],
    private readonly context: ConstantContext,
  ) {}

  all(): Integer {
    const value = this.conditional();
    if (this.at < this.tokens.length) fail();
    return value;
  }

  private conditional(): Integer {
    if (++this.depth > 200) fail();
    const value = this.chosen(this.binary(1));
    this.depth--;
    return value;
  }

  /** The value of `condition ? a : b`, or the condition itself when no `?` follows. */
  private chosen(condition: Integer): Integer {
    if (this.peek() !== '?') return condition;
    this.at++;
    const taken = condition.value !== 0n;
    const first = this.peek() === ':' ? condition : this.guarded(!taken, () => this.conditional());
    this.expect(':');
    const second = this.guarded(taken, () => this.conditional());
    return convert(taken ? first : second, { bits: Math.max(first.bits, second.bits, 32), unsigned: commonUnsigned(first, second) });
  }

  private guarded(skipped: boolean, read: () => Integer): Integer {
    if (skipped) this.unevaluated++;
    const value = read();
    if (skipped) this.unevaluated--;
    return value;
  }

  private binary(minimum: number): Integer {
    let left = this.unary();
    for (;;) {
      const operator = this.operator();
      const precedence = operator === null ? undefined : PRECEDENCE[operator];
      if (operator === null || precedence === undefined || precedence < minimum) return left;
      this.at += operator.length;
      const skip = (operator === '&&' && left.value === 0n) || (operator === '||' && left.value !== 0n);
      const right = this.guarded(skip, () => this.binary(precedence + 1));
      if (skip) left = { value: operator === '&&' ? 0n : 1n, ...INT };
      else left = applyBinary(operator, left, right) ?? (this.unevaluated > 0 ? left : fail());
    }
  }

  /** The operator at hand, one or two characters (each punctuator token is one); null for none. */
  private operator(): string | null {
    const token = this.tokens[this.at];
    if (!token || token.kind !== TokenKind.Punctuator) return null;
    const two = token.text + (this.tokens[this.at + 1]?.text ?? '');
    return TWO_CHARACTERS.has(two) ? two : token.text;
  }

  private unary(): Integer {
    const token = this.tokens[this.at++];
    if (!token || ++this.depth > 400) fail();
    const value = this.unaryOf(token);
    this.depth--;
    return value;
  }

  private unaryOf(token: MacroToken): Integer {
    switch (token.kind) {
      case TokenKind.Number:
      case TokenKind.Character:
        return integerOf(token.text) ?? fail();
      case TokenKind.Identifier:
        return this.name(token.text);
      case TokenKind.Punctuator:
        break;
      default:
        fail();
    }
    if (token.text === '-' || token.text === '+' || token.text === '~' || token.text === '!') return applyUnary(token.text, this.unary());
    if (token.text !== '(') fail();
    const close = this.closing(this.at - 1);
    const cast = this.context.integerType(this.textOf(this.at, close));
    if (cast !== undefined && this.startsOperand(close + 1)) {
      this.at = close + 1;
      const operand = this.unary();
      if (cast === null) return fail();
      return convert(operand, { bits: cast.size * 8, unsigned: cast.unsigned });
    }
    const value = this.conditional();
    this.expect(')');
    return value;
  }

  private name(name: string): Integer {
    if (SIZEOF.has(name) || ALIGNOF.has(name)) return this.sizeof(name);
    if (name === '__extension__') return this.unary();
    if (this.peek() === '(') return this.call(name);
    const value = this.context.enumConstant(name);
    if (value === null || value === undefined) return this.unevaluated > 0 ? { value: 0n, ...INT } : fail();
    // An enum constant is an int unless its value does not fit.
    if (value >= -0x80000000n && value <= 0x7fffffffn) return { value, ...INT };
    return value >= 0n && value <= 0xffffffffn
      ? { value, bits: 32, unsigned: true }
      : { value, bits: 64, unsigned: value > 0x7fffffffffffffffn };
  }

  private sizeof(name: string): Integer {
    if (this.peek() !== '(') fail();
    const close = this.closing(this.at);
    const operand = this.tokens.slice(this.at + 1, close);
    const text = this.textOf(this.at + 1, close);
    this.at = close + 1;
    const size = !SIZEOF.has(name)
      ? this.context.alignof(text)
      : operand.every((t) => t.kind === TokenKind.String)
        ? stringSize(operand)
        : this.context.sizeof(text);
    if (size === null) return this.unevaluated > 0 ? { value: 1n, ...UNSIGNED_LONG } : fail();
    return { value: BigInt(size), ...UNSIGNED_LONG };
  }

  private call(name: string): Integer {
    const open = this.at;
    const close = this.closing(open);
    const ranges = this.argumentRanges(open, close);
    this.at = close + 1;
    if (OFFSETOF.has(name)) {
      if (ranges.length !== 2) fail();
      const offset = this.context.offsetof(this.textOf(...ranges[0]), this.textOf(...ranges[1]));
      return { value: BigInt(offset ?? fail()), ...UNSIGNED_LONG };
    }
    const builtin = BUILTIN_MACROS.get(name);
    if (!builtin) return this.unevaluated > 0 ? { value: 0n, ...INT } : fail();
    const argument = (i: number): Integer => {
      const range = ranges[i];
      if (!range) fail();
      const reader = new ExpressionReader(this.tokens.slice(range[0], range[1]), this.context);
      reader.depth = this.depth + 1;
      reader.unevaluated = this.unevaluated;
      return reader.all();
    };
    const text = (i: number): string => (ranges[i] ? this.textOf(...ranges[i]) : '');
    return builtin({ argument, text, count: ranges.length, context: this.context }) ?? fail();
  }

  private argumentRanges(open: number, close: number): [number, number][] {
    const ranges: [number, number][] = [];
    let from = open + 1;
    let depth = 0;
    for (let k = open + 1; k < close; k++) {
      const text = this.tokens[k].text;
      if (text === '(' || text === '[' || text === '{') depth++;
      else if (text === ')' || text === ']' || text === '}') depth--;
      else if (text === ',' && depth === 0) {
        ranges.push([from, k]);
        from = k + 1;
      }
    }
    if (from < close || ranges.length > 0) ranges.push([from, close]);
    return ranges;
  }

  /** True when what stands at `at` begins an operand, so that a type in parentheses before it is a cast. */
  private startsOperand(at: number): boolean {
    const token = this.tokens[at];
    if (!token) return false;
    return (
      token.kind !== TokenKind.Punctuator ||
      token.text === '(' ||
      token.text === '~' ||
      token.text === '!' ||
      token.text === '-' ||
      token.text === '+'
    );
  }

  private closing(open: number): number {
    let depth = 0;
    for (let k = open; k < this.tokens.length; k++) {
      const text = this.tokens[k].text;
      if (text === '(') depth++;
      else if (text === ')' && --depth === 0) return k;
    }
    return fail();
  }

  private textOf(from: number, to: number): string {
    let text = '';
    for (let k = from; k < to; k++) {
      const token = this.tokens[k];
      const needsSpace = text !== '' && token.kind !== TokenKind.Punctuator && this.tokens[k - 1].kind !== TokenKind.Punctuator;
      text += needsSpace ? ' ' + token.text : token.text;
    }
    return text;
  }

  private peek(): string | undefined {
    return this.tokens[this.at]?.text;
  }

  private expect(text: string): void {
    if (this.peek() !== text) fail();
    this.at++;
  }
}

/** Bytes of adjacent string literals with the final zero; null when there is none. */
function stringSize(literals: readonly MacroToken[]): number | null {
  if (literals.length === 0) return null;
  let size = 1;
  for (const { text } of literals)
    size += new TextEncoder().encode(text.slice(1, -1).replace(/\\(x[0-9a-fA-F]+|[0-7]{1,3}|.)/gs, '.')).length;
  return size;
}

function commonUnsigned(a: Integer, b: Integer): boolean {
  return (a.unsigned && a.bits >= b.bits && a.bits >= 32) || (b.unsigned && b.bits >= a.bits && b.bits >= 32);
}

/** C integers of 8 to 64 bits: literals, conversions and operators as the compiler computes them (LP64: `long` has 64 bits). */

export interface IntegerType {
  bits: number;
  unsigned: boolean;
}

export interface Integer extends IntegerType {
  value: bigint;
}

export const INT: IntegerType = { bits: 32, unsigned: false };
export const UNSIGNED_LONG: IntegerType = { bits: 64, unsigned: true };

/** The value wrapped into a type. */
export function convert(integer: Integer, type: IntegerType): Integer {
  const value = type.unsigned ? BigInt.asUintN(type.bits, integer.value) : BigInt.asIntN(type.bits, integer.value);
  return { value, bits: type.bits, unsigned: type.unsigned };
}

const ESCAPES: Readonly<Record<string, number>> = {
  n: 10,
  t: 9,
  r: 13,
  b: 8,
  f: 12,
  v: 11,
  a: 7,
  e: 27,
  '\\': 92,
  "'": 39,
  '"': 34,
  '?': 63,
};

/** Value and type of an integer or character literal; undefined for anything else (floating literals among them). */
export function integerOf(text: string): Integer | undefined {
  if (text.startsWith("'")) return characterOf(text);
  const match = /^(0[xX][0-9a-fA-F]+|0[bB][01]+|[0-9]+)([uUlLzZ]*)$/.exec(text);
  if (!match) return undefined;
  const digits = match[1];
  const isOctal = /^0[0-7]+$/.test(digits);
  if (!isOctal && /^0[0-9]/.test(digits)) return undefined;
  const value = BigInt(isOctal ? '0o' + digits.slice(1) : digits.toLowerCase());
  const isDecimal = !isOctal && /^[1-9]/.test(digits);
  const suffix = match[2].toLowerCase();
  const unsigned = suffix.includes('u');
  const isLong = suffix.includes('l');
  if (!isLong) {
    if (!unsigned && value <= 0x7fffffffn) return { value, ...INT };
    if ((unsigned || !isDecimal) && value <= 0xffffffffn) return { value, bits: 32, unsigned: true };
  }
  const fitsSigned = value <= 0x7fffffffffffffffn;
  if (value > 0xffffffffffffffffn) return undefined;
  return { value, bits: 64, unsigned: unsigned || !fitsSigned };
}

function characterOf(text: string): Integer | undefined {
  const body = text.slice(1, -1);
  if (!text.endsWith("'") || body === '') return undefined;
  if (!body.startsWith('\\')) return body.length === 1 ? { value: BigInt(body.charCodeAt(0)), ...INT } : multiCharacter(body);
  const octal = /^\\([0-7]{1,3})$/.exec(body);
  if (octal) return { value: BigInt.asIntN(8, BigInt(parseInt(octal[1], 8))), ...INT };
  const hexadecimal = /^\\x([0-9a-fA-F]+)$/.exec(body);
  if (hexadecimal) return { value: BigInt.asIntN(8, BigInt('0x' + hexadecimal[1])), ...INT };
  const code = body.length === 2 ? ESCAPES[body[1]] : undefined;
  return code === undefined ? undefined : { value: BigInt(code), ...INT };
}

/** `'abcd'`: gcc puts the first character highest. */
function multiCharacter(body: string): Integer | undefined {
  if (body.length > 4 || body.includes('\\')) return undefined;
  let value = 0n;
  for (const character of body) value = (value << 8n) | BigInt(character.charCodeAt(0) & 255);
  return { value: BigInt.asIntN(32, value), ...INT };
}

function promoted(integer: Integer): Integer {
  return integer.bits < 32 ? { value: integer.value, ...INT } : integer;
}

export function applyUnary(operator: '-' | '+' | '~' | '!', operand: Integer): Integer {
  const value = promoted(operand);
  if (operator === '!') return { value: value.value === 0n ? 1n : 0n, ...INT };
  if (operator === '+') return value;
  return convert({ ...value, value: operator === '-' ? -value.value : ~value.value }, value);
}

/** Applies a binary operator after the usual arithmetic conversions; undefined for a division by zero or an impossible shift. */
export function applyBinary(operator: string, left: Integer, right: Integer): Integer | undefined {
  const a = promoted(left);
  const b = promoted(right);
  if (operator === '&&' || operator === '||') {
    const both = operator === '&&' ? a.value !== 0n && b.value !== 0n : a.value !== 0n || b.value !== 0n;
    return { value: both ? 1n : 0n, ...INT };
  }
  if (operator === '<<' || operator === '>>') {
    if (b.value < 0n || b.value >= BigInt(a.bits)) return undefined;
    return convert({ ...a, value: operator === '<<' ? a.value << b.value : a.value >> b.value }, a);
  }
  const type: IntegerType =
    a.bits === b.bits
      ? { bits: a.bits, unsigned: a.unsigned || b.unsigned }
      : a.bits > b.bits
        ? { bits: a.bits, unsigned: a.unsigned }
        : { bits: b.bits, unsigned: b.unsigned };
  const x = convert(a, type).value;
  const y = convert(b, type).value;
  const truth = (is: boolean): Integer => ({ value: is ? 1n : 0n, ...INT });
  switch (operator) {
    case '==':
      return truth(x === y);
    case '!=':
      return truth(x !== y);
    case '<':
      return truth(x < y);
    case '>':
      return truth(x > y);
    case '<=':
      return truth(x <= y);
    case '>=':
      return truth(x >= y);
  }
  if ((operator === '/' || operator === '%') && y === 0n) return undefined;
  const value = arithmetic(operator, x, y);
  return value === undefined ? undefined : convert({ value, ...type }, type);
}

function arithmetic(operator: string, x: bigint, y: bigint): bigint | undefined {
  switch (operator) {
    case '+':
      return x + y;
    case '-':
      return x - y;
    case '*':
      return x * y;
    case '/':
      return x / y;
    case '%':
      return x % y;
    case '&':
      return x & y;
    case '|':
      return x | y;
    case '^':
      return x ^ y;
    default:
      return undefined;
  }
}

/** Integer constants in expressions. Internal to `ir`; 53-bit arithmetic, which is enough to tell live branches from dead ones. */

/** The value of a number or character literal, `true`, `false` or NULL; null when it is not a plain integer. */
export function literalValue(text: string): number | null {
  if (text === 'true') return 1;
  if (text === 'false' || text === 'NULL' || text === 'nullptr') return 0;
  if (text.startsWith("'")) return text.length === 3 ? text.charCodeAt(1) : null;
  const digits = text.replace(/[uUlL]+$/, '').replace(/'/g, '');
  if (/^0[xX][0-9a-fA-F]+$/.test(digits) || /^0[bB][01]+$/.test(digits)) return Number(digits);
  if (/^0[0-7]+$/.test(digits)) return parseInt(digits, 8);
  return /^\d+$/.test(digits) ? Number(digits) : null;
}

export function foldUnary(operator: string, value: number | null): number | null {
  if (value === null) return null;
  if (operator === '!') return value === 0 ? 1 : 0;
  if (operator === '-') return -value;
  if (operator === '+') return value;
  return null;
}

export function foldBinary(operator: string, a: number | null, b: number | null): number | null {
  if (a === null || b === null) return null;
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0 ? null : Math.trunc(a / b);
    case '%':
      return b === 0 ? null : a % b;
    case '==':
      return Number(a === b);
    case '!=':
      return Number(a !== b);
    case '<':
      return Number(a < b);
    case '>':
      return Number(a > b);
    case '<=':
      return Number(a <= b);
    case '>=':
      return Number(a >= b);
    case '<<':
      return b < 0 || b > 52 ? null : a * 2 ** b;
    case '>>':
      return b < 0 || b > 63 || a < 0 ? null : Math.floor(a / 2 ** b);
    case '&':
    case '|':
    case '^': {
      if (a < 0 || b < 0 || a > 0x7fffffff || b > 0x7fffffff) return null;
      return operator === '&' ? a & b : operator === '|' ? a | b : a ^ b;
    }
    default:
      return null;
  }
}

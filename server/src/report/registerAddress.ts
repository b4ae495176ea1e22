/** Where a register lies, from the expression that the driver hands to an accessor. */
export interface RegisterAddress {
  /** Bytes from the driver's base, constants and numbers added up; null where nothing in the expression is one. */
  address: number | null;
  /** An index or a count chooses among several that begin there. */
  indexed: boolean;
}

export const NOWHERE: RegisterAddress = { address: null, indexed: false };

const CAST = /\(\s*(?:(?:const|volatile|unsigned|struct|__iomem|void|char|long|int|[us]\d+|u?int\d+_t)\s*)+\**\s*\)/g;
/** `newer chip ? REGISTER : OLD_REGISTER`: the register of the newer one. */
const CHOICE = /\([^()?:]*\)\s*\?\s*(\w+)\s*:\s*\w+/g;
const NUMBER = /^(0x[0-9a-f]+|\d+)[ul]*$/i;
const WORD = /^[A-Za-z_]\w*$/;
/** What makes more of a term than one value that is known or not. */
const COMPUTES = /<<|>>|[*/%|^?~]|&&|-(?!>)/;

/**
 * Adds up the terms of `base + REGISTER + 4`. At most one term may be unknown, the base; a second one, or a product, is an index.
 * `value` tells a constant's value, null for what is none.
 */
export function registerAddress(text: string, value: (word: string) => number | null): RegisterAddress {
  const terms = text
    .replace(CAST, ' ')
    .replace(CHOICE, '$1')
    .split('+')
    .map((t) => t.replace(/[()\s]+/g, ' ').trim())
    .filter((t) => t !== '');
  let sum = 0;
  let known = 0;
  let unknown = 0;
  let computed = false;
  for (const term of terms) {
    const number = NUMBER.exec(term);
    const found = number ? Number(number[1]) : WORD.test(term) ? value(term) : null;
    if (found !== null) {
      sum += found;
      known++;
    } else if (COMPUTES.test(term)) computed = true;
    else unknown++;
  }
  return known === 0 ? NOWHERE : { address: sum, indexed: computed || unknown > 1 };
}

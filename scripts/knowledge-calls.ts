/** Which kernel functions and macros a folder's sources call. Coarse, like any count without a parser. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { scan, TokenKind } from '../server/src/syntax/tokens';

/** The folders whose call sites the knowledge base is held against. */
export const MEASURED_FOLDERS: readonly string[] = [
  'drivers/net',
  'drivers/usb',
  'drivers/input',
  'drivers/scsi',
  'drivers/block',
  'drivers/char',
  'drivers/i2c',
  'drivers/hwmon',
  'drivers/watchdog',
  'drivers/rtc',
  'drivers/tty/serial',
  'sound/pci',
];

const KEYWORDS = new Set(
  'if while for switch return sizeof typeof __typeof__ __attribute__ __alignof__ asm defined case do else goto _Generic'.split(' '),
);

/** Call sites in a file's bodies and names that the file defines. */
function callsIn(text: string): { calls: Map<string, number>; defined: Set<string> } {
  const { count, start, end, kind } = scan(text);
  const word = (i: number): string => text.slice(start[i], end[i]);
  const calls = new Map<string, number>();
  const defined = new Set<string>();
  let depth = 0;
  for (let i = 0; i < count; i++) {
    if (kind[i] === TokenKind.Directive) {
      const define = /^#\s*define\s+(\w+)/.exec(word(i));
      if (define) defined.add(define[1]);
      continue;
    }
    const w = word(i);
    if (w === '{') depth++;
    else if (w === '}') depth = Math.max(0, depth - 1);
    else if (kind[i] === TokenKind.Identifier && i + 1 < count && word(i + 1) === '(' && !KEYWORDS.has(w)) {
      const before = i > 0 ? word(i - 1) : '';
      if (depth === 0) defined.add(w);
      // A member call goes through a pointer of the driver's own; `*f(` and `int f(` in a body are still calls or prototypes.
      else if (before !== '.' && !(before === '>' && i > 1 && word(i - 2) === '-')) calls.set(w, (calls.get(w) ?? 0) + 1);
    }
  }
  return { calls, defined };
}

function sourcesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.[ch]$/.test(name))
    .map((name) => join(folder, name));
}

/** Call sites per name in the `.c` files below a folder, without the names that the folder's own files define. */
export function kernelCallsUnder(folder: string): Map<string, number> {
  const read = sourcesUnder(folder).map((path) => ({ path, ...callsIn(readFileSync(path, 'utf8')) }));
  const own = new Set(read.flatMap((file) => [...file.defined]));
  const total = new Map<string, number>();
  for (const { path, calls } of read) {
    if (!path.endsWith('.c')) continue;
    for (const [name, count] of calls) if (!own.has(name)) total.set(name, (total.get(name) ?? 0) + count);
  }
  return total;
}

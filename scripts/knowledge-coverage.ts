/**
 * Prints how much of what drivers call the knowledge base knows.
 *
 *   node --import=tsx scripts/knowledge-coverage.ts KERNEL FOLDER...      e.g. ~/…/linux-source-6.1 drivers/net/ethernet/realtek
 *
 * A call site counts when its name is followed by a parenthesis inside a function's body and the folder's own files do not define it.
 * `row`: the knowledge base has a row; `prototype`: only a header declares it; `unknown`: neither (another folder's function, a
 * function pointer, a macro of a header that is generated).
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { knowledgeOf } from '../server/src/knowledge/load';
import { scan, TokenKind } from '../server/src/syntax/tokens';
import { knowledgeTexts } from './knowledge-files';
import { scanKernel } from './knowledge-scan';

const KEYWORDS = new Set([
  'if',
  'while',
  'for',
  'switch',
  'return',
  'sizeof',
  'typeof',
  '__typeof__',
  '__attribute__',
  '__alignof__',
  'asm',
  'defined',
  'case',
  'do',
  'else',
  'goto',
  '_Generic',
]);

/** Call sites in a file's bodies and names that the file defines. Coarse, like any count without a parser. */
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

const [kernelRoot, ...folders] = process.argv.slice(2);
if (!kernelRoot || folders.length === 0) {
  console.error('usage: knowledge-coverage.ts KERNEL FOLDER...');
  process.exit(2);
}
const { knowledge, files } = knowledgeOf(knowledgeTexts());
const names = scanKernel(kernelRoot);
const hasRow = (name: string): boolean =>
  knowledge.functions.has(name) ||
  knowledge.registrations.has(name) ||
  knowledge.loops.has(name) ||
  knowledge.declaringMacros.has(name) ||
  knowledge.dialect.attributesWithArguments.has(name);

console.log(`${files.reduce((sum, f) => sum + f.rows, 0)} rows in ${files.length} files\n`);
console.log('  calls    row   prototype  unknown  folder');
const missing = new Map<string, number>();
for (const folder of folders) {
  const read = sourcesUnder(join(kernelRoot, folder)).map((path) => ({ path, ...callsIn(readFileSync(path, 'utf8')) }));
  const own = new Set(read.flatMap((file) => [...file.defined]));
  const counts = { row: 0, prototype: 0, unknown: 0 };
  for (const { path, calls } of read) {
    if (!path.endsWith('.c')) continue;
    for (const [name, count] of calls) {
      if (own.has(name)) continue;
      const kind = hasRow(name) ? 'row' : names.callables.has(name) ? 'prototype' : 'unknown';
      counts[kind] += count;
      if (kind !== 'row') missing.set(name, (missing.get(name) ?? 0) + count);
    }
  }
  const total = counts.row + counts.prototype + counts.unknown;
  const share = (n: number): string => `${((100 * n) / Math.max(1, total)).toFixed(1)} %`;
  console.log(
    `${String(total).padStart(7)} ${share(counts.row).padStart(7)} ${share(counts.prototype).padStart(9)} ${share(counts.unknown).padStart(8)}  ${folder}`,
  );
}
const top = [...missing].sort((a, b) => b[1] - a[1]).slice(0, 40);
console.log(`\nmost frequent without a row: ${top.map(([name, count]) => `${name} ${count}`).join(', ')}`);

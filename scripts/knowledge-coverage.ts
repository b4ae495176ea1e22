/**
 * Prints how much of what drivers call the knowledge base knows.
 *
 *   node --import=tsx scripts/knowledge-coverage.ts [KERNEL [FOLDER...]]
 *
 * KERNEL: the sources of a kernel, by default linux-source-6.1 in fgft's cache; FOLDER: the twelve that are measured, or others.
 * A call site counts when its name is followed by a parenthesis inside a function's body and the folder's own files do not define it.
 * `row`: the knowledge base has a row, `generated` of them from the headers alone; `prototype`: only a header declares it; `unknown`:
 * neither (another folder's function, a function pointer, a macro of a header that is generated).
 */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { knowledgeOf } from '../server/src/knowledge/load';
import { kernelCallsUnder, MEASURED_FOLDERS } from './knowledge-calls';
import { knowledgeTexts } from './knowledge-files';
import { scanKernel } from './knowledge-scan';

const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
const [kernelRoot = join(cache, 'fgft/kernel/linux-source-6.1'), ...given] = process.argv.slice(2);
const { knowledge } = knowledgeOf(knowledgeTexts());
const names = scanKernel(kernelRoot);
const generated = (name: string): boolean => knowledge.functions.get(name)?.provenance === 'generated';
const hasRow = (name: string): boolean =>
  knowledge.functions.has(name) ||
  knowledge.registrations.has(name) ||
  knowledge.loops.has(name) ||
  knowledge.declaringMacros.has(name) ||
  knowledge.dialect.attributesWithArguments.has(name);

const share = (n: number, total: number): string => `${((100 * n) / Math.max(1, total)).toFixed(1)} %`;
const rows = [...knowledge.functions.values()];
const made = rows.filter((row) => row.provenance === 'generated').length;
console.log(`${rows.length} functions: ${rows.length - made} by hand, ${made} generated\n`);
console.log('  calls     row  generated  prototype  unknown  folder');
const missing = new Map<string, number>();
const all = { row: 0, generated: 0, prototype: 0, unknown: 0 };
const print = (counts: typeof all, folder: string): void => {
  const total = counts.row + counts.prototype + counts.unknown;
  const cells = [counts.row, counts.generated, counts.prototype, counts.unknown].map((n, i) => share(n, total).padStart([7, 9, 9, 8][i]));
  console.log(`${String(total).padStart(7)} ${cells.join('  ')}  ${folder}`);
};
for (const folder of given.length > 0 ? given : MEASURED_FOLDERS) {
  const counts = { row: 0, generated: 0, prototype: 0, unknown: 0 };
  for (const [name, count] of kernelCallsUnder(join(kernelRoot, folder))) {
    const kind = hasRow(name) ? 'row' : names.callables.has(name) ? 'prototype' : 'unknown';
    counts[kind] += count;
    if (generated(name)) counts.generated += count;
    if (kind !== 'row') missing.set(name, (missing.get(name) ?? 0) + count);
  }
  print(counts, folder);
  for (const key of Object.keys(all) as (keyof typeof all)[]) all[key] += counts[key];
}
print(all, 'all');
const top = [...missing].sort((a, b) => b[1] - a[1]).slice(0, 40);
console.log(`\nmost frequent without a row: ${top.map(([name, count]) => `${name} ${count}`).join(', ')}`);

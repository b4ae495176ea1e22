/**
 * The share of entry points that carry a certain or likely finding about waiting for another context, over a random sample of modules.
 *
 *   node --import=tsx scripts/resync-share.ts KERNEL-SOURCE KERNEL-HEADERS [MODULES=60] [SEED=1]
 *
 * Prints one line per such finding, for somebody to read, and the figures last: findings that are only possible do not count.
 */
import { basename, join } from 'node:path';
import { createEngine } from '../server/src/engine';
import { nodeFileSystem } from '../server/src/engine/nodeFileSystem';
import { modulesUnder } from '../server/src/text/kbuild';

const RULES = new Set(['resync/completion', 'resync/wait-queue', 'resync/poll']);

async function main([source, kernel, modules = '60', seed = '1']: string[]): Promise<void> {
  if (source === undefined || kernel === undefined) throw new Error('usage: resync-share.ts SOURCE HEADERS [MODULES] [SEED]');
  const all = ['drivers', 'sound'].flatMap((folder) => modulesUnder(nodeFileSystem, join(source, folder))).map((m) => m.files[0]);
  const engine = createEngine({ kernel });
  const share = { modules: 0, entries: 0, waiting: 0 };
  for (const file of sampled(all, Number(modules), Number(seed))) {
    const { report } = await engine.analyze(file, { detail: 'brief' });
    for (const driver of report.drivers) {
      const names = new Set<string>();
      for (const f of driver.findings) {
        if (!RULES.has(f.rule)) continue;
        if (f.confidence !== 'possible') for (const name of f.entryPoints) names.add(name);
        const reached = `${f.entryPoints.length}/${driver.entryPoints.length}`;
        console.log([f.rule, f.confidence, f.grade, reached, `${f.location.file}:${f.location.line}`, f.message.slice(0, 160)].join('\t'));
      }
      share.modules++;
      share.entries += driver.entryPoints.length;
      share.waiting += names.size;
      console.error(`${share.modules} ${basename(file)} ${names.size} of ${driver.entryPoints.length}`);
    }
  }
  engine.dispose();
  console.log(
    `${share.modules} modules, ${share.waiting} of ${share.entries} entry points: ${((100 * share.waiting) / share.entries).toFixed(2)} %`,
  );
}

/** `count` of the items, drawn without repetition. The same for the same seed. */
function sampled(items: readonly string[], count: number, seed: number): string[] {
  const left = [...items].sort();
  const found: string[] = [];
  let state = seed >>> 0;
  while (found.length < count && left.length > 0) {
    // The linear congruential generator of Numerical Recipes (2nd edition, section 7.1): good enough to draw from a list.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    found.push(...left.splice(Math.floor((state / 2 ** 32) * left.length), 1));
  }
  return found;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
});

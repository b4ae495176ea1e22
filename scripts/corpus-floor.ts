/** Prints what parsing a part of the corpus alone takes, as JSON: `node --import=tsx corpus-floor.ts KERNEL I/N`. */
import { join } from 'node:path';
import { knowledgeOf } from '../server/src/knowledge/load';
import { loadAssets } from '../server/src/engine/assets';
import { planBatch } from '../server/src/engine/batch/plan';
import { SnapshotFileSystem } from '../server/src/engine/batch/snapshotFileSystem';
import { loadKernelWorld, shared } from '../server/src/engine/kernelWorld';
import { readForItsArchitecture } from '../server/src/engine/moduleArchitecture';
import { readModule } from '../server/src/engine/moduleFiles';
import { nodeFileSystem } from '../server/src/engine/nodeFileSystem';

/** Processor time in seconds. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

async function main(kernel: string, part: string): Promise<void> {
  const [index, count] = part.split('/').map(Number);
  const fs = new SnapshotFileSystem(nodeFileSystem);
  const assets = loadAssets();
  const assumptions = knowledgeOf(assets.knowledge).knowledge.configuration;
  const paths = ['drivers', 'sound'].map((folder) => join(kernel, folder));
  const { tasks, tree } = planBatch(paths, {}, fs, { tool: '', assumptions }, { index, count });
  const base = await shared(assets);
  const world = loadKernelWorld(tree, fs, base, process.env.FGFT_CACHE && join(process.env.FGFT_CACHE, 'index'), 'x86');
  /** Headers that several modules have count once. */
  const seen = new Set<string>();
  let total = 0;
  let characters = 0;
  for (const { module } of tasks) {
    const { files } = readForItsArchitecture(world, fs, false, (w) =>
      readModule(module, { ...w.files, fs, parser: base.parser, knowledge: base.knowledge, isOpen: () => false }),
    );
    for (const { path, masked } of files.files) {
      if (seen.has(path)) continue;
      seen.add(path);
      const before = processorTime();
      base.parser.parse(masked.text).delete();
      total += processorTime() - before;
      characters += masked.text.length;
    }
  }
  process.stdout.write(JSON.stringify({ seconds: total, files: seen.size, characters }));
}

main(process.argv[2], process.argv[3]).catch((error: unknown) => {
  console.error(error instanceof Error ? error.stack : error);
  process.exitCode = 2;
});

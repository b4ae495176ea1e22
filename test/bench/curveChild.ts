/** A process that analyses modules of all sizes and writes what each took beside parsing its text alone. Bundled and started by curve.ts. */
import { writeFileSync } from 'node:fs';
import { knowledgeOf } from '../../server/src/knowledge/load';
import { loadAssets } from '../../server/src/engine/assets';
import { BatchAnalyzer } from '../../server/src/engine/batch/analyzer';
import type { Task } from '../../server/src/engine/batch/model';
import { planBatch } from '../../server/src/engine/batch/plan';
import { SnapshotFileSystem } from '../../server/src/engine/batch/snapshotFileSystem';
import { loadKernelWorld, shared } from '../../server/src/engine/kernelWorld';
import { readModule } from '../../server/src/engine/moduleFiles';
import { nodeFileSystem } from '../../server/src/engine/nodeFileSystem';

export interface CurvePoint {
  name: string;
  /** UTF-16 units of the module's masked texts. */
  characters: number;
  /** Milliseconds of processor time, all threads: parsing those texts, and the whole report. */
  floor: number;
  report: number;
}

/** Modules taken of each size, as powers of two of their bytes. */
const PER_SIZE = 6;
/** Modules before the first that counts: they compile the code and read the headers that all use. */
const WARMING = 24;

async function main([folder, kernel, cacheFolder, output]: string[]): Promise<void> {
  const now = (): number => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
  const fs = new SnapshotFileSystem(nodeFileSystem);
  const options = { kernel, cacheFolder };
  const assets = loadAssets();
  const base = await shared(assets);
  const { tasks, tree } = planBatch([folder], options, fs, {
    tool: '',
    assumptions: knowledgeOf(assets.knowledge).knowledge.configuration,
  });
  const analyzer = await BatchAnalyzer.start(options, [tree?.root ?? null], base);
  const world = loadKernelWorld(tree, fs, base, cacheFolder, 'x86');
  const bySize = new Map<number, Task[]>();
  for (const task of tasks) {
    const size = Math.floor(Math.log2(task.bytes + 1));
    const of = bySize.get(size) ?? [];
    bySize.set(size, of);
    if (of.length < PER_SIZE) of.push(task);
  }
  const chosen = [...bySize].sort(([a], [b]) => a - b).flatMap(([, of]) => of);
  for (const task of tasks.filter((t) => !chosen.includes(t)).slice(0, WARMING)) analyzer.analyze(task);
  const points = chosen.map((task): CurvePoint => {
    const begun = now();
    analyzer.analyze(task);
    const report = now() - begun;
    const { files } = readModule(task.module, {
      ...world.files,
      fs,
      parser: base.parser,
      knowledge: base.knowledge,
      isOpen: () => false,
    });
    const texts = files.map((file) => file.masked.text);
    const parsing = now();
    for (const text of texts) base.parser.parse(text).delete();
    return { name: task.module.name, characters: texts.reduce((sum, t) => sum + t.length, 0), floor: now() - parsing, report };
  });
  writeFileSync(output, JSON.stringify(points));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.stack : error);
  process.exitCode = 1;
});

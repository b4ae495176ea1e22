/**
 * Runs `fgft analyze` over `drivers/` and `sound/` of a kernel's sources part by part, cold and warm, measures the floor, and writes the
 * corpus report. What is done is kept in the folder: started again, it goes on where it was ended, and with nothing left to do it only
 * writes the report. Needs `npm run build`.
 *
 *   node --import=tsx scripts/corpus-run.ts KERNEL [--shards 24] [--only 1,7] [--jobs 2] [--folder DIR] [--write docs/corpus-6.12.md]
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readReportFile } from '../server/src/cli/reportFile';
import type { DriverReport } from '../server/src/report/model';
import { costMarkdown, type RunCost, type ShardCost } from './corpus-cost';
import { Corpus } from './corpus-figures';
import { corpusMarkdown } from './corpus-markdown';

const root = resolve(import.meta.dirname, '..');

interface Setting {
  kernel: string;
  count: number;
  jobs: string;
  folder: string;
}

/** A report may have findings, but not end early: 0 and 1 are whole runs. */
const WHOLE = new Set([0, 1]);

function analyze({ kernel, count, jobs, folder }: Setting, index: number, kind: 'cold' | 'warm'): RunCost | undefined {
  const cost = join(folder, `${kind}-${index}.json`);
  if (existsSync(cost)) return read(cost) as RunCost;
  const used = join(folder, 'used.json');
  rmSync(used, { force: true });
  const report = join(folder, `${kind === 'cold' ? 'report' : 'again'}-${index}.json`);
  const words = ['--require', join(root, 'scripts/corpus-cost-hook.cjs'), join(root, 'dist/cli.cjs'), 'analyze'];
  words.push(
    join(kernel, 'drivers'),
    join(kernel, 'sound'),
    '--jobs',
    jobs,
    '--shard',
    `${index}/${count}`,
    '--format',
    'json',
    '-o',
    report,
  );
  const answer = spawnSync(process.execPath, words, {
    cwd: folder,
    env: { ...process.env, FGFT_CACHE: join(folder, 'cache'), FGFT_COST: used },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (!WHOLE.has(answer.status ?? -1)) return undefined;
  const { userCPUTime, systemCPUTime, maxRSS, wall } = read(used) as Record<string, number>;
  const made: RunCost = { seconds: (userCPUTime + systemCPUTime) / 1e6, wall: wall / 1e3, peak: maxRSS * 1024 };
  writeFileSync(cost, JSON.stringify(made));
  if (kind === 'warm') rmSync(report, { force: true });
  return made;
}

function floorOf({ kernel, count, folder }: Setting, index: number): ShardCost['floor'] {
  const path = join(folder, `floor-${index}.json`);
  if (!existsSync(path)) {
    const words = ['--import=tsx', join(root, 'scripts/corpus-floor.ts'), kernel, `${index}/${count}`];
    const { status, stdout } = spawnSync(process.execPath, words, {
      cwd: root,
      env: { ...process.env, FGFT_CACHE: join(folder, 'cache') },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (status !== 0) return undefined;
    writeFileSync(path, stdout);
  }
  return read(path) as ShardCost['floor'];
}

function read(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

async function markdown({ folder, count }: Setting, costs: readonly ShardCost[]): Promise<string> {
  const corpus = new Corpus();
  let head: Awaited<ReturnType<typeof readReportFile>>['head'] | undefined;
  for (const { index } of costs) {
    const file = await readReportFile(join(folder, `report-${index}.json`));
    head ??= file.head;
    for (const driver of file.drivers) corpus.add(JSON.parse(await driver.read()) as DriverReport);
  }
  if (!head) throw new Error('no part of the corpus was run');
  const named = { ...head, kernel: { ...head.kernel, root: `linux-source-${/^\d+\.\d+/.exec(head.kernel.release ?? '')?.[0] ?? ''}` } };
  const cost = `## What it took\n\n${costMarkdown(costs, count)}\n\nMade by \`node --import=tsx scripts/corpus-run.ts KERNEL --shards ${count} --write docs/corpus-6.12.md\`, which can be ended and started again.`;
  return corpusMarkdown(named, corpus).replace('\n## Subsystems', () => `\n${cost}\n\n## Subsystems`);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      shards: { type: 'string', default: '24' },
      only: { type: 'string' },
      jobs: { type: 'string', default: '2' },
      folder: { type: 'string', default: join(root, 'test-output/corpus') },
      write: { type: 'string' },
    },
  });
  if (positionals.length !== 1)
    throw new Error('usage: corpus-run.ts KERNEL [--shards N] [--only I,J] [--jobs N] [--folder DIR] [--write FILE]');
  const setting: Setting = {
    kernel: resolve(positionals[0]),
    count: Number(values.shards),
    jobs: values.jobs,
    folder: resolve(values.folder),
  };
  mkdirSync(setting.folder, { recursive: true });
  const wanted = values.only?.split(',').map(Number) ?? Array.from({ length: setting.count }, (_, i) => i + 1);
  const costs: ShardCost[] = [];
  for (const index of wanted) {
    const cold = analyze(setting, index, 'cold');
    if (!cold) {
      console.error(`part ${index} was not finished: left out`);
      continue;
    }
    costs.push({ index, cold, warm: analyze(setting, index, 'warm'), floor: floorOf(setting, index) });
    console.error(`part ${index} of ${setting.count}: ${cold.seconds.toFixed(0)} s of processor time`);
  }
  const text = await markdown(setting, costs);
  if (values.write === undefined) process.stdout.write(text);
  else writeFileSync(values.write, text);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
});

/** `fgft analyze` on folders of drivers beside other tools on the same files. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Report } from '../../server/src/report/model';
import { drivers, kernelBuild } from './kernelBuild';
import { emptySection, milliseconds, ratioText, type SectionResult } from './output';
import { type Peer, peers } from './peers';
import { type CommandTime, timeCommands } from './processes';
import type { BenchSetting } from './setting';
import { median } from './statistics';

const times = (runs: readonly CommandTime[]) => ({
  wall: median(runs.map((r) => r.wall)),
  cpu: median(runs.map((r) => r.user + r.system)),
});

/** Runs `fgft analyze` in a process of its own, with its cache in `cache`. `entryPoints`: how many it found. */
export function runAnalyze(setting: BenchSetting, path: string, cache: string): { time: CommandTime; entryPoints: number; engine: number } {
  const output = join(cache, 'report.json');
  rmSync(output, { force: true });
  const words = [
    process.execPath,
    join(setting.dist, 'cli.cjs'),
    'analyze',
    path,
    '--kernel',
    setting.headers,
    '--format',
    'json',
    '--output',
    output,
  ];
  const time = timeCommands([words], { cwd: setting.sources, env: { FGFT_CACHE: cache } });
  try {
    const { summary } = JSON.parse(readFileSync(output, 'utf8')) as Report;
    return { time, entryPoints: summary.entryPoints, engine: summary.milliseconds };
  } catch {
    return { time, entryPoints: 0, engine: Number.NaN };
  }
}

/** What is read: folders below the kernel's sources. The large one once, for the others take a minute for it. */
const TARGETS: readonly { folder: string; runs: (asked: number) => number }[] = [
  { folder: dirname(drivers.e1000), runs: (asked) => asked },
  { folder: dirname(drivers.ixgbe), runs: (asked) => Math.min(2, asked) },
  { folder: 'sound/pci', runs: () => 1 },
];

export async function measureCommandLine(setting: BenchSetting, say: (line: string) => void): Promise<SectionResult> {
  const section = emptySection();
  const scratch = mkdtempSync(join(tmpdir(), 'fgft-bench-'));
  const data: Record<string, unknown> = {};
  try {
    const others = peers(kernelBuild(setting.headers), scratch);
    for (const { name, missing } of others) if (missing !== undefined) section.skipped.push(`nothing of ${name}: ${missing}`);
    for (const { folder, runs } of TARGETS) {
      say(`command: ${folder}`);
      data[folder] = measureFolder(folder, runs(setting.options.runs), others, setting, section, scratch);
    }
    section.data = data;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return section;
}

function measureFolder(
  folder: string,
  runs: number,
  others: readonly Peer[],
  setting: BenchSetting,
  section: SectionResult,
  scratch: string,
): unknown {
  const files = sourcesBelow(join(setting.sources, folder));
  // The index of the kernel's headers is there, reports are not.
  const index = mkdtempSync(join(scratch, 'index-'));
  runAnalyze(setting, drivers['8139too'], index);
  const taken: Record<string, CommandTime[]> = {};
  const take = (name: string, time: CommandTime): void => void (taken[name] ??= []).push(time);
  let entryPoints = 0;
  for (let run = 0; run < runs; run++) {
    for (const peer of others) if (peer.missing === undefined) take(peer.name, peer.run(files));
    const fresh = mkdtempSync(join(scratch, 'fresh-'));
    cpSync(index, fresh, { recursive: true });
    const analysis = runAnalyze(setting, folder, fresh);
    entryPoints = analysis.entryPoints;
    if (entryPoints === 0)
      section.wrong.push(`fgft analyze finds no entry point in ${folder}: status ${analysis.time.status} ${analysis.time.errors}`);
    take('fgft analyze', analysis.time);
    take('fgft analyze, again', runAnalyze(setting, folder, fresh).time);
    rmSync(fresh, { recursive: true, force: true });
    const empty = mkdtempSync(join(scratch, 'cold-'));
    take('fgft analyze, no cache at all', runAnalyze(setting, folder, empty).time);
    rmSync(empty, { recursive: true, force: true });
  }
  const medians = Object.fromEntries(Object.entries(taken).map(([name, series]) => [name, times(series)]));
  const ours = medians['fgft analyze'];
  section.tables.push({
    title: `Command line: ${folder} (${files.length} files, ${entryPoints} entry points; medians of ${runs})`,
    columns: ['command', 'wall', 'ours/its', 'user + system', 'ours/its'],
    rows: Object.entries(medians).map(([name, { wall, cpu }]) => {
      const isPeer = others.some((peer) => peer.name === name);
      return [
        name,
        milliseconds(wall),
        isPeer ? ratioText(ours.wall / wall, 1) : '-',
        milliseconds(cpu),
        isPeer ? ratioText(ours.cpu / cpu, 1) : '-',
      ];
    }),
    notes: failedOnes(taken),
  });
  return { files: files.length, entryPoints, medians };
}

/** A peer that refuses a file stops early there: its time is then less than a whole reading takes. */
function failedOnes(taken: Record<string, CommandTime[]>): string[] {
  return Object.entries(taken)
    .filter(([, runs]) => runs.some((r) => r.status !== 0))
    .map(([name, runs]) => `${name} refuses some of the files: ${(runs.find((r) => r.status !== 0)?.errors ?? '').split('\n')[0]}`);
}

function sourcesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.c'))
    .sort()
    .map((name) => join(folder, name));
}

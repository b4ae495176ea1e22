/** `fgft analyze` on a driver's folder beside the compiler's syntax check of the same files. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Report } from '../../server/src/report/model';
import { drivers, flagsFor, kernelBuild } from './kernelBuild';
import { emptySection, milliseconds, ratioText, type SectionResult } from './output';
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

export async function measureCommandLine(setting: BenchSetting, say: (line: string) => void): Promise<SectionResult> {
  const section = emptySection();
  const build = kernelBuild(setting.headers);
  if (typeof build === 'string') section.skipped.push(`no compiler to compare with: ${build}`);
  const driver = dirname(drivers.e1000);
  const folder = join(setting.sources, driver);
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.c'))
    .map((name) => join(folder, name));
  const scratch = mkdtempSync(join(tmpdir(), 'fgft-bench-'));
  try {
    const warm = join(scratch, 'warm');
    mkdirSync(warm);
    runAnalyze(setting, driver, warm);
    const runs = { gcc: [] as CommandTime[], warm: [] as CommandTime[], cold: [] as CommandTime[] };
    let entryPoints = 0;
    for (let run = 0; run < setting.options.runs; run++) {
      say(`command: run ${run + 1} of ${setting.options.runs}`);
      if (typeof build !== 'string') {
        const commands = files.map((file) => [build.compiler, '-fsyntax-only', ...flagsFor(build, file), file]);
        runs.gcc.push(timeCommands(commands, { cwd: build.headers }));
      }
      const analysis = runAnalyze(setting, driver, warm);
      entryPoints = analysis.entryPoints;
      if (entryPoints === 0)
        section.wrong.push(`fgft analyze finds no entry point in ${driver}: status ${analysis.time.status} ${analysis.time.errors}`);
      runs.warm.push(analysis.time);
      const empty = mkdtempSync(join(scratch, 'cold-'));
      runs.cold.push(runAnalyze(setting, driver, empty).time);
      rmSync(empty, { recursive: true, force: true });
    }
    const failed = runs.gcc.find((r) => r.status !== 0);
    if (failed) section.skipped.push(`${driver} does not compile, so the compiler's time means little: ${failed.errors.split('\n')[0]}`);
    const [gcc, withCache, withoutCache] = [times(runs.gcc), times(runs.warm), times(runs.cold)];
    const row = (name: string, { wall, cpu }: typeof gcc, budget?: number): string[] => [
      name,
      milliseconds(wall),
      ratioText(wall / gcc.wall, budget),
      milliseconds(cpu),
      ratioText(cpu / gcc.cpu, budget),
    ];
    section.tables.push({
      title: `Command line: ${driver} (${files.length} files, ${entryPoints} entry points; medians of ${setting.options.runs})`,
      columns: ['command', 'wall', 'against gcc', 'user + system', 'against gcc'],
      rows: [
        row('gcc -fsyntax-only, one file after another', gcc),
        row('fgft analyze', withCache, 1),
        row('fgft analyze, cache of headers empty', withoutCache),
      ],
    });
    section.data = {
      driver,
      files: files.length,
      entryPoints,
      gcc,
      withCache,
      withoutCache,
      ratios: { wall: withCache.wall / gcc.wall, cpu: withCache.cpu / gcc.cpu },
    };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return section;
}

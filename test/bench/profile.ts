/** `npm run bench -- --profile FILE`: where the time goes in the analysis of one module, by stage of the pipeline and by function. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { repositoryRoot } from '../support/repository';
import { bundleChild } from './childBundle';
import { milliseconds, tableText } from './output';
import type { Phase, PhaseName } from './profileChild';
import type { BenchSetting } from './setting';
import { stageNames, type StageTimes, stageTimes, modulesOfBundle } from './stages';
import { median } from './statistics';

const titles: Record<PhaseName, string> = { cold: 'first, cold', again: 'again, new engine', edit: 'after an edit' };
/** Functions listed per phase. */
const LISTED = 15;

/** Prints the profile of a C file's module; the path may be relative to the kernel sources. Returns the exit status. */
export async function profile(given: string, setting: BenchSetting): Promise<number> {
  const file = resolve(setting.sources, given);
  const folder = join(repositoryRoot, 'test-output/bench/profile');
  const bundle = await bundleChild('profileChild.ts', folder, setting.dist);
  const output = join(folder, 'phases.json');
  const words = [bundle, file, setting.headers, join(folder, 'cache'), String(setting.options.runs), output];
  // A first run makes the index of headers, which is measured elsewhere.
  for (const runs of ['1', String(setting.options.runs)]) {
    words[4] = runs;
    const answer = spawnSync(process.execPath, words, { cwd: repositoryRoot, stdio: ['ignore', 'inherit', 'inherit'] });
    if (answer.status !== 0) return 1;
  }
  const phases = JSON.parse(readFileSync(output, 'utf8')) as Phase[];
  print(file, phases, modulesOfBundle(readFileSync(bundle, 'utf8')));
  return phases.every((p) => p.entryPoints > 0) ? 0 : 1;
}

function print(file: string, phases: readonly Phase[], moduleOf: (line: number) => string): void {
  const sums = phases.map((phase) => stageTimes(phase.profile, moduleOf));
  const perRun = (i: number, value: number | undefined): number => (value ?? 0) / phases[i].times.length;
  const cell = (sum: StageTimes, i: number, stage: string): string => {
    const headers = perRun(i, sum.headers.get(stage));
    return perRun(i, sum.stages.get(stage)).toFixed(1) + (headers >= 0.05 ? ` (${headers.toFixed(1)})` : '');
  };
  console.log(
    tableText({
      title: `${file}: ${phases[0].entryPoints} entry points; milliseconds per run by stage`,
      columns: ['stage', ...phases.map((p) => `${titles[p.name]} (${p.times.length})`)],
      rows: [
        ...stageNames.map((stage) => [stage, ...sums.map((sum, i) => cell(sum, i, stage))]),
        ['whole run, median', ...phases.map((p) => milliseconds(median(p.times)))],
      ],
      notes: ['In brackets: the part that reads declarations of kernel headers when they are first asked for.'],
    }),
  );
  const { reportCharacters, reportCopy } = phases[phases.length - 1];
  console.log(
    `\nThe report has ${(reportCharacters / 1e6).toFixed(1)} M characters as JSON; copying it between threads takes ${milliseconds(reportCopy)}.`,
  );
  phases.forEach((phase, i) => {
    const top = [...sums[i].functions]
      .filter(([name]) => !name.startsWith('(idle)'))
      .sort((a, b) => b[1] - a[1])
      .slice(0, LISTED);
    console.log(
      tableText({
        title: `Functions with the most time of their own: ${titles[phase.name]}`,
        columns: ['function', 'ms per run'],
        rows: top.map(([name, time]) => [name, perRun(i, time).toFixed(1)]),
      }),
    );
  });
}

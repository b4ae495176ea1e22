/** What the rules cost, each and together, beside the analysis that they rest on. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { repositoryRoot } from '../support/repository';
import { bundleChild } from './childBundle';
import { drivers } from './kernelBuild';
import { emptySection, milliseconds, type SectionResult } from './output';
import type { RuleTimes } from './rulesChild';
import type { BenchSetting } from './setting';
import { median } from './statistics';

/** Most that one rule may take, and that all should take together, as a share of the analysis below them. */
const BUDGET = 0.1;

/** A C file stands for its module, a folder for all modules below it. Large ones once. */
const TARGETS: readonly { name: string; path: string; once?: boolean }[] = [
  { name: '8139too', path: drivers['8139too'] },
  { name: 'e1000', path: dirname(drivers.e1000) },
  { name: 'ixgbe', path: dirname(drivers.ixgbe) },
  { name: 'i40e', path: dirname(drivers.i40e) },
  { name: 'sound/pci', path: 'sound/pci', once: true },
  { name: 'drivers/usb', path: 'drivers/usb', once: true },
];

export async function measureRules(setting: BenchSetting, say: (line: string) => void): Promise<SectionResult> {
  const section = emptySection();
  const child = await bundleChild('rulesChild.ts', join(repositoryRoot, 'test-output/bench/rules'), setting.dist);
  const scratch = mkdtempSync(join(tmpdir(), 'fgft-bench-'));
  const measure = (path: string): RuleTimes => {
    const output = join(scratch, 'times.json');
    rmSync(output, { force: true });
    const words = [child, join(setting.sources, path), setting.headers, join(scratch, 'cache'), output];
    const { status } = spawnSync(process.execPath, words, { cwd: setting.sources, stdio: ['ignore', 'ignore', 'inherit'] });
    if (status !== 0) throw new Error(`the analysis of ${path} ended with ${status}`);
    return JSON.parse(readFileSync(output, 'utf8')) as RuleTimes;
  };
  const found = new Map<string, RuleTimes>();
  try {
    // Makes the index of the kernel's headers.
    measure(drivers['8139too']);
    for (const { name, path, once } of TARGETS) {
      say(`rules: ${name}`);
      const runs = Array.from({ length: once ? 1 : setting.options.runs }, () => measure(path));
      const middle = middleRun(runs);
      found.set(name, middle);
      if (middle.findings === 0) section.wrong.push(`no rule finds anything in ${path}`);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  const names = [...found.keys()];
  const share = (times: RuleTimes, time: number): string => `${((100 * time) / times.below).toFixed(1)} %`;
  const ids = Object.keys(found.get(names[0])?.rules ?? {});
  const row = (title: string, time: (times: RuleTimes) => number): string[] => [
    title,
    ...[...found.values()].map((times) => share(times, time(times))),
  ];
  const worst = Math.max(...[...found.values()].flatMap((times) => Object.values(times.rules).map((time) => time / times.below)));
  const most = Math.max(...[...found.values()].map((times) => together(times) / times.below));
  section.tables.push({
    title: 'Processor time of each rule as a share of the analysis below it (files to summaries), cold, as the command line runs it',
    columns: ['rule', ...names],
    rows: [
      ...ids.map((id) => row(id, (times) => times.rules[id] ?? 0)),
      row('rules together', together),
      row('locks of the module', (times) => times.shared.locks),
      row('checkpoint analysis', (times) => times.shared.checkpoint),
      row('all of it', (times) => together(times) + times.shared.locks + times.shared.checkpoint),
      ['modules', ...[...found.values()].map((times) => String(times.modules))],
      ['analysis below', ...[...found.values()].map((times) => milliseconds(times.below))],
    ],
    notes: [
      'What several rules share counts for the one that asks first, but for the locks, which belong to the analysis, and the checkpoint, which is a part of the report.',
      `The dearest rule: ${(100 * worst).toFixed(1)} % ${worst <= BUDGET ? 'ok' : 'OVER'}; the rules together at most ${(100 * most).toFixed(1)} % ${most <= BUDGET ? 'ok' : 'OVER'} (goal ${100 * BUDGET} %).`,
    ],
  });
  section.data = { targets: Object.fromEntries(found) };
  return section;
}

function together(times: RuleTimes): number {
  return Object.values(times.rules).reduce((sum, time) => sum + time, 0);
}

/** The run whose share of rules is the median one. */
function middleRun(runs: readonly RuleTimes[]): RuleTimes {
  const shareOf = (times: RuleTimes): number => together(times) / times.below;
  const sorted = [...runs].sort((a, b) => shareOf(a) - shareOf(b));
  const middle = median(sorted.map(shareOf));
  return sorted.reduce((best, run) => (Math.abs(shareOf(run) - middle) < Math.abs(shareOf(best) - middle) ? run : best));
}

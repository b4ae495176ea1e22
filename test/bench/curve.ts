/** Time per character from the smallest drivers to the largest: a report must not take longer for each line because there are more of them. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '../support/repository';
import { bundleChild } from './childBundle';
import type { CurvePoint } from './curveChild';
import { emptySection, milliseconds, type SectionResult } from './output';
import type { BenchSetting } from './setting';
import { median } from './statistics';

/** Where modules are taken from: every size is there, and no driver is of another architecture. */
const FOLDER = 'drivers/net/ethernet';

export async function measureCurve(setting: BenchSetting, say: (line: string) => void): Promise<SectionResult> {
  const section = emptySection();
  const child = await bundleChild('curveChild.ts', join(repositoryRoot, 'test-output/bench/curve'), setting.dist);
  const scratch = mkdtempSync(join(tmpdir(), 'fgft-bench-'));
  let points: CurvePoint[];
  try {
    say(`curve: ${FOLDER}`);
    const output = join(scratch, 'points.json');
    const words = [child, join(setting.sources, FOLDER), setting.headers, join(scratch, 'cache'), output];
    const { status } = spawnSync(process.execPath, words, { cwd: setting.sources, stdio: ['ignore', 'ignore', 'inherit'] });
    if (status !== 0) throw new Error(`the analysis of ${FOLDER} ended with ${status}`);
    points = JSON.parse(readFileSync(output, 'utf8')) as CurvePoint[];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  const bands = bandsOf(points);
  if (bands.length < 3) section.wrong.push(`${FOLDER} has modules of ${bands.length} sizes alone`);
  const perCharacter = (p: CurvePoint): number => p.report / (p.characters / 1e6);
  section.tables.push({
    title: `Processor time per character by the size of a module (${FOLDER}, one process, its first modules left out)`,
    columns: ['kchars', 'modules', 'floor per Mchar', 'report per Mchar', 'report/floor', 'largest'],
    rows: bands.map(({ from, points: of }) => [
      `${from / 1000} to ${(2 * from) / 1000}`,
      String(of.length),
      milliseconds(median(of.map((p) => p.floor / (p.characters / 1e6)))),
      milliseconds(median(of.map(perCharacter))),
      median(of.map((p) => p.report / p.floor)).toFixed(2),
      of.reduce((a, b) => (b.characters > a.characters ? b : a)).name,
    ]),
    notes: ["Medians. Characters of a module's files with the driver's own headers, masked; the floor is parsing them alone."],
  });
  section.data = { points };
  return section;
}

interface Band {
  /** Characters; the band ends at twice as many. */
  from: number;
  points: CurvePoint[];
}

/** Modules by size, in powers of two. */
function bandsOf(points: readonly CurvePoint[]): Band[] {
  const found = new Map<number, CurvePoint[]>();
  for (const point of points) {
    const from = 1000 * 2 ** Math.floor(Math.log2(Math.max(point.characters, 1000) / 1000));
    const band = found.get(from);
    if (band) band.push(point);
    else found.set(from, [point]);
  }
  return [...found].map(([from, of]) => ({ from, points: of })).sort((a, b) => a.from - b.from);
}

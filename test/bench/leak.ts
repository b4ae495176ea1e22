/** Whether the server keeps anything of what was typed: live trees and resident memory over many edits of one file. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { MemoryUsageResult } from '../../server/src/lsp/protocol';
import { memoryUsageRequest } from '../../server/src/lsp/protocol';
import { editPlaces } from './editing';
import { driverFile } from './driverFiles';
import { ourServer } from './latency';
import { emptySection, mebibytes, type SectionResult } from './output';
import { Session } from './session';
import type { BenchSetting } from './setting';

/** Bytes that resident memory may grow by. */
const GROWTH_BUDGET = 50 * 2 ** 20;
/** Edits after which code is compiled and heaps have their size. */
const SETTLED = 50;

interface Sample {
  edits: number;
  liveTrees: number;
  heapBytes: number;
  residentBytes: number;
}

async function sample(session: Session, edits: number): Promise<Sample> {
  const { engines } = await session.request<MemoryUsageResult>(memoryUsageRequest);
  return {
    edits,
    liveTrees: engines.reduce((sum, e) => sum + e.liveTrees, 0),
    heapBytes: engines.reduce((sum, e) => sum + e.heapBytes, 0),
    residentBytes: session.residentBytes(),
  };
}

export async function measureLeak(setting: BenchSetting, say: (line: string) => void): Promise<SectionResult> {
  const section = emptySection();
  const cache = mkdtempSync(join(tmpdir(), 'fgft-bench-'));
  const { path: file, folder } = driverFile('e1000', cache, setting);
  const text = readFileSync(file, 'utf8');
  const edits = setting.options.leakEdits;
  const session = await Session.start(ourServer(setting, join(cache, 'cache')), folder, file);
  try {
    await session.open(text);
    const samples = [await sample(session, 0)];
    const places = editPlaces(text, 100);
    let milliseconds = 0;
    for (let edit = 0; edit < edits; edit++) {
      // What one edit types the next takes away: the text does not grow.
      const place = places[(edit >> 1) % places.length];
      milliseconds += (await session.edit(place, edit % 2 === 0 ? '1' : '')).milliseconds;
      const done = edit + 1;
      if (done === SETTLED || done === edits || done % 100 === 0) samples.push(await sample(session, done));
      if (done % 100 === 0) say(`leak: ${done} of ${edits} edits`);
    }
    const [first, last] = [samples[0], samples[samples.length - 1]];
    const settled = samples.find((s) => s.edits >= SETTLED) ?? last;
    if (last.liveTrees > first.liveTrees)
      section.wrong.push(`live syntax trees grew from ${first.liveTrees} to ${last.liveTrees} over ${edits} edits`);
    const grown = last.residentBytes - first.residentBytes;
    section.tables.push({
      title: `${edits} edits of ${basename(file)} (${(milliseconds / edits).toFixed(0)} ms each, one after another)`,
      columns: ['after edits', 'live trees', 'heap of the analysis', 'resident'],
      rows: samples.map((s) => [String(s.edits), String(s.liveTrees), mebibytes(s.heapBytes), mebibytes(s.residentBytes)]),
      notes: [
        `live trees: ${last.liveTrees - first.liveTrees} more (<= 0) ${last.liveTrees <= first.liveTrees ? 'ok' : 'OVER'}`,
        `resident: ${mebibytes(grown)} more than after opening (<= ${mebibytes(GROWTH_BUDGET)}) ${grown <= GROWTH_BUDGET ? 'ok' : 'OVER'}; ` +
          `${mebibytes(last.residentBytes - settled.residentBytes)} more than after ${settled.edits} edits`,
      ],
    });
    section.data = {
      file: basename(file),
      edits,
      samples,
      grownBytes: grown,
      grownSinceSettledBytes: last.residentBytes - settled.residentBytes,
    };
  } finally {
    await session.stop();
    rmSync(cache, { recursive: true, force: true });
  }
  return section;
}

/**
 * A process that analyses one C file's module under the sampling profiler: once with everything cold, some times with an engine made anew,
 * some times after an edit. Bundled and started by profile.ts, which reads the profiles that it writes.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { type Profiler, Session } from 'node:inspector/promises';
import { createEngine } from '../../server/src/engine';
import type { Report } from '../../server/src/report/model';
import { editPlaces } from './editing';

export type PhaseName = 'cold' | 'again' | 'edit';

export interface Phase {
  name: PhaseName;
  /** Milliseconds of each run. */
  times: number[];
  entryPoints: number;
  profile: Profiler.Profile;
  /** Characters of the report as JSON. */
  reportCharacters: number;
  /** Milliseconds that it takes to copy the report as between threads. */
  reportCopy: number;
}

/** Microseconds between samples. */
const INTERVAL = 200;

async function profiled(name: PhaseName, session: Session, runs: number, run: (i: number) => Promise<Report>): Promise<Phase> {
  const times: number[] = [];
  let report: Report | undefined;
  await session.post('Profiler.start');
  for (let i = 0; i < runs; i++) {
    const begun = performance.now();
    report = await run(i);
    times.push(performance.now() - begun);
  }
  const { profile } = await session.post('Profiler.stop');
  const begun = performance.now();
  structuredClone(report);
  const reportCopy = performance.now() - begun;
  return {
    name,
    times,
    entryPoints: report?.summary.entryPoints ?? 0,
    profile,
    reportCharacters: JSON.stringify(report).length,
    reportCopy,
  };
}

async function main([file, kernel, cacheFolder, runsText, output]: string[]): Promise<void> {
  const runs = Number(runsText);
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: INTERVAL });
  const whole = async (): Promise<Report> => {
    const engine = createEngine({ kernel, cacheFolder });
    const { report } = await engine.analyze(file);
    engine.dispose();
    return report;
  };
  const phases = [await profiled('cold', session, 1, whole), await profiled('again', session, runs, whole)];

  const engine = createEngine({ kernel, cacheFolder });
  const lines = readFileSync(file, 'utf8').split('\n');
  const edits = 4 * runs;
  const places = editPlaces(lines.join('\n'), edits + 1);
  const edit = async (i: number): Promise<Report> => {
    const { line, character } = places[i % places.length];
    if (i > 0) lines[line] = `${lines[line].slice(0, character)}1${lines[line].slice(character)}`;
    engine.openDocument(file, lines.join('\n'), i + 1);
    return (await engine.analyze(file)).report;
  };
  if (places.length > 0) {
    await edit(0);
    phases.push(await profiled('edit', session, edits, (i) => edit(i + 1)));
  }
  engine.dispose();
  writeFileSync(output, JSON.stringify(phases));
}

void main(process.argv.slice(2));

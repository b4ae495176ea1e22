import { resolve } from 'node:path';
import type { AnalyzeResult, Engine, EngineOptions } from '../engine/engine';
import { ProgressLine } from './progress';
import type { Terminal } from './terminal';

/** What the command line says about an analysis. */
export interface AnalyzedPaths {
  paths: readonly string[];
  kernel?: string;
  isolateFolder?: string;
  /** Names of entry points; empty or absent: all. */
  entries?: readonly string[];
}

/** Analyses each path with an engine of its own that is ended afterwards, and shows how far it is. One result per path. */
export async function analyzePaths(
  { paths, kernel, isolateFolder, entries = [] }: AnalyzedPaths,
  terminal: Terminal,
  makeEngine: (options: EngineOptions) => Engine,
): Promise<AnalyzeResult[]> {
  const engine = makeEngine({ kernel: kernel && resolve(terminal.workingDirectory, kernel), isolateFolder });
  const progress = new ProgressLine(terminal);
  try {
    const results: AnalyzeResult[] = [];
    for (const path of paths) {
      const named = entries.length > 0 ? [...entries] : undefined;
      results.push(await engine.analyze(resolve(terminal.workingDirectory, path), { entries: named, progress }));
    }
    return results;
  } finally {
    progress.end();
    engine.dispose();
  }
}

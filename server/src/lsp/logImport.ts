/** `fgft/readLog`: the runtime's lines in a kernel log become places in the driver; what debugfs tells is kept for hovers. */
import { parseFaults } from '../report/otherTools/faultLog';
import type { ServerContext } from './context';
import type { ModuleAnalysis } from './moduleAnalysis';
import { placeUriOf } from './places';
import type { ReadLogParams, ReadLogResult } from './protocol';

export function readLog(context: ServerContext, { text }: ReadLogParams): ReadLogResult {
  const measured = context.measurements.import(text);
  const analyses = context.analyses.all();
  const faults = parseFaults(text).map(({ file, line, entryPoint, reason, isFallback }) => {
    const start = { line: Math.max(0, line - 1), character: 0 };
    // The whole line: the log does not tell a column.
    const range = { start, end: { line: start.line, character: 1000 } };
    const at = analyses.find((analysis) => holds(analysis, file, entryPoint)) ?? analyses[0];
    return { uri: placeUriOf(context, at, file), file, range, entryPoint, message: `${entryPoint}: ${reason}`, isFallback };
  });
  return { faults, measured };
}

function holds({ report }: ModuleAnalysis, file: string, entryPoint: string): boolean {
  return report.drivers.some((d) => [...d.files, ...d.headers].includes(file) && d.entryPoints.some((e) => e.name === entryPoint));
}

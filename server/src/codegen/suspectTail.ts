/** What stands behind the last line of a suspect copy: names under which the rest of the module finds its functions. */
import { suspectName } from './names';

export function suspectTail(fileNumber: number, functions: readonly string[]): string {
  return [
    '',
    '/* ---- for the stubs and the table of routes ---- */',
    ...functions.map((name) => `extern __typeof__(${name}) ${suspectName(fileNumber, name)} __attribute__((alias("${name}")));`),
    '',
  ].join('\n');
}

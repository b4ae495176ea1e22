/** Random but repeatable edits, and reports in forms that can be compared. */
import type { DriverReport, Report } from '../../server/src/report/model';

/** Numbers in [0, below), the same for the same seed (a linear congruential generator with the constants of Numerical Recipes). */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const TYPED = 'aexp0 1;(){}[]*&->.,=+/\n"\'#\\';

/** Removes, replaces or inserts one character. */
export function oneCharacterEdit(text: string, random: (below: number) => number): string {
  const at = random(text.length + 1);
  const kind = random(3);
  const typed = kind === 0 ? '' : TYPED[random(TYPED.length)];
  return text.slice(0, at) + typed + text.slice(kind === 2 ? at : at + 1);
}

/** The field sets of a driver: what must stay when a driver is only written differently. Sorted, one line per field. */
export function fieldSets(driver: DriverReport): string[] {
  return driver.entryPoints
    .flatMap((e) => [...new Set(e.fields.map((f) => `${e.name}: ${f.access} ${f.direction} ${f.record}.${f.field}`))])
    .sort();
}

/** A report without what no two runs share. */
export function comparable(report: Report): Report {
  return { ...report, summary: { ...report.summary, milliseconds: 0 } };
}

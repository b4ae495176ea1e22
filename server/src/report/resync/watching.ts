/** From what a condition looks at to who changes it. */
import type { EntryContext } from '../context';
import type { Watched } from './condition';
import { type Signal, signalsAmong } from './others';
import type { ModuleView, WriteSite } from './view';

/** Writers of what a wait looks at: other functions than those that the wait itself runs. */
export function writersOf(view: ModuleView, watched: readonly Watched[], own: ReadonlySet<number>): WriteSite[] {
  const found: WriteSite[] = [];
  for (const { name, bit } of watched)
    for (const write of view.writersOf(name))
      if (
        !own.has(write.function) &&
        sameBit(bit, write.bit) &&
        !found.some((w) => w.function === write.function && w.site.at === write.site.at)
      )
        found.push(write);
  return found;
}

/** A whole word that is written may hold the bit; another bit of it does not. */
export function sameBit(a: string | null, b: string | null): boolean {
  return a === null || b === null || a === b || !isConstant(a) || !isConstant(b);
}

/** The name or number of a bit; a variable may be any. */
function isConstant(text: string): boolean {
  return /^\(*[A-Z0-9_]+\)*$/.test(text);
}

export function writeSignals(
  view: ModuleView,
  watched: readonly Watched[],
  own: ReadonlySet<number>,
  waiting: readonly EntryContext[],
): Signal[] {
  return signalsAmong(view, writersOf(view, watched, own), waiting, 'writes').filter((s) => s.entries.length > 0);
}

export function watchedText(watched: readonly Watched[]): string {
  return [...new Set(watched.map((w) => (w.bit ? `bit ${w.bit} of ${w.name}` : w.name)))].slice(0, 3).join(', ');
}

/** In which of a module's files the functions over an object's type must stand: only some of them see the type whole. */
import type { EntryPlan, PlannedObject } from '../report/isolation/model';
import { holderOf } from '../report/isolation/modes';
import type { TreeFile } from './model';

/**
 * The number of the file that sees an object's type: the entry point's own, if it does. Which headers of the kernel a file includes is not
 * looked up: a type of the kernel is seen where what leads to the object is, and what has a private area behind it where the area is.
 */
export function homeUnit(
  files: readonly TreeFile[],
  numbers: ReadonlyMap<string, number>,
  entry: EntryPlan,
  object: PlannedObject,
  depth = 0,
): number {
  const own = numbers.get(entry.file) ?? 0;
  const at = object.declaredIn;
  const area = entry.objects.find((o) => (o.inside === object.number || o.number === object.around?.object) && o.declaredIn !== null);
  if (area && depth < entry.objects.length && !seesItself(files, numbers, own, area.declaredIn!))
    return homeUnit(files, numbers, entry, area, depth + 1);
  if (at === null) {
    const holder = object.inside ?? holderOf(object.pointer);
    return holder === null || depth >= entry.objects.length ? own : homeUnit(files, numbers, entry, entry.objects[holder], depth + 1);
  }
  if (seesItself(files, numbers, own, at)) return own;
  const home = files.find((u) => u.isUnit && (at === u.path || numbers.get(at) === numbers.get(u.path) || u.includes.includes(at)));
  return home ? (numbers.get(home.path) ?? own) : own;
}

function seesItself(files: readonly TreeFile[], numbers: ReadonlyMap<string, number>, own: number, at: string): boolean {
  return files.some((u) => u.isUnit && numbers.get(u.path) === own && (at === u.path || u.includes.includes(at)));
}

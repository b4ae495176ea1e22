/**
 * A private area is one piece of memory with the object around it (`netdev_priv`): code that has the one computes the address of the
 * other. So wherever an entry point works on both, however it reached them, they are shadowed as one.
 */
import type { EntryPlan, PlannedObject } from './model';

interface Area {
  outer: string;
  accessor: string;
}

/** By the area's type: the type around it and the accessor that leads inwards. */
function knownAreas(entries: readonly EntryPlan[]): Map<string, Area> {
  const areas = new Map<string, Area>();
  for (const { objects } of entries)
    for (const o of objects)
      if (o.inside !== null && o.pointer.kind === 'accessor')
        areas.set(o.type, { outer: objects[o.inside].type, accessor: o.pointer.function });
  return areas;
}

function heldBy(objects: readonly PlannedObject[], holder: number, type: string): PlannedObject | undefined {
  return objects.find((o) => o.type === type && o.pointer.kind === 'held' && o.pointer.object === holder && o.extent.kind === 'one');
}

/** Where an area was reached from inside and the object around it is used too, the area becomes part of that object. */
export function nestAreas(entries: readonly EntryPlan[]): void {
  const areas = knownAreas(entries);
  for (const { objects } of entries) {
    for (const object of objects) {
      const area = object.inside === null ? areas.get(object.type) : undefined;
      const outer = area && heldBy(objects, object.number, area.outer);
      if (area && outer) object.around = { object: outer.number, accessor: area.accessor };
    }
  }
}

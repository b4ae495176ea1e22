/**
 * A private area is one piece of memory with the object around it (`netdev_priv`): code that has the one computes the address of the
 * other. So wherever an entry point works on both, however it reached them, they are shadowed as one. The same holds for a record that
 * leads back to the one that it is a member of (`vblk->tag_set.driver_data == vblk`).
 */
import type { CType, Scope } from '../../symbols/types';
import { membersOf } from './memberTypes';
import type { EntryPlan, MemberStep, PlannedObject } from './model';

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

/** The way to the member of a record that is of another record's type; null where there is none, or several. */
function memberOfType(scope: Scope, outer: CType, inner: string, depth = 0): MemberStep[] | null {
  const record = scope.recordOf(outer);
  const found = (record ? membersOf(record) : []).flatMap((m): MemberStep[][] => {
    const type = scope.resolve(m.type);
    if (type.kind !== 'record') return [];
    const held = scope.recordOf(type);
    if (held && held === scope.recordOf(scope.parseType(inner))) return [[{ member: m.name }]];
    const further = depth < 3 ? memberOfType(scope, type, inner, depth + 1) : null;
    return further ? [[{ member: m.name }, ...further]] : [];
  });
  return found.length === 1 ? found[0] : null;
}

/** A record that leads to the one that it is a member of. */
function leadsBack(scope: Scope, objects: readonly PlannedObject[], object: PlannedObject): PlannedObject['around'] {
  for (const outer of objects) {
    const { pointer } = outer;
    if (pointer.kind !== 'held' || pointer.object !== object.number || !outer.isRecord || outer.extent.kind !== 'one') continue;
    if (outer.mode !== 'copy' || outer.type === object.type || pointer.members.some((m) => 'index' in m)) continue;
    const members = memberOfType(scope, scope.parseType(outer.type), object.type);
    if (members) return { object: outer.number, members };
  }
  return null;
}

/** Where an object was reached from inside and the one around it is used too, it becomes part of that object. */
export function nestAreas(entries: readonly EntryPlan[], scopeOf: (file: string) => Scope): void {
  const areas = knownAreas(entries);
  for (const { objects, file } of entries) {
    for (const object of objects) {
      if (object.inside !== null || !object.isRecord || object.mode !== 'copy') continue;
      const area = areas.get(object.type);
      const outer = area && heldBy(objects, object.number, area.outer);
      object.around = area && outer ? { object: outer.number, accessor: area.accessor } : leadsBack(scopeOf(file), objects, object);
    }
  }
}

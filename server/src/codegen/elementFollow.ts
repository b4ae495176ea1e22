/**
 * What the pointers in an array lead to, where the array is used in place. It is one range with one function that follows its pointers:
 * where in an element a pointer stands tells what it leads to.
 */
import type { PlannedObject, Pointer } from '../report/isolation/model';
import { membersText } from './memberText';

/** An object that a member of every element leads to. */
export interface ElementTarget {
  /** The member that holds the pointer, as C writes it; empty: the element itself is the pointer. */
  member: string;
  /** The statement that shares the object; `original` is the pointer's value. */
  share: string;
}

/** The pointer itself: behind container and accessor steps. */
function found(pointer: Pointer): Pointer {
  return pointer.kind === 'container' || pointer.kind === 'accessor' ? found(pointer.of) : pointer;
}

/** The member of an element in which the pointer to an object stands; null where it stands in another object. Behind an index in it, any may. */
export function memberOfElement(array: PlannedObject, target: PlannedObject): string | null {
  const pointer = found(target.pointer);
  if (pointer.kind !== 'held' || (pointer.object !== array.number && pointer.object !== array.like)) return null;
  const [first] = pointer.members;
  const members = first && 'index' in first ? pointer.members.slice(1) : pointer.members;
  const open = members.findIndex((m) => 'index' in m || m.member === '&');
  return membersText(open < 0 ? members : members.slice(0, open));
}

/** Is an object found in an element of an array, so that one call may meet many of its kind? */
export function isOneOfMany(objects: readonly PlannedObject[], object: PlannedObject): boolean {
  let at = object;
  for (let steps = 0; steps < objects.length; steps++) {
    const pointer = found(at.pointer);
    if (pointer.kind !== 'held') return false;
    if (pointer.members.some((m) => 'index' in m)) return true;
    at = objects[pointer.object];
  }
  return false;
}

/** The function that follows the pointers of an array's elements. A pointer that nobody has planned leads to memory that is used in place. */
export function elementFollow(name: string, type: string, targets: readonly ElementTarget[]): string[] {
  const members = [...new Set(targets.map((t) => t.member))];
  const lines = [
    `static void ${name}(struct fgft_call *call, void *field)`,
    '{',
    ...(members.some((m) => m !== '') ? [`\tunsigned long at = fgft_place_in_range(call, field) % sizeof(${type});`] : []),
    '\tvoid *original = fgft_original(call, *(void **)field);',
    '',
    '\tif (IS_ERR_OR_NULL(original))',
    '\t\treturn;',
  ];
  for (const member of members) {
    const shares = targets.filter((t) => t.member === member).map((t) => t.share);
    if (member === '') lines.push(...shares.map((s) => `\t${s}`));
    else
      lines.push(
        `\tif (at >= offsetof(${type}, ${member}) && at < offsetofend(${type}, ${member})) {`,
        ...shares.map((s) => `\t\t${s}`),
        '\t\treturn;',
        '\t}',
      );
  }
  return [...lines, '\tfgft_follow_object(call, field);', '}', ''];
}

/** Which objects are copied and which are used where they are. */
import type { Scope } from '../../symbols/types';
import { isWhole } from './fields';
import type { PlannedObject, Pointer } from './model';

/** Larger copies of arrays cost more than they protect. Bytes. */
const LARGEST_COPIED_ARRAY = 4096;

/** The planned object that a pointer is found in; null for parameters and globals. */
export function holderOf(pointer: Pointer): number | null {
  if (pointer.kind === 'held' || pointer.kind === 'around' || pointer.kind === 'address') return pointer.object;
  return pointer.kind === 'container' || pointer.kind === 'accessor' ? holderOf(pointer.of) : null;
}

function isGlobal(pointer: Pointer): boolean {
  return pointer.kind === 'global' || ((pointer.kind === 'container' || pointer.kind === 'accessor') && isGlobal(pointer.of));
}

function reasonOfItsOwn(object: PlannedObject, scope: Scope, neverCopied: ReadonlySet<string>): string | null {
  if (neverCopied.has(object.type.replace(/^(struct|union) /, ''))) return 'others change it at any time';
  if (isGlobal(object.pointer)) return 'a global variable holds it';
  if (object.extent.kind === 'allocation' || object.extent.kind === 'bytes' || object.extent.kind === 'member')
    return 'its length is known at run time only';
  const type = scope.parseType(object.type);
  if (object.fields.some((f) => f.flexible)) {
    object.extent = { kind: 'allocation' };
    return 'it ends in an array whose length is known at run time only';
  }
  if (object.isRecord && object.fields.some((f) => isWhole(f) && f.written) && !object.fields.every(isWhole))
    return 'it is stored into at offsets that are computed';
  if (object.extent.kind === 'elements' && (scope.sizeof(type) ?? LARGEST_COPIED_ARRAY) * object.extent.count > LARGEST_COPIED_ARRAY)
    return 'it is large';
  return null;
}

/** Decides for every object; what is reached through an object that is used in place is used in place too. */
export function decideModes(objects: readonly PlannedObject[], scope: Scope, neverCopied: ReadonlySet<string>): void {
  for (const object of objects) {
    const reason = reasonOfItsOwn(object, scope, neverCopied);
    if (reason) Object.assign(object, { mode: 'place', because: reason });
  }
  // Twice: an area decides about the object around it, which decides about all that it leads to.
  for (let round = 0; round < 2; round++) {
    for (const object of objects) {
      if (object.inside !== null && object.mode === 'place' && objects[object.inside].mode === 'copy')
        Object.assign(objects[object.inside], { mode: 'place', because: object.because });
    }
    for (const object of objects) {
      const holder = object.inside ?? holderOf(object.pointer);
      if (holder !== null && objects[holder].mode === 'place' && object.mode === 'copy')
        Object.assign(object, { mode: 'place', because: `it is reached through ${objects[holder].type}, which is used in place` });
    }
  }
}

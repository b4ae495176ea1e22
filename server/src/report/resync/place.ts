/** Which members isolation uses where they are: a wait that looks at one sees what others write. */
import type { CType, Scope } from '../../symbols/types';
import type { DriverContext } from '../context';

/** The annotation by which an author says that a member is used where it is. */
export const SHARED = '__fgft_shared';

/** True when the member, or what has that type, is a lock, counter or other object that is never copied, or is annotated as shared. */
export function isUsedInPlace(driver: DriverContext, id: number, field: { record: string; field: string } | null, type: CType): boolean {
  const scope = driver.scopeOf(driver.analysis.nodes[id].file);
  const { placeRecords } = driver.knowledge;
  if (hasPlaceType(scope, type, placeRecords)) return true;
  if (!field) return false;
  if (placeRecords.has(field.record)) return true;
  if (isSharedMember(scope, field.record, field.field)) return true;
  const record = scope.record('struct', field.record) ?? scope.record('union', field.record);
  const member = record && scope.member(record, field.field)?.member;
  return member !== undefined && hasPlaceType(scope, member.type, placeRecords);
}

/** Annotated as used in place, in the driver's text or in the workspace's file of annotations. */
export function isSharedMember(scope: Scope, record: string, field: string): boolean {
  const found = scope.record('struct', record) ?? scope.record('union', record);
  return found !== undefined && scope.member(found, field)?.member.attributes.some((a) => a.name === SHARED) === true;
}

/** True when the type, arrays and typedefs looked through, is listed under one of its names as used in place. */
export function hasPlaceType(scope: Scope, type: CType, places: ReadonlySet<string>): boolean {
  let current = type;
  for (let i = 0; i < 8; i++) {
    if (current.kind === 'array') current = current.of;
    else if (current.kind === 'named') {
      if (places.has(current.name)) return true;
      const next = scope.typedef(current.name)?.type;
      if (!next) return false;
      current = next;
    } else return current.kind === 'record' && places.has(current.name);
  }
  return false;
}

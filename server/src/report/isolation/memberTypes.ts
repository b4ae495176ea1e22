/** What the members on the way into a planned object are declared as. */
import type { CType, MemberDeclaration, RecordDeclaration, Scope } from '../../symbols/types';
import type { MemberStep } from './model';

export interface MemberType {
  type: CType;
  /** The record that declares the last member, anonymous ones looked through; undefined for an element or the object itself. */
  record: RecordDeclaration | undefined;
  declared: MemberDeclaration | undefined;
}

/** Null where a member is not known. */
export function memberType(scope: Scope, objectType: string, members: readonly MemberStep[]): MemberType | null {
  let found: MemberType = { type: scope.parseType(objectType), record: undefined, declared: undefined };
  for (const step of members) {
    if ('index' in step) {
      const resolved = scope.resolve(found.type);
      if (resolved.kind !== 'array') return null;
      found = { type: resolved.of, record: undefined, declared: undefined };
      continue;
    }
    const record = scope.recordOf(found.type);
    const declared = record && scope.member(record, step.member)?.member;
    if (!declared) return null;
    found = { type: declared.type, record, declared };
  }
  return found;
}

/** Members of a record, those of anonymous records inside it included. */
export function membersOf(record: RecordDeclaration, depth = 0): MemberDeclaration[] {
  return record.members.flatMap((m) => {
    if (m.name !== '') return [m];
    return m.type.kind === 'record' && m.type.inline && depth < 6 ? membersOf(m.type.inline, depth + 1) : [];
  });
}

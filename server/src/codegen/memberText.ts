/** Members of planned objects as C writes them. */
import type { MemberStep } from '../report/isolation/model';

export function membersText(members: readonly MemberStep[]): string {
  return members
    .map((m) => ('member' in m ? `.${m.member}` : `[${m.index ?? 0}]`))
    .join('')
    .replace(/^\./, '');
}

/** The object's member as an lvalue. */
export function lvalue(object: string, members: readonly MemberStep[]): string {
  if (members.length === 0) return `*${object}`;
  const text = membersText(members);
  return text.startsWith('[') ? `${object}${text}` : `${object}->${text}`;
}

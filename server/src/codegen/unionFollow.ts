/** C that tells, when a pointer in a union is first loaded, which of the union's members is there. */
import type { Alternative, PlannedObject } from '../report/isolation/model';
import { membersText } from './memberText';

/**
 * The condition under which a member is live, over `now`, the record that isolated code works on, and `before`, the original: what does
 * not travel stands in the original alone.
 */
export function liveTest(object: PlannedObject, { when }: Alternative): string | null {
  if (!when) return null;
  const paths = new Map(when.names.map((n) => [n.name, membersText(n.members)]));
  const travels = (text: string): boolean => object.fields.some((f) => f.text === text && f.read);
  return when.text.trim().replace(/(?<![\w.]|->)[A-Za-z_]\w*/g, (name) => {
    const path = paths.get(name);
    return path === undefined ? name : `${travels(path) ? 'now' : 'before'}->${path}`;
  });
}

/** Declarations of what the tests name, for a function whose `field` is the address of `member`. */
export function liveDeclarations(object: PlannedObject, member: string, tests: readonly string[]): string[] {
  const uses = (word: string): boolean => tests.some((t) => t.includes(`${word}->`));
  const now = `(const ${object.type} *)((char *)field - offsetof(${object.type}, ${member}))`;
  return [
    ...(uses('now') ? [`\tconst ${object.type} *now = ${now};`] : []),
    ...(uses('before') ? [`\tconst ${object.type} *before = fgft_original(call, (void *)${now});`] : []),
  ];
}

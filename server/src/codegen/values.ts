/** C that says which values a call may leave in the members that it writes. */
import type { MemberStep, PlannedField, PlannedObject, ValueLimit } from '../report/isolation/model';
import { membersText } from './memberText';

function named(value: number): string {
  return value < 0 ? `minus_${-value}` : String(value);
}

/** Numbers beyond an int need their suffix: the limits have 64 bits. */
function literal(value: number): string {
  return Math.abs(value) > 0x7fffffff ? `${value}LL` : String(value);
}

export function limitName({ least, most }: ValueLimit): string {
  return `fgft_limit_${named(least)}_${named(most)}`;
}

export function limitDefinition(limit: ValueLimit): string {
  return `static const struct fgft_limit ${limitName(limit)} __maybe_unused = { .least = ${literal(limit.least)}, .most = ${literal(limit.most)} };`;
}

/** The flags that a member's values add to its others. */
export function valueFlags({ limit, neverNull }: PlannedField): string[] {
  return [...(limit && limit.least < 0 ? ['FGFT_SIGNED'] : []), ...(neverNull ? ['FGFT_NON_NULL'] : [])];
}

/** What the runtime is told of a member that is used in place and whose values have limits. */
export function limitedField(type: string, field: PlannedField, name: string): string[] {
  const flags = valueFlags(field).join(' | ') || '0';
  const limit = field.limit ? `, .limit = &${limitName(field.limit)}` : '';
  return [
    `static const struct fgft_field ${name} = {`,
    `\tFGFT_MEMBER(${type}, ${membersText(field.members)}), .flags = ${flags}${limit}`,
    '};',
    '',
  ];
}

/**
 * The function that compares counts with the memory that the pointers beside them lead to, as it is when the call ends; null where there
 * is nothing to compare. `name` is the function's.
 */
export function countsCheck(object: PlannedObject, name: string): string[] | null {
  if (object.counts.length === 0) return null;
  const { type } = object;
  // What does not travel has its value in the original alone.
  const travels = (members: readonly MemberStep[]): boolean => object.fields.some((f) => f.text === membersText(members));
  const tests = object.counts.map(({ count, pointer }) => {
    const held = `${travels(pointer) ? 'now' : 'before'}->${membersText(pointer)}`;
    return `fgft_holds(core, ${held}, now->${membersText(count)}, sizeof(*${held}))`;
  });
  const uses = (word: string): boolean => tests.some((t) => new RegExp(`\\b${word}->`).test(t));
  return [
    `static bool ${name}(struct fgft_core *core, const void *copy, const void *original)`,
    '{',
    `\tconst ${type} *now = copy;`,
    ...(uses('before') ? [`\tconst ${type} *before = original;`] : []),
    '',
    `\treturn ${tests.join(' &&\n\t       ')};`,
    '}',
    '',
  ];
}

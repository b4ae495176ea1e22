/** What the marshaling rules ask about access paths and the declarations behind them. */
import type { Site } from '../../analysis/model';
import type { PathTable } from '../../analysis/paths';
import type { CType, MemberDeclaration, RecordDeclaration, Scope } from '../../symbols/types';
import type { DriverContext } from '../context';

/** What paths are classified as. */
export interface Notes<T> {
  /** What a path and the paths that it goes through are classified as, outermost first. */
  of(path: number): readonly T[];
  /** Whether there is anything. */
  on(path: number): boolean;
}

/** Every path is classified once, when it is first asked about. */
export function notesAlong<T>(paths: PathTable, classify: (path: number) => T | null): Notes<T> {
  const known: (readonly T[] | undefined)[] = [];
  const none: readonly T[] = [];
  const notes = (path: number): readonly T[] => {
    const found = known[path];
    if (found) return found;
    const parent = paths.parent(path);
    const before = parent < 0 ? none : notes(parent);
    const own = parent < 0 ? null : classify(path);
    const made = own === null ? before : [...before, own];
    known[path] = made;
    return made;
  };
  return { of: notes, on: (path) => notes(path) !== none };
}

/** The declaration of a member and of the record that holds it, by the names of a path's step. */
export function memberOf(
  scope: Scope,
  record: string,
  field: string,
): { record: RecordDeclaration; member: MemberDeclaration } | undefined {
  const declared = scope.record('struct', record) ?? scope.record('union', record);
  return declared && scope.member(declared, field);
}

/** True for `void *` and for integers that are wide enough to hold an address. */
export function isUntyped(scope: Scope, type: CType): 'void' | 'integer' | null {
  const resolved = scope.resolve(type);
  if (resolved.kind === 'pointer') return scope.resolve(resolved.to).kind === 'void' ? 'void' : null;
  return resolved.kind === 'basic' && scope.sizeof(resolved) === scope.sizeof({ kind: 'pointer', to: { kind: 'void' } }) ? 'integer' : null;
}

/** True when a value of the type is or holds a pointer. */
export function holdsPointer(scope: Scope, type: CType, depth = 0): boolean {
  const resolved = scope.resolve(type);
  if (resolved.kind === 'pointer') return true;
  if (resolved.kind === 'array') return holdsPointer(scope, resolved.of, depth + 1);
  const record = depth < 3 ? scope.recordOf(resolved) : undefined;
  return record?.members.some((m) => holdsPointer(scope, m.type, depth + 1)) ?? false;
}

/** True when a place in the driver's text stands in a loop of its function. */
export function isInLoop(driver: DriverContext, site: Site): boolean {
  const { ir } = driver.analysis.nodes[site.function];
  return ir.loops.some((l) => site.at >= l.start && site.at < l.end);
}

/** Names that say how long what another member or parameter points to is: `len` of `buf`, `n_items` and `item_count` of `items`. */
export function isLengthName(name: string, of: string): boolean {
  const stem = of.replace(/(s|_?(buf(fer)?|data|array|table|list|ptr))$/, '');
  const known = [of, stem].filter((s) => s.length > 0);
  return known.some(
    (s) =>
      // Most names have nothing to do with each other, and a pattern costs far more than this look.
      name.includes(s) &&
      (new RegExp(`^(n|nr|num|no|len|size|count)(_?of)?_?${escaped(s)}s?$`).test(name) ||
        new RegExp(`^${escaped(s)}s?_?(n|nr|num|len|length|size|sz|cnt|count|bytes|entries)$`).test(name)),
  );
}

function escaped(text: string): string {
  return text.replace(/[^\w]/g, '\\$&');
}

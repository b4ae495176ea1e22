/** What isolated entry points need to know of the kernel: which are never isolated, and what a failed call returns. */
import { isRow, type KnowledgeFile, namesOf, textOf } from './files';

export interface ExemptRegistration {
  pattern: RegExp;
  reason: string;
}

export interface FailureResult {
  /** A C expression; null where the row says none. */
  value: string | null;
  /** The kernel goes on as if the call had succeeded: what was taken back is done natively then. */
  thenNative: boolean;
  /** C statements; `$record` stands for a parameter that points to that record. */
  cleanup: readonly string[];
}

/** What a kernel function does that a call which fails must not leave behind. */
export interface FunctionEffect {
  /** It cannot be taken back: it runs when the call has succeeded. Its result must not matter. */
  deferred: boolean;
  /** What a deferred call seems to have returned. */
  result: 0 | 1;
  /** Of a deferred one: the function that does the same once the call has ended, with 0-based arguments of the call. */
  later: { by: string; arguments: readonly number[] } | null;
  /** The function that takes it back, with 0-based arguments of the call or its result; `when`: after which results. */
  undo: {
    by: string;
    /** The function that does it where `by`, which sleeps, must not. */
    atomic: string | null;
    /** A number of an argument, the result, `*N`: the word that argument N points to afterwards, or `=N`: the number N. */
    arguments: readonly (number | string)[];
    when: 'zero' | 'nonzero' | 'always';
  } | null;
}

export interface IsolationKnowledge {
  exempt: readonly ExemptRegistration[];
  /** By registration (`napi_struct.poll`) or type of the result (`irqreturn_t`, `enum hrtimer_restart`). */
  failures: ReadonlyMap<string, FailureResult>;
  /** By function, as the linker names it: inline functions bring those along. */
  effects: ReadonlyMap<string, FunctionEffect>;
  /** Pointers (`record.member`) that the kernel follows without a test: a call may not leave NULL there. */
  neverNull: ReadonlySet<string>;
  /** Records that are not copied: everybody counts in them at any time, and finds them by computing. */
  neverCopied: ReadonlySet<string>;
}

function wholePattern(text: string): RegExp | null {
  try {
    return new RegExp(`^(?:${text})$`);
  } catch {
    return null;
  }
}

/** A key lists names; `enum x` is one name. */
function keysOf(key: string): string[] {
  const names = namesOf(key);
  return names[0] === 'enum' ? [key] : names;
}

function numbersOf(value: unknown): number[] {
  return Array.isArray(value) ? value.filter((v): v is number => typeof v === 'number') : [];
}

function effectOf(row: Record<string, unknown>): FunctionEffect {
  const { undo } = row;
  const deferred = row.deferred === true;
  const result = row.result === 1 ? 1 : 0;
  const later = isRow(row.later) ? { by: textOf(row.later.by), arguments: numbersOf(row.later.arguments) } : null;
  if (!isRow(undo)) return { deferred, result, later, undo: null };
  const given = Array.isArray(undo.arguments)
    ? undo.arguments.filter((a): a is number | string => typeof a === 'number' || /^(result|\*[0-5]|=\d)$/.test(textOf(a)))
    : [];
  const when = undo.when === 'zero' || undo.when === 'nonzero' ? undo.when : 'always';
  const atomic = typeof undo.atomic === 'string' ? undo.atomic : null;
  return { deferred, result, later, undo: { by: textOf(undo.by), atomic, arguments: given, when } };
}

/** Joins the sections of all isolation files; later rows win. Rows of the wrong shape are left out. */
export function isolationOf(files: readonly KnowledgeFile[]): IsolationKnowledge {
  const exempt: ExemptRegistration[] = [];
  const failures = new Map<string, FailureResult>();
  const effects = new Map<string, FunctionEffect>();
  const neverNull = new Set<string>();
  const neverCopied = new Set<string>();
  for (const { isolation } of files) {
    for (const row of Array.isArray(isolation?.exempt) ? isolation.exempt.filter(isRow) : []) {
      const pattern = wholePattern(textOf(row.pattern));
      if (pattern) exempt.push({ pattern, reason: textOf(row.reason) });
    }
    for (const [key, row] of Object.entries(isRow(isolation?.failures) ? isolation.failures : {})) {
      if (!isRow(row)) continue;
      const value = typeof row.value === 'string' ? row.value : null;
      const thenNative = row.then === 'native';
      const cleanup = Array.isArray(row.cleanup) ? row.cleanup.filter((c): c is string => typeof c === 'string') : [];
      if (value === null && !thenNative && cleanup.length === 0) continue;
      for (const name of keysOf(key)) failures.set(name, { value, thenNative, cleanup });
    }
    for (const [key, row] of Object.entries(isRow(isolation?.effects) ? isolation.effects : {}))
      if (isRow(row)) for (const name of namesOf(key)) effects.set(name, effectOf(row));
    for (const key of Object.keys(isRow(isolation?.neverNull) ? isolation.neverNull : {}))
      for (const name of namesOf(key)) neverNull.add(name);
    for (const key of Object.keys(isRow(isolation?.neverCopied) ? isolation.neverCopied : {}))
      for (const name of namesOf(key)) neverCopied.add(name);
  }
  return { exempt, failures, effects, neverNull, neverCopied };
}

/** Rows of one file, for the list that tells which knowledge was read. */
export function isolationRows(file: KnowledgeFile): number {
  const { exempt, failures, effects, neverNull, neverCopied } = file.isolation ?? {};
  const listed = isRow(failures) ? Object.keys(failures).reduce((sum, key) => sum + keysOf(key).length, 0) : 0;
  const count = (rows: unknown): number => (isRow(rows) ? Object.keys(rows).reduce((sum, key) => sum + namesOf(key).length, 0) : 0);
  return listed + count(effects) + count(neverNull) + count(neverCopied) + (Array.isArray(exempt) ? exempt.length : 0);
}

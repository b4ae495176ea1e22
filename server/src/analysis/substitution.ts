/** A callee's paths in the caller's terms: what a parameter points to becomes what the argument points to. */
import type { PathTable } from './paths';

/** What a call's arguments may point to. */
export type Bindings = readonly ReadonlySet<number>[];

/** The path means nothing to the caller: a parameter itself, or a variable of the callee's. */
const NOWHERE = -1;
/** Answers below it are lists: number `FIRST_LIST - answer`. */
const FIRST_LIST = -2;

const NO_PATHS: readonly number[] = [];

/**
 * Substitutes paths for one call after the other. What is asked for a call is remembered by path in arrays that serve all calls: large
 * modules ask a hundred million times, mostly for a path that becomes one other.
 */
export class Substitution {
  private bindings: Bindings = [];
  /** Per path: the call for which `answers` has its answer. */
  private calls = new Int32Array(1024);
  private answers = new Int32Array(1024);
  private call = 0;
  private lists: (readonly number[])[] = [];

  constructor(private readonly paths: PathTable) {}

  /** From now on paths are those of a callee that is called with these arguments. */
  begin(bindings: Bindings): void {
    this.bindings = bindings;
    this.lists = [];
    this.call++;
  }

  /** The one path that a callee's path stands for; -1 when it stands for none or for several, see {@link all}. */
  single(path: number): number {
    return Math.max(this.answer(path), NOWHERE);
  }

  /** All paths that a callee's path stands for. */
  all(path: number): readonly number[] {
    const answer = this.answer(path);
    if (answer >= 0) return [answer];
    return answer === NOWHERE ? NO_PATHS : this.lists[FIRST_LIST - answer];
  }

  private answer(path: number): number {
    const { paths } = this;
    if (paths.isSameEverywhere(path)) return path;
    if (path >= this.calls.length) this.grow(path);
    else if (this.calls[path] === this.call) return this.answers[path];
    const answer = this.find(path);
    this.calls[path] = this.call;
    this.answers[path] = answer;
    return answer;
  }

  private find(path: number): number {
    const { paths } = this;
    const parent = paths.parent(path);
    if (parent < 0) return NOWHERE;
    if (paths.parent(parent) < 0 && paths.step(path)!.kind === 'deref') {
      const root = paths.rootOf(parent);
      if (root.kind === 'parameter') {
        const bound = this.bindings[root.index];
        return bound ? this.encode([...bound]) : NOWHERE;
      }
    }
    const base = this.answer(parent);
    if (base === NOWHERE) return NOWHERE;
    const step = paths.stepNumber(path);
    if (base >= 0) return paths.extendBy(base, step);
    return this.encode([...new Set(this.lists[FIRST_LIST - base].map((b) => paths.extendBy(b, step)))]);
  }

  private encode(list: readonly number[]): number {
    if (list.length === 0) return NOWHERE;
    return list.length === 1 ? list[0] : FIRST_LIST + 1 - this.lists.push(list);
  }

  private grow(path: number): void {
    const length = Math.max(path + 1, this.calls.length * 2);
    const calls = new Int32Array(length);
    calls.set(this.calls);
    this.calls = calls;
    const answers = new Int32Array(length);
    answers.set(this.answers);
    this.answers = answers;
  }
}

/** The same for a question now and then, without anything to remember. */
export function substitute(paths: PathTable, path: number, bindings: Bindings): readonly number[] {
  if (paths.isSameEverywhere(path)) return [path];
  /** Steps behind what the parameter points to, the last first. */
  const steps: number[] = [];
  let at = path;
  for (; ; at = paths.parent(at)) {
    const parent = paths.parent(at);
    if (parent < 0) return NO_PATHS;
    if (paths.parent(parent) < 0 && paths.step(at)!.kind === 'deref' && paths.rootOf(parent).kind === 'parameter') break;
    steps.push(paths.stepNumber(at));
  }
  const root = paths.rootOf(at);
  const found = root.kind === 'parameter' ? [...(bindings[root.index] ?? [])] : [];
  return [...new Set(found.map((target) => steps.reduceRight((p, step) => paths.extendBy(p, step), target)))];
}

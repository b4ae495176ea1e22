/** What reports of one module take over from one analysis to the next, while its declarations stay the same. */

/**
 * Answers by what they were made from, most often a function's summary: that is another one as soon as the function's own text or what it
 * sees of its callees changed. An answer must rest on nothing else but declarations and knowledge, must hold no position that an edit above
 * moves, and must not hold on to the analysis that it was made in. It goes when its key goes.
 */
export class ReportMemory {
  private readonly kinds = new Map<string, WeakMap<object, unknown>>();

  /** The answer of that kind for `key`; `make` is asked when there is none yet. */
  of<T>(kind: string, key: object, make: () => T): T {
    let known = this.kinds.get(kind);
    if (!known) this.kinds.set(kind, (known = new WeakMap()));
    let answer = known.get(key) as T | undefined;
    if (answer === undefined) known.set(key, (answer = make()));
    return answer;
  }

  /** The last answer of that kind for `key`, as long as all that it rests on besides are the same objects and values. */
  whileSame<T>(kind: string, key: object, rests: readonly unknown[], make: () => T): T {
    const last = this.of(kind, key, (): { rests: readonly unknown[]; answer: T } => ({ rests, answer: make() }));
    if (last.rests.length !== rests.length || last.rests.some((r, i) => r !== rests[i])) Object.assign(last, { rests, answer: make() });
    return last.answer;
  }
}

/** Where effects really happen: followed through the callees that they came from. */
import type { Effect, Site, Summary } from './model';

/** Places kept per effect: enough to show a person, not every repetition. */
const MAXIMUM_SITES = 8;
/** Calls kept of a chain. */
const MAXIMUM_CHAIN = 32;
/** Calls followed to a place. A chain this long is generated, and following it would need more stack than there is. */
const MAXIMUM_DEPTH = 500;

/** Answers questions about origins over one state of the summaries; every effect is followed once. */
export class Origins {
  private readonly sites = new Map<number, readonly Site[]>();
  private readonly chains = new Map<number, readonly number[]>();

  constructor(private readonly summaries: readonly Summary[]) {}

  /** Up to eight places in the driver's text that touch what the effect is about, the function's own first. */
  sitesOf(effect: Effect, depth = 0): readonly Site[] {
    const { sites, from } = effect;
    if (from.length === 0 || depth > MAXIMUM_DEPTH) return sites;
    const key = keyOf(effect);
    const known = this.sites.get(key);
    if (known) return known;
    // A recursive effect comes back here: what the function itself touches is its share then.
    this.sites.set(key, sites);
    let found: readonly Site[] = sites;
    for (const next of this.next(from)) {
      if (found.length >= MAXIMUM_SITES) break;
      const more = this.sitesOf(next, depth + 1);
      found = found.length === 0 ? more : [...found, ...more.filter((s) => !found.includes(s))].slice(0, MAXIMUM_SITES);
    }
    this.sites.set(key, found);
    return found;
  }

  /** The functions through which the effect is reached, nearest first; empty when the function touches it itself. */
  chainOf(effect: Effect, depth = 0): readonly number[] {
    const { sites, from } = effect;
    if (sites.length > 0 || from.length === 0 || depth > MAXIMUM_CHAIN) return [];
    const key = keyOf(effect);
    const known = this.chains.get(key);
    if (known) return known;
    const [{ function: id }] = from;
    this.chains.set(key, [id]);
    const [next] = this.next(from);
    const chain = next ? [id, ...this.chainOf(next, depth + 1)].slice(0, MAXIMUM_CHAIN) : [id];
    // One that was cut because others stand before it must not be remembered as the whole.
    if (depth === 0 || chain.length + depth <= MAXIMUM_CHAIN) this.chains.set(key, chain);
    else this.chains.delete(key);
    return chain;
  }

  private next(from: Effect['from']): Effect[] {
    const found: Effect[] = [];
    for (const { function: id, path } of from) {
      const next = this.summaries[id].effects.get(path);
      if (next) found.push(next);
    }
    return found;
  }
}

/** More paths than any module has: with it, a function and a path make an exact number. */
const MAXIMUM_PATHS = 2 ** 31;

function keyOf(effect: Effect): number {
  return effect.function * MAXIMUM_PATHS + effect.path;
}

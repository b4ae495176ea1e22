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
  private readonly sites = new Map<Effect, readonly Site[]>();
  private readonly chains = new Map<Effect, readonly number[]>();

  constructor(private readonly summaries: readonly Summary[]) {}

  /** Up to eight places in the driver's text that touch what the effect is about, the function's own first. */
  sitesOf(effect: Effect, depth = 0): readonly Site[] {
    if (effect.from.length === 0 || depth > MAXIMUM_DEPTH) return effect.sites;
    const known = this.sites.get(effect);
    if (known) return known;
    // A recursive effect comes back here: what the function itself touches is its share then.
    this.sites.set(effect, effect.sites);
    let found: readonly Site[] = effect.sites;
    for (const next of this.next(effect)) {
      if (found.length >= MAXIMUM_SITES) break;
      const more = this.sitesOf(next, depth + 1);
      found = found.length === 0 ? more : [...found, ...more.filter((s) => !found.includes(s))].slice(0, MAXIMUM_SITES);
    }
    this.sites.set(effect, found);
    return found;
  }

  /** The functions through which the effect is reached, nearest first; empty when the function touches it itself. */
  chainOf(effect: Effect, depth = 0): readonly number[] {
    if (effect.sites.length > 0 || effect.from.length === 0 || depth > MAXIMUM_CHAIN) return [];
    const known = this.chains.get(effect);
    if (known) return known;
    const [{ function: id }] = effect.from;
    this.chains.set(effect, [id]);
    const [next] = this.next(effect);
    const chain = next ? [id, ...this.chainOf(next, depth + 1)].slice(0, MAXIMUM_CHAIN) : [id];
    // One that was cut because others stand before it must not be remembered as the whole.
    if (depth === 0 || chain.length + depth <= MAXIMUM_CHAIN) this.chains.set(effect, chain);
    else this.chains.delete(effect);
    return chain;
  }

  private next(effect: Effect): Effect[] {
    const found: Effect[] = [];
    for (const { function: id, path } of effect.from) {
      const next = this.summaries[id].effects.get(path);
      if (next) found.push(next);
    }
    return found;
  }
}

/** Where an effect really happens: followed through the callees that it came from. */
import type { Effect, Site, Summary } from './model';

/** Up to `limit` places in the driver's text that touch what the effect is about, the function's own first. */
export function sitesOf(summaries: readonly Summary[], effect: Effect, limit: number): Site[] {
  const found: Site[] = [];
  const seen = new Set<Effect>();
  const work = [effect];
  while (work.length > 0 && found.length < limit) {
    const current = work.shift()!;
    if (seen.has(current)) continue;
    seen.add(current);
    for (const site of current.sites) if (found.length < limit) found.push(site);
    for (const { function: id, path } of current.from) {
      const next = summaries[id].effects.get(path);
      if (next) work.push(next);
    }
  }
  return found;
}

/** The functions through which the effect is reached, nearest first. */
export function chainOf(summaries: readonly Summary[], effect: Effect): number[] {
  const chain: number[] = [];
  const seen = new Set<Effect>();
  let current: Effect | undefined = effect;
  while (current && !seen.has(current) && current.sites.length === 0 && current.from.length > 0) {
    seen.add(current);
    const { function: id, path }: { function: number; path: number } = current.from[0];
    chain.push(id);
    current = summaries[id].effects.get(path);
  }
  return chain;
}

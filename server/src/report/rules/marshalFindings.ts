/** Findings about places in memory: one per place, for all entry points that meet it. Internal to the marshaling rules. */
import type { Effect } from '../../analysis/model';
import { type DriverContext, type EntryContext, siteRange } from '../context';
import { accessName } from '../fields';
import { startOf } from '../locator';
import type { Confidence, Finding, FindingFix, Severity } from '../model';

/** Places that a trace shows. */
const SHOWN = 3;

export interface MarshalFinding {
  key: string;
  rule: string;
  severity: Severity;
  confidence: Confidence;
  message: string;
  /** What shows it, the telling one first. */
  effects: readonly Effect[];
  fix?: FindingFix;
}

/** Gathers findings by key; those without a place in the driver's text are dropped. */
export class MarshalFindings {
  private readonly found = new Map<string, Finding>();

  constructor(private readonly driver: DriverContext) {}

  /** Adds what `find` sees in an entry point's summary alone; it looks once per summary. */
  addFrom(entry: EntryContext, rule: string, find: () => readonly MarshalFinding[]): void {
    for (const made of this.driver.memory.of(rule, entry.summary, find)) this.add(entry, made);
  }

  add(entry: EntryContext, made: MarshalFinding): void {
    const known = this.found.get(made.key);
    if (known) {
      if (!known.entryPoints.includes(entry.node.name)) known.entryPoints.push(entry.node.name);
      return;
    }
    const shown = made.effects.flatMap((effect) =>
      this.driver.origins
        .sitesOf(effect)
        .slice(0, 1)
        .map((site) => ({ effect, site })),
    );
    if (shown.length === 0) return;
    this.found.set(made.key, {
      rule: made.rule,
      severity: made.severity,
      confidence: made.confidence,
      message: made.message,
      location: siteRange(this.driver, shown[0].site).location,
      entryPoints: [entry.node.name],
      trace: shown.slice(0, SHOWN).map(({ effect, site }) => ({
        location: startOf(siteRange(this.driver, site).location),
        message: `${this.driver.analysis.nodes[site.function].name} ${accessName(effect.access) === 'R' ? 'reads' : 'writes'} it here`,
      })),
      ...(made.fix && { fix: made.fix }),
    });
  }

  get all(): Finding[] {
    return [...this.found.values()];
  }
}

/** All results of a kernel line, as the page needs them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DriverCampaign, readCampaign } from '../campaign/keep';
import { SILENT_KINDS } from '../campaign/kinds';
import type { FaultOutcome, Verdict } from '../campaign/outcome';
import type { DriverMeasure, Estimate } from '../measure/run';
import type { FunctionTime } from '../measure/results';

export interface PageData {
  /** `6.1` */
  line: string;
  campaigns: DriverCampaign[];
  controls: DriverCampaign[];
  measures: DriverMeasure[];
}

/** Results below `folder/line`. Nothing but empty lists where there are none. */
export function pageData(folder: string, line: string): PageData {
  const from = join(folder, line);
  const names = existsSync(from) ? readdirSync(from).sort() : [];
  const campaigns = names
    .filter((n) => n.endsWith('.json') && !n.endsWith('.measure.json'))
    .map((n) => readCampaign(join(from, n)))
    .filter((c) => c !== null);
  const measures = names
    .filter((n) => n.endsWith('.measure.json'))
    .map((n) => JSON.parse(readFileSync(join(from, n), 'utf8')) as DriverMeasure);
  return { line, campaigns: campaigns.filter((c) => !c.control), controls: campaigns.filter((c) => c.control), measures };
}

export type Counts = Record<Verdict, number>;

export function countVerdicts(outcomes: readonly FaultOutcome[]): Counts {
  const counts: Counts = {
    'not-activated': 0,
    recovered: 0,
    'not-recovered': 0,
    harmless: 0,
    undetected: 0,
    hung: 0,
    'kernel-died': 0,
  };
  for (const { verdict } of outcomes) counts[verdict]++;
  return counts;
}

/** Faults that happened: their place was reached while they were alive, or the machine was lost before it could tell. */
export function happened(outcomes: readonly FaultOutcome[]): FaultOutcome[] {
  return outcomes.filter((o) => o.verdict !== 'not-activated');
}

/** The machine did not survive it. */
export const isLost = (o: FaultOutcome): boolean => o.verdict === 'hung' || o.verdict === 'kernel-died';

/** It was an event: the runtime noticed it, or it did harm. */
export const isNoticed = (o: FaultOutcome): boolean => o.detected > 0 || o.verdict === 'undetected' || isLost(o);

export const isSilent = (o: FaultOutcome): boolean => SILENT_KINDS.has(o.kind);

/** One isolated entry point, measured and estimated. */
export interface CostPoint {
  driver: string;
  name: string;
  cost: Estimate;
  native: FunctionTime;
  off: FunctionTime | null;
  isolated: FunctionTime;
  /** Instructions that isolation adds to a call. */
  added: number;
}

/** The entry points of all measured drivers that the workload reached, without those of which a call ran natively or faulted. */
export function costPoints(measures: readonly DriverMeasure[]): CostPoint[] {
  return measures.flatMap((m) => {
    const clean = new Set(m.entries.filter((e) => e.calls > 0 && e.fallbacks === 0 && e.faults === 0).map((e) => e.name));
    return Object.entries(m.functions.isolated ?? {}).flatMap(([name, isolated]) => {
      const native = m.functions.native?.[name];
      const cost = m.estimates[name];
      if (!clean.has(name) || !native || !cost) return [];
      return [
        { driver: m.driver, name, cost, native, off: m.functions.off?.[name] ?? null, isolated, added: isolated.median - native.median },
      ];
    });
  });
}

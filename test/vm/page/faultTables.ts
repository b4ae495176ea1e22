/** What the page says about faults. */
import { FAULT_KINDS, SILENT_KINDS } from '../campaign/kinds';
import type { DriverCampaign } from '../campaign/keep';
import type { FaultOutcome } from '../campaign/outcome';
import { median } from '../measure/statistics';
import { count, percent, ratio, table, time } from './markdown';
import { countVerdicts, happened, isLost, isNoticed, isSilent, type PageData } from './data';

const HEAD = ['faults', 'recovered', 'not recovered', 'harmless', 'undetected', 'hung', 'kernel died'];

function cells(outcomes: readonly FaultOutcome[]): (string | number)[] {
  const ran = happened(outcomes);
  const c = countVerdicts(ran);
  return [ran.length, c.recovered, c['not-recovered'], c.harmless, c.undetected, c.hung, c['kernel-died']];
}

/** Entry points in which at least one fault happened. */
export function reachedEntries(campaigns: readonly DriverCampaign[]): number {
  return campaigns.reduce((sum, c) => sum + new Set(happened(c.outcomes).map((o) => o.entryPoint)).size, 0);
}

export function summary({ campaigns }: PageData): string {
  const ran = happened(campaigns.flatMap((c) => c.outcomes));
  const loud = ran.filter((o) => !isSilent(o));
  const events = ran.filter(isNoticed);
  const well = events.filter((o) => o.verdict === 'recovered');
  const lost = ran.filter(isLost);
  const leaks = campaigns.flatMap((c) => c.leaks);
  const clean = leaks.filter((l) => l.grown?.length === 0);
  return [
    `- **${count(ran.length)} faults** happened in ${campaigns.length} drivers of ${new Set(campaigns.map((c) => c.class)).size} classes and`,
    `  ${reachedEntries(campaigns)} entry points. ${count(loud.length)} are of kinds that a check, a trap or a count can notice; the other`,
    `  ${count(ran.length - loud.length)} only make a value wrong and are counted apart below.`,
    `- Of the ${count(events.length)} that were noticed or did harm, **${count(well.length)} (${percent(well.length, events.length)}) were recovered**: the call failed or was`,
    '  taken back, the same step without the fault worked, the driver worked, what had been set before was still set, and the kernel had',
    `  nothing to complain about. ${lost.length === 0 ? 'The kernel was alive after every one.' : `${count(lost.length)} cost the machine (listed below).`}`,
    `- Leaks: ${clean.length} of ${leaks.length} entry points that were looked at (one recovered fault of each, repeated) leak nothing.`,
    '',
  ].join('\n');
}

export function driverTable({ campaigns }: PageData): string {
  const rows = campaigns.map((c) => [
    c.driver,
    c.class,
    `${c.entries.filter((e) => e.calls > 0).length} of ${c.entries.length}`,
    ...cells(c.outcomes),
    `${c.leaks.filter((l) => l.grown?.length === 0).length} of ${c.leaks.length}`,
  ]);
  const all = campaigns.flatMap((c) => c.outcomes);
  const entries = campaigns.flatMap((c) => c.entries);
  const leaks = campaigns.flatMap((c) => c.leaks);
  const sum = [
    'all',
    '',
    `${entries.filter((e) => e.calls > 0).length} of ${entries.length}`,
    ...cells(all),
    `${leaks.filter((l) => l.grown?.length === 0).length} of ${leaks.length}`,
  ];
  return table(['driver', 'class', 'isolated entry points that ran', ...HEAD, 'no leak'], [...rows, sum], 2);
}

export function kindTable({ campaigns }: PageData, silent: boolean): string {
  const all = campaigns.flatMap((c) => c.outcomes);
  const kinds = FAULT_KINDS.filter((k) => SILENT_KINDS.has(k) === silent);
  const rows = kinds.map((kind) => [kind, ...cells(all.filter((o) => o.kind === kind))]);
  return table(['kind', ...HEAD], [...rows, ['all', ...cells(all.filter((o) => isSilent(o) === silent))]]);
}

/** The same faults in the native driver. */
export function controlTable({ campaigns, controls }: PageData): string {
  if (controls.length === 0) return 'Not run.\n';
  const rows = controls.map((c) => {
    const isolated = campaigns.find((i) => i.driver === c.driver);
    const both = new Set(c.outcomes.map((o) => o.number));
    return [c.driver, ...cells(c.outcomes), isolated ? cells(isolated.outcomes.filter((o) => both.has(o.number)))[1] : 'n/a'];
  });
  const head = HEAD.filter((h) => h !== 'recovered' && h !== 'not recovered');
  return table(
    ['driver', ...head, 'of these, recovered when isolated'],
    rows.map((r) => r.filter((_, i) => i !== 2 && i !== 3)),
  );
}

export interface RecoveryRow {
  driver: string;
  recoveries: number;
  recovery: number;
  unload: number;
  load: number;
}

export function recoveryRows({ campaigns }: PageData): RecoveryRow[] {
  return campaigns.flatMap((c) => {
    const times = c.outcomes.map((o) => o.recovery).filter((r) => r !== null && r > 0) as number[];
    const reloads = c.reloads.filter((r) => r.status === 0);
    if (times.length === 0 || reloads.length === 0) return [];
    return [
      {
        driver: c.driver,
        recoveries: times.length,
        recovery: median(times),
        unload: median(reloads.map((r) => r.unload)),
        load: median(reloads.map((r) => r.load)),
      },
    ];
  });
}

export function recoveryTable(data: PageData): string {
  const rows = recoveryRows(data).map((r) => [
    r.driver,
    r.recoveries,
    time(r.recovery),
    time(r.unload),
    time(r.load),
    ratio((r.unload + r.load) / r.recovery),
    percent(r.unload + r.load - r.recovery, r.unload + r.load),
  ]);
  return table(
    [
      'driver',
      'recoveries',
      'fault to answered error (median)',
      '`rmmod`',
      '`insmod` until the first step works',
      'times faster',
      'shorter by',
    ],
    rows,
  );
}

/** Every fault that was noticed and not recovered, did harm unnoticed, or cost the machine. */
export function failures({ campaigns }: PageData): string {
  const rows = campaigns.flatMap((c) =>
    c.outcomes
      .filter((o) => ['not-recovered', 'undetected', 'hung', 'kernel-died'].includes(o.verdict))
      .map((o) => [c.driver, `${o.file}:${o.line}`, o.entryPoint, o.kind, `\`${o.text.slice(0, 50)}\``, o.verdict, why(o)]),
  );
  return rows.length === 0 ? 'None.\n' : table(['driver', 'place', 'entry point', 'kind', 'text', 'verdict', 'what was seen'], rows, 7);
}

function why(o: FaultOutcome): string {
  if (o.lastWords !== undefined) return (o.lastWords.split('\n').find((l) => l.trim() !== '') ?? '').slice(0, 90);
  const words = [
    o.retry !== 0 ? 'the step fails without the fault, too' : '',
    o.health !== 0 ? 'the driver does not work afterwards' : '',
    o.state !== 'same' ? 'what was set is changed' : '',
    o.alarms !== 0 ? 'the kernel complained' : '',
  ];
  return words.filter(Boolean).join('; ');
}

export function leakTable({ campaigns }: PageData): string {
  const rows = campaigns.flatMap((c) =>
    c.leaks
      .filter((l) => l.grown === null || l.grown.length > 0)
      .map((l) => [c.driver, l.entryPoint, l.repetitions, l.grown?.join('; ') ?? 'the machine was lost']),
  );
  return rows.length === 0
    ? 'None.\n'
    : table(['driver', 'entry point', 'repetitions in each round', 'what grew: without a fault, then in each round'], rows, 2);
}

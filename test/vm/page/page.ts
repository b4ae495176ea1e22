/** The page of the campaign: text and plots from results. A pure function of them. */
import { costPoints, type PageData } from './data';
import { correlation, entryTable, failedLoads, loadTable, memoryTable, missTable } from './costTables';
import { controlTable, driverTable, failures, kindTable, leakTable, recoveryRows, recoveryTable, summary } from './faultTables';
import { crossValidated } from '../measure/fit';
import { count, ratio, table, time } from './markdown';
import { goalTable } from './goals';
import { bars, scatter } from './plots';
import { paperTable } from './paper';

export interface Page {
  /** Name of each file, below the folder of the page, to its text. */
  files: Map<string, string>;
}

/** `drivers` are all that the laboratory has: those without results are named. */
export function pageOf(data: PageData, drivers: readonly string[]): Page {
  const found = correlation(data);
  const files = new Map<string, string>();
  const { line } = data;
  files.set(
    `campaign/${line}/estimate.svg`,
    scatter(
      found.points.map((p) => ({
        x: p.cost.estimatedNanoseconds,
        y: Math.max(1, p.added),
        group: p.driver,
        title: `${p.driver} ${p.name}: ${p.cost.estimatedNanoseconds} ns, ${p.added} instructions`,
      })),
      'estimate of the report, nanoseconds',
      'measured: instructions that isolation adds to a call',
      (v) => (v >= 1e6 ? `${v / 1e6} M` : v >= 1000 ? `${v / 1000} k` : String(v)),
    ),
  );
  files.set(
    `campaign/${line}/recovery.svg`,
    bars(
      recoveryRows(data).map((r) => ({ name: r.driver, values: [r.recovery, r.unload + r.load] })),
      ['recovery, median', 'unloading and reloading'],
      time,
    ),
  );
  files.set('campaign.md', text(data, found, drivers));
  return { files };
}

function text(data: PageData, found: ReturnType<typeof correlation>, drivers: readonly string[]): string {
  const { line, campaigns, controls, measures } = data;
  const kernels = [...new Set([...campaigns, ...measures].map((c) => c.kernel))].join(', ');
  const dates = [...campaigns, ...measures].map((c) => c.date).sort();
  const missing = drivers.filter((d) => !campaigns.some((c) => c.driver === d));
  const partial = campaigns.filter((c) => !c.whole).map((c) => c.driver);
  return [
    '# Faults in isolated drivers, and what isolation costs',
    '',
    `Real drivers, all isolatable entry points isolated by \`fgft isolate\`, in Debian's unpatched kernel ${kernels}. Made from the results in`,
    `[campaign/${line}](campaign/${line}) (${dates[0]?.slice(0, 10) ?? 'no runs'} to ${dates.at(-1)?.slice(0, 10) ?? ''}) by \`npm run campaign -- report\`; the results by`,
    '',
    '```sh',
    `npm run campaign -- --kernel ${line} --seed 1 --most N --leaks N DRIVER...      # faults, leaks, reloads`,
    `npm run campaign -- --kernel ${line} --seed 1 --most N --control DRIVER...      # the same faults in the native driver`,
    `npm run measure -- --kernel ${line} DRIVER...                                    # costs`,
    '```',
    '',
    'Each result is of the sources of its date; how many faults were run of a driver was a matter of time.',
    '',
    'Everything ran in QEMU under emulation (no KVM). Times of recovery and reload are of the same machine and good for their ratio.',
    'Costs are **instructions** of the emulated processor (`-icount`): the same on every host, but without caches and without the',
    'microsecond that a real card takes to answer a read; ratios on hardware differ.',
    '',
    '## Goals',
    '',
    goalTable(data, found.rho),
    '## What came of the faults',
    '',
    summary(data),
    driverTable(data),
    'A fault is *recovered* when the runtime noticed it, took the call back, and everything works and is set as before; *harmless* when',
    'nobody noticed it and everything works as before; *undetected* when nobody noticed it and something does not.',
    '',
    '### By kind',
    '',
    kindTable(data, false),
    'Kinds that cannot be noticed by design: a wrong value of the right type in the right place. What follows from one may be an event (a',
    'bad address, a loop without end), which is then noticed.',
    '',
    kindTable(data, true),
    '### Not recovered, unnoticed harm, lost machines',
    '',
    failures(data),
    '### Leaks',
    '',
    'One recovered fault of an entry point is repeated in three rounds, after a round without a fault; three more if something grew.',
    'Told is what grew in every round by one for each repetition: objects of a slab cache, references of the module, mapped memory, pages.',
    '',
    leakTable(data),
    '### The same faults in the native driver',
    '',
    controlTable(data),
    '## Recovery against reloading',
    '',
    recoveryTable(data),
    `![recovery against reload](campaign/${line}/recovery.svg)`,
    '',
    'Counted from the fault to the answered error: unwinding, the walk of the log, giving the device its registers back, and the line',
    'in the log, which the console writes out at once. The reload is `rmmod` and `insmod` until the first step of the workload works',
    'again; a system that also runs a configuration service takes longer.',
    '',
    '## What isolation costs',
    '',
    `Medians per call over ${count(costPoints(measures).length)} entry points that the workload reaches, in instructions. *Native* is Debian's own module; *off* is the`,
    'isolated module with the entry point switched off. All in one machine, timed by the same probe, whose own cost is measured and taken off.',
    '',
    entryTable(data),
    'Loads: processor time against native, median of three. Where the processor is the limit, throughput falls by as much; time that',
    'passed is not told, for it contains waiting for the host. The *data path* are entry points that a load calls at least ten times;',
    'the others are the *control path*.',
    '',
    loadTable(data),
    'Memory:',
    '',
    memoryTable(data),
    '## The static estimate against the measured cost',
    '',
    `Spearman's rank correlation between the report's \`cost.estimatedNanoseconds\` and the instructions that isolation adds to a call:`,
    `**${Number.isFinite(found.rho) ? found.rho.toFixed(3) : 'n/a'}** over ${found.points.length} entry points. The weights are fitted to these runs; with weights that were fitted to the other drivers`,
    `for each driver it is ${ratio(crossValidated(found.points))}.`,
    '',
    `![estimate against measure](campaign/${line}/estimate.svg)`,
    '',
    'The estimate counts each path through the function, the measure the path that the workload takes. The largest differences of rank:',
    '',
    missTable(found),
    '## The paper beside it',
    '',
    paperTable(data),
    '## What was not run',
    '',
    table(
      ['', ''],
      [
        ['drivers of the laboratory without a campaign', missing.join(', ') || 'none'],
        ['campaigns that were ended before their last fault', partial.join(', ') || 'none'],
        [
          'drivers without control runs',
          campaigns
            .filter((c) => !controls.some((n) => n.driver === c.driver))
            .map((c) => c.driver)
            .join(', ') || 'none',
        ],
        ['drivers that were not measured', drivers.filter((d) => !measures.some((m) => m.driver === d)).join(', ') || 'none'],
        ['real hardware, KVM', 'not run'],
        ['loads that failed', failedLoads(measures) || 'none'],
        [
          'entry points left out: they fault without a planted fault',
          campaigns.flatMap((c) => c.entries.filter((e) => e.faults > 0).map((e) => `${c.driver} ${e.name}`)).join(', ') || 'none',
        ],
        [
          'isolated entry points whose calls ran natively (fallback)',
          campaigns
            .flatMap((c) =>
              c.entries.filter((e) => e.fallbacks > 0).map((e) => `${c.driver} ${e.name} (${e.fallbacks} of ${e.calls + e.fallbacks})`),
            )
            .join(', ') || 'none',
        ],
      ],
    ),
  ].join('\n');
}

import { emptyCheckpoint } from '../../../server/src/report/checkpointModel';
import type { EntryPoint, Field, Finding, Location, Report } from '../../../server/src/report/model';

const file = 'drivers/net/sample/sample.c';
const at = (line: number, column = 1): Location => ({ file, line, column });

const lockField: Field = {
  record: 'sample_private',
  field: 'lock',
  path: 'dev->priv.lock',
  root: 'dev',
  access: 'A',
  direction: 'place',
  bytes: 4,
  locations: [at(41, 2), at(47, 2)],
  via: ['sample_open'],
  macro: null,
};

const openEntry: EntryPoint = {
  name: 'sample_open',
  location: at(38, 12),
  registrations: [{ as: 'net_device_ops.ndo_open', kind: 'ops', location: at(90, 14) }],
  context: 'process',
  suspect: true,
  functions: ['sample_open', 'sample_start'],
  fields: [
    lockField,
    {
      record: 'sample_private',
      field: 'rings',
      path: 'dev->priv.rings',
      root: 'dev',
      access: 'RW',
      direction: 'inout',
      bytes: null,
      locations: Array.from({ length: 9 }, (_, i) => at(60 + i, 5)),
      via: ['sample_open', 'sample_start'],
      macro: 'RING<"a" & b>',
    },
    {
      record: 'net_device',
      field: 'state',
      path: 'dev->state',
      root: 'dev',
      access: 'R',
      direction: 'in',
      bytes: 8,
      locations: [at(43, 6)],
      via: ['sample_open', 'kernel:netif_running'],
      macro: null,
    },
  ],
  tableGlobals: [],
  globals: [
    { name: 'debug', access: 'R', bytes: 4, constant: false },
    { name: 'sample_table', access: 'R', bytes: null, constant: true },
  ],
  kernelCalls: [
    { name: 'spin_lock_irq', count: 2, knowledge: 'modelled' },
    { name: 'sample_magic', count: 1, knowledge: 'unknown' },
  ],
  locks: [{ name: 'sample_private.lock', primitive: 'spin_lock_irq' }],
  device: { reads: 3, writes: 1204, registers: ['Cfg9346', 'Config3'] },
  cost: { bytesIn: 1208, bytesOut: 0, ranges: 5, checks: 14, kernelCrossings: 9, loops: 1, estimatedNanoseconds: 1432.5 },
  findings: [],
  counts: { fields: 1, unknownSizes: 0, kernelCalls: 1 },
  isolatable: true,
};

const interruptEntry: EntryPoint = {
  name: 'sample_interrupt',
  location: at(70, 20),
  registrations: [
    { as: 'request_irq:arg1', kind: 'call', location: at(44, 20) },
    { as: 'pci_error_handlers.mmio_enabled', kind: 'ops', location: at(101, 20) },
  ],
  context: 'hardirq',
  suspect: false,
  functions: ['sample_interrupt'],
  fields: [],
  globals: [],
  tableGlobals: [],
  kernelCalls: [],
  locks: [],
  device: { reads: 0, writes: 0, registers: [] },
  cost: { bytesIn: 0, bytesOut: 0, ranges: 0, checks: 0, kernelCrossings: 0, loops: 0, estimatedNanoseconds: 420 },
  findings: [],
  counts: { fields: 1, unknownSizes: 0, kernelCalls: 1 },
  isolatable: false,
};

const wait: Finding = {
  rule: 'resync/completion',
  severity: 'warning',
  confidence: 'likely',
  message: "waits on 'sample_private.done', which sample_interrupt completes; </script><b>not markup</b>",
  location: { ...at(52, 2), endLine: 52, endColumn: 40 },
  entryPoints: ['sample_open'],
  grade: 'refresh',
  signallers: ['sample_interrupt'],
  trace: [
    { location: at(52, 2), message: 'sample_open waits here' },
    { location: at(77, 3), message: 'sample_interrupt completes it' },
  ],
};

const partial: Finding = {
  rule: 'analysis/partial',
  severity: 'information',
  confidence: 'certain',
  message: 'line 61 of sample_start was not understood',
  location: { ...at(61, 1), endLine: 61, endColumn: 9 },
  entryPoints: ['sample_open'],
  trace: [],
};

/** A report with one of everything that a writer must cope with: unknown sizes, markup in texts, two findings, an empty entry point. */
export function sampleReport(): Report {
  const entries = [{ ...openEntry, findings: [wait, partial] }, interruptEntry];
  return structuredClone({
    schemaVersion: 1,
    tool: { name: 'fgft', version: '0.1.0' },
    kernel: { root: 'linux-source-6.1', release: '6.1.192', configuration: 'auto.conf' },
    drivers: [
      {
        name: 'sample',
        files: [file, 'drivers/net/sample/sample hw.c'],
        headers: [],
        coverage: { functions: 12, partial: 1 },
        entryPoints: entries,
        powerManagement: { suspend: 'sample_suspend', resume: 'sample_resume', declaredBy: 'dev_pm_ops', table: 'sample_pm_ops' },
        checkpoint: { ...emptyCheckpoint('derivable'), notRestored: ['Config3'] },
        // The same finding stands at the driver and at its entry point: it must be shown once.
        findings: [wait],
      },
    ],
    summary: { drivers: 1, entryPoints: 2, withResynchronization: 1, isolatable: 1, milliseconds: 120 },
  });
}

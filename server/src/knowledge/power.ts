/** What the product knows about power management: which callbacks suspend and resume, and what calls in them are for. */
import { isRow, type KnowledgeFile, namesOf, type RawRow, textOf } from './files';
import type { EffectKind, Provenance } from './model';

/**
 * What a statement of suspend or resume is for. `save`: device state goes to memory; `stop`: the driver and the kernel stop using the
 * device; `quiesce`: the device itself stops; `power`: supply, clocks, wake-up; `reinitialise`: the device is set up from memory;
 * `restart`: it is used again; `neutral`: none of these (locks, lookups, returns).
 */
export type PowerPart = 'save' | 'stop' | 'quiesce' | 'power' | 'reinitialise' | 'restart' | 'neutral';
export const POWER_PARTS: readonly PowerPart[] = ['save', 'stop', 'quiesce', 'power', 'reinitialise', 'restart', 'neutral'];

/** A table whose members are power management; the best ones first in `suspend` and `resume`. */
export interface PowerTable extends Provenance {
  record: string;
  /** Which of several tables tells more about the device: the least wins. */
  rank: number;
  suspend: readonly string[];
  resume: readonly string[];
  /** Members that hold the address of a table of callbacks. */
  pointers: readonly string[];
  /** A row of `buses`, or null. */
  bus: string | null;
}

/** What a bus does to state on its own while a device sleeps, for people and as calls. */
export interface PowerBus extends Provenance {
  saves: string;
  save: string;
  restore: string;
  /** The variable that holds the bus, and the header that declares it. */
  type: string;
  header: string;
}

/** The row of a table, or what holds for tables without one. */
export function powerTable(power: PowerKnowledge, record: string): PowerTable | undefined {
  return power.tables.get(record) ?? power.otherTables ?? undefined;
}

/** What a kernel function, or a function pointer of a kernel record (`record.member`), is for. */
export interface PowerCall extends Provenance {
  suspend: PowerPart;
  resume: PowerPart;
  saves?: string;
  restores?: string;
  detaches?: string;
  attaches?: string;
  interrupt?: boolean;
  teardown?: boolean;
  waitsForCalls?: boolean;
  anytime?: boolean;
}

export type StateKind = 'register' | 'port' | 'configuration' | 'usb' | 'phy' | 'codec' | 'queue' | 'i2c' | 'spi';

/** Device state that a call changes or reads other than through an address; `address` names the argument that tells which. */
export interface StateCall extends Provenance {
  kind: StateKind;
  address?: number;
  access: 'R' | 'W' | 'RW';
}

/** How a sleeping call is said without sleeping; `nanoseconds` is one unit of `argument`. */
export interface SleepConversion extends Provenance {
  to: string;
  long?: string;
  /** From this value of the argument on, `long` is used. */
  longFrom?: number;
  argument: number;
  unit: string;
  nanoseconds: number;
}

export interface PowerKnowledge {
  tables: ReadonlyMap<string, PowerTable>;
  /** Which members of a table without a row of its own are power management; null: none. */
  otherTables: PowerTable | null;
  buses: ReadonlyMap<string, PowerBus>;
  calls: ReadonlyMap<string, PowerCall>;
  /** In order: the first effect of a call that stands here decides. */
  effects: readonly { effect: EffectKind; suspend: PowerPart; resume: PowerPart }[];
  state: ReadonlyMap<string, StateCall>;
  /** Patterns over names, without case; one that is no regular expression matches nothing. */
  words: ReadonlyMap<string, RegExp>;
  conversions: ReadonlyMap<string, SleepConversion>;
  allocationFlags: ReadonlyMap<string, string>;
  /** Nanoseconds. */
  maximumBusyWait: number;
}

const SECTIONS = ['tables', 'buses', 'calls', 'state', 'conversions'] as const;

/** Joins the power files: a later row replaces an earlier one of the same name. Total: what has the wrong shape is left out. */
export function powerOf(files: readonly KnowledgeFile[]): PowerKnowledge {
  const power = files.filter((f) => f.power);
  const maps = Object.fromEntries(SECTIONS.map((s) => [s, new Map<string, RawRow>()])) as Record<
    (typeof SECTIONS)[number],
    Map<string, RawRow>
  >;
  const effects: PowerKnowledge['effects'][number][] = [];
  const words = new Map<string, RegExp>();
  const allocationFlags = new Map<string, string>();
  let maximumBusyWait = 0;
  let otherTables: PowerTable | null = null;
  for (const file of power) {
    const from = { provenance: file.provenance, source: file.source ?? '' };
    for (const section of SECTIONS)
      for (const [name, row] of rowsOf(file, section)) maps[section].set(name, { ...from, ...defaultsOf(section, name), ...row });
    for (const [effect, row] of rowsOf(file, 'effects')) effects.push({ effect, ...row } as unknown as PowerKnowledge['effects'][number]);
    for (const [name, pattern] of entriesOf(file, 'words')) words.set(name, patternOf(textOf(pattern)));
    for (const [name, to] of entriesOf(file, 'allocationFlags')) allocationFlags.set(name, textOf(to));
    const others = file.power!.otherTables;
    if (isRow(others)) otherTables = { ...from, ...defaultsOf('tables', ''), ...others } as unknown as PowerTable;
    if (typeof file.power!.maximumBusyWait === 'number') maximumBusyWait = file.power!.maximumBusyWait;
  }
  return {
    tables: maps.tables as unknown as PowerKnowledge['tables'],
    buses: maps.buses as unknown as PowerKnowledge['buses'],
    calls: maps.calls as unknown as PowerKnowledge['calls'],
    state: maps.state as unknown as PowerKnowledge['state'],
    conversions: maps.conversions as unknown as PowerKnowledge['conversions'],
    otherTables,
    effects,
    words,
    allocationFlags,
    maximumBusyWait,
  };
}

/** How many rows a power file gives. */
export function powerRows(file: KnowledgeFile): number {
  return [...SECTIONS, 'effects', 'words', 'allocationFlags'].reduce(
    (sum, s) => sum + entriesOf(file, s).reduce((n, [key]) => n + namesOf(key).length, 0),
    0,
  );
}

function defaultsOf(section: string, record: string): RawRow {
  return section === 'tables' ? { record, rank: 9, suspend: [], resume: [], pointers: [], bus: null } : {};
}

function entriesOf(file: KnowledgeFile, section: string): [string, unknown][] {
  const value = file.power?.[section];
  return isRow(value) ? Object.entries(value) : [];
}

function rowsOf(file: KnowledgeFile, section: string): [string, RawRow][] {
  return entriesOf(file, section).flatMap(([key, row]) => (isRow(row) ? namesOf(key).map((name): [string, RawRow] => [name, row]) : []));
}

function patternOf(text: string): RegExp {
  try {
    return new RegExp(text === '' ? '(?!)' : text, 'i');
  } catch {
    return /(?!)/;
  }
}

/** Which device state the functions of a driver write and read: registers by name, configuration space, PHY, codec, requests. */
import type { CallSite } from '../analysis/model';
import type { KernelFunction } from '../knowledge/model';
import type { StateKind } from '../knowledge/power';
import type { Scope } from '../symbols/types';
import type { DriverContext } from './context';
import { DEVICE_READS, DEVICE_WRITES } from './functionFacts';
import { NOWHERE, type RegisterAddress, registerAddress } from './registerAddress';

/** One access to device state in one function's own text, or through a function that only passes the register on. */
export interface StateAccess {
  kind: StateKind;
  /** Names of the registers, in the driver's words; their literal or expression where they have none. */
  registers: readonly string[];
  /** Value of the register's constant, where it is a single one. */
  offset: number | null;
  /** Where it lies from the driver's base, constants and numbers added up; null where that cannot be told. */
  address: number | null;
  /** An index or a count chooses among several that begin there. */
  indexed: boolean;
  read: boolean;
  write: boolean;
  /** The kernel function that does it. */
  through: string;
  function: number;
  /** Index into the function's `ir.calls`. */
  call: number;
  at: number;
  length: number;
}

/** A function that accesses what one of its parameters names. */
interface Accessor {
  kind: StateKind;
  parameter: number;
  read: boolean;
  write: boolean;
  through: string;
}

const IDENTIFIER = /[A-Za-z_]\w*/g;
const NUMBER = /^\(*\s*(0x[0-9a-f]+|\d+)[ul]*\s*\)*$/i;
/** The condition of a `?:`: the constants in it are no registers. */
const DECIDES = /\([^()?:]*\)\s*\?|[\w>.-]+\s*[<>=!]=?\s*\w+[\s)]*\?/;
/** Longer expressions say nothing to a reader. */
const MAXIMUM_TEXT = 40;
const NAMES: Record<StateKind, string> = {
  register: 'registers',
  port: 'port',
  configuration: 'PCI configuration space',
  usb: 'USB requests',
  phy: 'PHY',
  codec: 'codec',
  queue: 'queue of requests',
  i2c: 'I2C transfers',
  spi: 'SPI transfers',
};

/** In front of a number that stands where a name would. */
const LITERAL: Partial<Record<StateKind, string>> = {
  usb: 'USB index ',
  phy: 'PHY register ',
  codec: 'codec register ',
  port: 'port ',
  configuration: 'configuration ',
};

/** How a kernel function reaches device state; null when it does not. */
function stateOf(driver: DriverContext, name: string): { kind: StateKind; address: number | null; read: boolean; write: boolean } | null {
  const row = driver.knowledge.power.state.get(name);
  if (row) return { kind: row.kind, address: row.address ?? null, read: row.access !== 'W', write: row.access !== 'R' };
  const known = driver.knowledge.functions.get(name);
  if (!known) return null;
  const has = (effect: KernelFunction['effects'][number]): boolean => known.effects.includes(effect);
  const configuration = has('configuration-read') || has('configuration-write');
  const read = known.effects.some((e) => DEVICE_READS.has(e));
  const write = known.effects.some((e) => DEVICE_WRITES.has(e));
  if (!read && !write) return null;
  const kind = configuration ? 'configuration' : has('io-read') || has('io-write') ? 'port' : 'register';
  return { kind, address: known.device?.address ?? null, read, write };
}

/** True for a request whose text names no register: it is sent, and leaves no state with a name. */
export function isPlainRequest(access: StateAccess): boolean {
  return access.registers.length === 1 && access.registers[0] === NAMES[access.kind] && access.kind !== 'configuration';
}

/** Accesses of every function of the module, by function number. Wrappers are seen through: the register is named where it is known. */
export function stateAccesses(driver: DriverContext): (readonly StateAccess[])[] {
  const { summaries, graph } = driver.analysis;
  const found: (readonly StateAccess[])[] = summaries.map(() => NONE);
  const accessors: (readonly Accessor[])[] = summaries.map(() => NONE);
  // The same few texts name registers thousands of times.
  const known: KnownNames = new Map();
  const states = new Map<string, ReturnType<typeof stateOf>>();
  for (const component of graph.components) {
    for (const id of component) {
      const given = summaries[id].driverCalls.flatMap((call) => call.callees.map((callee) => accessors[callee]));
      const remembered = driver.memory.of('device state', summaries[id], (): Remembered => ({ given: [], made: null }));
      if (!remembered.made || !sameAccessors(remembered.given, given))
        Object.assign(remembered, { given, made: accessesOf(driver, id, accessors, known, states) });
      ({ found: found[id], accessors: accessors[id] } = remembered.made!);
    }
  }
  return found;
}

const NONE: readonly never[] = [];

/** What was found of a function while its callees handed on these. */
interface Remembered {
  given: readonly (readonly Accessor[])[];
  made: OwnAccesses | null;
}

interface OwnAccesses {
  found: readonly StateAccess[];
  accessors: readonly Accessor[];
}

function sameAccessors(a: readonly (readonly Accessor[])[], b: readonly (readonly Accessor[])[]): boolean {
  const same = (x: Accessor, y: Accessor): boolean =>
    x.kind === y.kind && x.parameter === y.parameter && x.read === y.read && x.write === y.write && x.through === y.through;
  return a.length === b.length && a.every((of, i) => of === b[i] || (of.length === b[i].length && of.every((x, j) => same(x, b[i][j]))));
}

/** Accesses of one function, and what it does with what its parameters name; of functions that call it themselves, so far. */
function accessesOf(
  driver: DriverContext,
  id: number,
  of: readonly (readonly Accessor[])[],
  known: KnownNames,
  states: Map<string, ReturnType<typeof stateOf>>,
): OwnAccesses {
  const { summaries, nodes } = driver.analysis;
  const found: StateAccess[] = [];
  const accessors: Accessor[] = [];
  const add = (call: number, site: CallSite['site'], access: Omit<Accessor, 'parameter'>, text: string | undefined): void => {
    const named = registersIn(driver, id, text, access.kind, known);
    for (const parameter of named.parameters) {
      if (!accessors.some((a) => a.parameter === parameter && a.kind === access.kind && a.read === access.read && a.write === access.write))
        accessors.push({ ...access, parameter });
    }
    if (named.registers.length === 0) return;
    const { registers, offset, place } = named;
    found.push({ ...access, registers, offset, ...place, function: id, call, at: site.at, length: site.length });
  };
  const { ir } = nodes[id];
  for (const site of summaries[id].kernelCalls) {
    let state = states.get(site.name);
    if (state === undefined) states.set(site.name, (state = stateOf(driver, site.name)));
    if (!state) continue;
    const text = state.address === null ? undefined : ir.calls[site.call].argumentTexts[state.address];
    // A number that a request carries is no register; one that a wrapper was given for its register is.
    const isRequest = state.kind === 'usb' && text !== undefined && NUMBER.test(text.trim());
    add(site.call, site.site, { kind: state.kind, read: state.read, write: state.write, through: site.name }, isRequest ? undefined : text);
  }
  for (const call of summaries[id].driverCalls) {
    for (const callee of call.callees) {
      for (const { parameter, ...access } of callee === id ? accessors : of[callee])
        add(call.call, call.site, access, ir.calls[call.call].argumentTexts[parameter]);
    }
  }
  return { found, accessors };
}

interface Names {
  words: readonly string[];
  constants: readonly string[];
  offset: number | null;
  place: RegisterAddress;
}
type KnownNames = Map<string, Names>;

function namesIn(scope: Scope, text: string): Names {
  const words = [...new Set(text.replace(DECIDES, '?').match(IDENTIFIER) ?? [])];
  const constants = words.filter((w) => isConstant(scope, w));
  // `newer chip ? REGISTER : OLD_REGISTER`: one register under two numbers goes by its first name.
  if (constants.length > 0 && DECIDES.test(text)) constants.length = 1;
  const place = registerAddress(text, (word) => (isConstant(scope, word) ? scope.evaluate(word) : null));
  return { words, constants, offset: constants.length === 1 ? scope.evaluate(constants[0]) : null, place };
}

/** The registers that an address names, and the parameters of the function that decide which it is. */
function registersIn(
  driver: DriverContext,
  id: number,
  text: string | undefined,
  kind: StateKind,
  known: KnownNames,
): { registers: readonly string[]; offset: number | null; place: RegisterAddress; parameters: number[] } {
  if (text === undefined) return { registers: [NAMES[kind]], offset: null, place: NOWHERE, parameters: [] };
  const node = driver.analysis.nodes[id];
  const scope = driver.scopeOf(node.file);
  const key = `${node.file}\0${text}`;
  let named = known.get(key);
  if (!named) known.set(key, (named = namesIn(scope, text)));
  const { words, constants, offset, place } = named;
  if (constants.length > 0) return { registers: constants, offset, place, parameters: [] };
  const literal = NUMBER.exec(text.trim());
  if (literal) return { registers: [`${LITERAL[kind] ?? ''}${literal[1]}`], offset: Number(literal[1]), place, parameters: [] };
  const parameters = node.ir.locals
    .map((local, index) => ({ local, index }))
    .filter(({ local }) => local.parameter && words.includes(local.name) && scope.resolve(local.type).kind !== 'pointer')
    .map(({ index }) => index);
  if (parameters.length > 0) return { registers: [], offset: null, place, parameters };
  const short = text.replace(/\s+/g, ' ').trim().replace(/^&\s*/, '');
  return { registers: [short.length > MAXIMUM_TEXT ? `${short.slice(0, MAXIMUM_TEXT)}…` : short], offset: null, place, parameters: [] };
}

/** A constant of the driver's, or one of the kernel's that has a number (`u32` has none). */
function isConstant(scope: Scope, name: string): boolean {
  if (scope.enumConstant(name) !== undefined) return true;
  const macro = scope.macro(name);
  return macro !== undefined && macro.definition.parameters === null && (macro.origin === 'driver' || scope.evaluate(name) !== null);
}

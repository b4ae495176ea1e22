/** What a measuring machine said, as data. */
import { type EntryCounts, entriesOf } from '../lab/results';

/** One function in one phase: nanoseconds of emulated time, in which every instruction takes one. */
export interface FunctionTime {
  calls: number;
  /** Calls that the probe could not follow. */
  missed: number;
  least: number;
  lower: number;
  median: number;
  upper: number;
  /** Median of the time that passed, sleeping included. */
  passed: number;
}

/** One load: nanoseconds that passed, and those of them in which the processor was idle. */
export interface Load {
  status: number;
  passed: number;
  idle: number;
}

export interface Measured {
  /** By phase (`native`, `off`, `isolated`, `restore-0`), by function. */
  functions: Record<string, Record<string, FunctionTime>>;
  /** By phase (`native`, `off`, `all`, `control`). */
  loads: Record<string, Load[]>;
  /** Bytes of code and data of the module; kilobytes that the kernel holds more after loading it. */
  memory: Record<string, { core: number; held: number }>;
  entries: EntryCounts[];
  /** Entry points that a load calls often. */
  dataPath: string[];
  /** Functions that no probe could be put on. */
  unmeasured: string[];
  /** Whether the runtime restores device state in `isolated`, as its parameter tells: `Y` or `N`; null where it has no such switch. */
  restoring: string | null;
}

export function measuredOf(lines: readonly string[]): Measured {
  const found: Measured = {
    functions: {},
    loads: {},
    memory: {},
    entries: entriesOf(lines),
    dataPath: [],
    unmeasured: [],
    restoring: null,
  };
  let phase = '';
  for (const line of lines) {
    const [mark, verb, first, ...rest] = line.split(' ');
    if (mark !== '@@') continue;
    const numbers = rest.map(Number);
    if (verb === 'phase') phase = first;
    else if (verb === 'function' && rest.length === 7) {
      const [calls, missed, least, lower, median, upper, passed] = numbers;
      (found.functions[phase] ??= {})[first] = { calls, missed, least, lower, median, upper, passed };
    } else if (verb === 'load') (found.loads[phase] ??= []).push({ status: Number(first), passed: numbers[0], idle: numbers[1] });
    else if (verb === 'memory') found.memory[first] = { core: numbers[0], held: numbers[1] };
    else if (verb === 'data-path') found.dataPath.push(first);
    else if (verb === 'unmeasured') found.unmeasured.push(first);
    else if (verb === 'restoring') found.restoring = first;
  }
  return found;
}

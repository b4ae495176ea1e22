/** What a function is given by its callers: the register or lock that a wrapper is called with is the caller's to name. */
import { substitute } from '../analysis/substitution';
import type { DriverContext } from './context';
import { functionFacts } from './functionFacts';
import { constantNames } from './registerNames';

interface Caller {
  caller: number;
  /** Index into the caller's `ir.calls`. */
  call: number;
  arguments: readonly ReadonlySet<number>[];
}

interface Callers {
  /** Calls of each function, by its number. */
  of: readonly Caller[][];
  /** Registers that each function names where it calls a wrapper. */
  registers: readonly ReadonlySet<string>[];
}

/** Wrappers around wrappers deeper than this go by the parameter's name. */
const MAXIMUM_DEPTH = 6;

const known = new WeakMap<DriverContext, Callers>();

function callersOf(driver: DriverContext): Callers {
  let found = known.get(driver);
  if (!found) known.set(driver, (found = findCallers(driver)));
  return found;
}

function findCallers(driver: DriverContext): Callers {
  const { nodes, summaries } = driver.analysis;
  const of: Caller[][] = nodes.map(() => []);
  summaries.forEach(({ driverCalls }, caller) => {
    for (const { callees, call, arguments: bound } of driverCalls)
      for (const callee of callees) of[callee].push({ caller, call, arguments: bound });
  });
  return { of, registers: wrappedRegisters(driver, of) };
}

/** Follows parameters that are register numbers up to the calls that state the number. */
function wrappedRegisters(driver: DriverContext, callers: readonly Caller[][]): ReadonlySet<string>[] {
  const { nodes } = driver.analysis;
  const registers = nodes.map(() => new Set<string>());
  const parameters = nodes.map((_, id) => new Set(functionFacts(driver, id).registerParameters));
  const work = nodes.flatMap((_, id) => [...parameters[id]].map((parameter) => ({ id, parameter })));
  for (const { id, parameter } of work) {
    for (const { caller, call } of callers[id]) {
      const { names, parameters: passedOn } = constantNames(driver, caller, nodes[caller].ir.calls[call].argumentTexts[parameter] ?? '');
      for (const name of names) registers[caller].add(name);
      for (const p of passedOn) {
        if (parameters[caller].has(p)) continue;
        parameters[caller].add(p);
        work.push({ id: caller, parameter: p });
      }
    }
  }
  return registers;
}

/** Registers that a function states as arguments of the driver's own accessors (`card_read(card, STATUS)`). */
export function registersPassedOn(driver: DriverContext, id: number): ReadonlySet<string> {
  return callersOf(driver).registers[id];
}

/**
 * The places that a path of function `id` stands for within an entry point, as its callers among `functions` bind their arguments: paths
 * of those callers that no longer start at a mere parameter, or at one of the entry point's own.
 */
export function boundPaths(
  driver: DriverContext,
  entry: number,
  functions: ReadonlySet<number>,
  id: number,
  path: number,
  depth = 0,
): { function: number; path: number }[] {
  const { paths } = driver.analysis;
  if (id === entry || depth > MAXIMUM_DEPTH || paths.rootOf(path).kind !== 'parameter' || paths.fieldPath(path) >= 0)
    return [{ function: id, path }];
  const found: { function: number; path: number }[] = [];
  for (const { caller, arguments: bound } of callersOf(driver).of[id]) {
    if (!functions.has(caller) || caller === id) continue;
    for (const p of substitute(paths, path, bound)) found.push(...boundPaths(driver, entry, functions, caller, p, depth + 1));
  }
  return found.length > 0 ? found : [{ function: id, path }];
}

/** The driver's power-management code: which functions suspend and resume the device, in all spellings. */
import type { PowerDeclaration } from '../analysis/devicePower';
import type { FunctionNode } from '../analysis/model';
import { type PowerBus, powerTable, type PowerTable } from '../knowledge/power';
import type { DriverContext } from './context';
import type { PowerManagement } from './model';

/** What was found, with the functions that lie in the module. */
export interface FoundPowerManagement {
  report: PowerManagement;
  suspend: FunctionNode | null;
  resume: FunctionNode | null;
  /** The bus that saves state on its own while the device sleeps. */
  bus: PowerBus | null;
}

interface Candidate {
  declaration: PowerDeclaration;
  table: PowerTable;
  suspend: string | null;
  resume: string | null;
  /** How many of the two lie in the module. */
  own: number;
}

/**
 * Finds suspend and resume. Functions of the module win over those of other modules, a pair over one alone, then the table of least rank;
 * what one table lacks is taken from another of the same kind.
 */
export function findPowerManagement(driver: DriverContext): FoundPowerManagement {
  const candidates: Candidate[] = [];
  for (const declaration of driver.analysis.power) {
    const table = powerTable(driver.knowledge.power, declaration.record);
    if (!table || declaration.members.size === 0) continue;
    const suspend = chosen(driver, declaration, table.suspend);
    const resume = chosen(driver, declaration, table.resume);
    if (suspend === null && resume === null) continue;
    const own = [suspend, resume].filter((name) => name !== null && driver.analysis.resolve(name, declaration.file) !== undefined).length;
    candidates.push({ declaration, table, suspend, resume, own });
  }
  candidates.sort((a, b) => b.own - a.own || a.table.rank - b.table.rank);
  const [best] = candidates;
  const bus = busOf(driver);
  if (!best) {
    const foreign = foreignTable(driver);
    const report = { suspend: null, resume: null, declaredBy: foreign?.declaredBy ?? null, table: foreign?.table ?? null };
    return { report, suspend: null, resume: null, bus };
  }
  const same = candidates.filter((c) => c.table.record === best.table.record);
  const suspend = best.suspend ?? same.find((c) => c.suspend !== null)?.suspend ?? null;
  const resume = best.resume ?? same.find((c) => c.resume !== null)?.resume ?? null;
  const find = (name: string | null): FunctionNode | null =>
    name === null ? null : (driver.analysis.resolve(name, best.declaration.file) ?? null);
  return {
    report: { suspend, resume, declaredBy: best.declaration.record, table: best.declaration.variable },
    suspend: find(suspend),
    resume: find(resume),
    bus,
  };
}

/** The first of the members that is filled, the module's own functions first. */
function chosen(driver: DriverContext, declaration: PowerDeclaration, members: readonly string[]): string | null {
  const names = members.flatMap((m) => declaration.members.get(m) ?? []);
  return names.find((n) => driver.analysis.resolve(n, declaration.file) !== undefined) ?? names[0] ?? null;
}

/** A table of callbacks that another module holds and this one points to. */
function foreignTable(driver: DriverContext): { declaredBy: string; table: string } | null {
  const own = new Set(driver.analysis.power.map((d) => d.variable));
  for (const declaration of driver.analysis.power) {
    for (const [, table] of declaration.tables) if (!own.has(table)) return { declaredBy: 'dev_pm_ops', table };
  }
  return null;
}

/** The bus of the driver's own registration table. */
function busOf(driver: DriverContext): PowerBus | null {
  const { tables, buses } = driver.knowledge.power;
  const records = new Set([
    ...driver.analysis.power.map((d) => d.record),
    ...driver.analysis.entryPoints.flatMap((e) => e.registrations.map((r) => r.as.slice(0, r.as.indexOf('.')))),
  ]);
  for (const record of records) {
    const bus = tables.get(record)?.bus;
    if (bus) return buses.get(bus) ?? null;
  }
  return null;
}

/** Names of functions that any table of the module registers for power management. */
export function powerFunctions(driver: DriverContext): Set<string> {
  return new Set(driver.analysis.power.flatMap((d) => [...d.members.values()]));
}

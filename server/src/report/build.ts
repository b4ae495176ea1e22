/** The entrance of `report`: a module's analysis to the plain data of the report contract. */
import { deviceUseOf, kernelCallsOf, locksOf } from './calls';
import { type DriverContext, type EntryContext, entryContext } from './context';
import { costOf } from './cost';
import { fieldsOf, globalsOf } from './fields';
import { startOf } from './locator';
import type { DriverReport, EntryPoint, Finding } from './model';
import { powerManagementOf } from './powerManagement';
import { RULES } from './rules';

/** Functions that run once when the module comes or goes: there is no caller to give an error to, and nothing to restore. */
const NOT_ISOLATABLE = new Set(['module_init', 'module_exit']);

const SUSPECT = '__fgft_suspect';

export interface BuildInput {
  name: string;
  files: readonly string[];
  driver: DriverContext;
}

export function buildDriverReport({ name, files, driver }: BuildInput): DriverReport {
  const contexts = driver.analysis.entryPoints.map((e) => entryContext(driver, e));
  const findings = RULES.flatMap((rule) => rule.check(driver, contexts));
  const entryPoints = contexts.map((c) => entryPointReport(driver, c, findings));
  const partial = driver.analysis.nodes.filter((n) => n.ir.gaps.length > 0).length;
  return {
    name,
    files: files.map((f) => driver.locator.display(f)),
    coverage: { functions: driver.analysis.nodes.length, partial },
    entryPoints,
    ...powerManagementOf(driver, entryPoints),
    findings,
  };
}

function entryPointReport(driver: DriverContext, context: EntryContext, findings: readonly Finding[]): EntryPoint {
  const { node, entry } = context;
  const fields = fieldsOf(driver, context);
  const globals = globalsOf(driver, context);
  const kernelCalls = kernelCallsOf(driver, context);
  const own = findings.filter((f) => f.entryPoints.includes(node.name));
  return {
    name: node.name,
    location: startOf(driver.locator.locate(node.file, node.itemStart + node.ir.at, node.name.length).location),
    registrations: entry.registrations.map((r) => ({ as: r.as, kind: r.kind, location: startOf(driver.locator.locate(r.file, r.offset, 0).location) })),
    context: entry.context,
    suspect: node.ir.attributes.some((a) => a.name.startsWith(SUSPECT)),
    functions: [...new Set(context.functions.map((id) => driver.analysis.nodes[id].name))],
    fields,
    globals,
    kernelCalls,
    locks: locksOf(driver, context),
    device: deviceUseOf(driver, context),
    cost: costOf(driver, context, fields, globals, kernelCalls),
    findings: own,
    isolatable: !entry.registrations.some((r) => NOT_ISOLATABLE.has(r.as)) && !own.some((f) => f.grade === 'stuck'),
  };
}

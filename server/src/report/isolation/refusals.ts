/** What keeps an entry point from being isolated: the one answer of reports and plans. */
import type { Effect } from '../../analysis/model';
import { type DriverContext, type EntryContext, siteLocation } from '../context';
import type { Finding, Location } from '../model';
import type { Refusal } from './model';
import { resultOf } from './result';
import { planObjects } from './roots';

/** Why nobody isolates the entry point, whatever it does: it brings the module or a device into being or takes it away. Null for others. */
export function exemption(driver: DriverContext, { entry }: EntryContext): string | null {
  for (const { as } of entry.registrations)
    for (const row of driver.knowledge.isolation.exempt) if (row.pattern.test(as)) return row.reason;
  return null;
}

/** Where an effect happens, for messages. */
function placeOf(driver: DriverContext, effect: Effect): Location | null {
  const [site] = driver.origins.sitesOf(effect);
  return site ? siteLocation(driver, site) : null;
}

/** What only the declaration or a finding says: nothing that has to be planned. */
function plainRefusals(driver: DriverContext, { node, entry }: EntryContext, findings: readonly Finding[]): Refusal[] {
  const refusals: Refusal[] = [];
  const scope = driver.scopeOf(node.file);
  const location = driver.locator.locate(node.file, node.itemStart + node.ir.at, node.name.length).start;
  const refuse = (reason: string, advice: string | null): void => void refusals.push({ reason, location, advice });
  const parameters = node.ir.locals.filter((l) => l.parameter);
  if (!node.file.endsWith('.c')) refuse('a header defines it, which is taken as it is', 'define it in a .c file');
  else if (!driver.isWritten(node)) refuse('a macro makes it: there is no definition that a stub could replace', 'write the function out');
  if (scope.function(node.name)?.variadic) refuse('it takes a variable number of arguments', null);
  for (const { name } of parameters) if (!name) refuse('a parameter has no name', 'name it');
  if (!resultOf(scope, driver.knowledge, node.ir.returns, entry, parameters)) refuse('it returns a record by value', null);
  for (const finding of findings)
    if (finding.entryPoints.includes(node.name) && finding.grade === 'stuck')
      refusals.push({ reason: finding.message, location: finding.location, advice: 'mark the member __fgft_shared' });
  return refusals;
}

/** All that keeps an entry point from being isolated, besides an exemption. `findings` are the driver's. */
export function refusalsOf(driver: DriverContext, context: EntryContext, findings: readonly Finding[]): Refusal[] {
  const refusals: Refusal[] = planObjects(driver, context, false).unknown.map((u) => ({
    reason: u.message,
    location: placeOf(driver, u.effect),
    advice: u.advice,
  }));
  for (const id of context.functions) {
    const reached = driver.analysis.nodes[id];
    for (const gap of reached.ir.gaps)
      refusals.push({
        reason: gap.message,
        location: driver.locator.locate(reached.file, reached.itemStart + gap.at, gap.length).start,
        advice: 'write it in a form that can be followed',
      });
  }
  return [...refusals, ...plainRefusals(driver, context, findings)];
}

/** True when a plan of the driver holds the entry point. What had to be planned for it is remembered until its summary changes. */
export function isIsolatable(driver: DriverContext, context: EntryContext, findings: readonly Finding[]): boolean {
  if (exemption(driver, context) !== null || plainRefusals(driver, context, findings).length > 0) return false;
  if (context.functions.some((id) => driver.analysis.nodes[id].ir.gaps.length > 0)) return false;
  return driver.memory.of('places that can be planned', context.summary, () => planObjects(driver, context, false).unknown.length === 0);
}

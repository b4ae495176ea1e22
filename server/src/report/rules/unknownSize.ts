import type { Effect } from '../../analysis/model';
import { READ, WRITE } from '../../analysis/model';
import { pathText } from '../../analysis/paths';
import type { AttributeUse } from '../../symbols/types';
import { type DriverContext, type EntryContext, parameterNames, siteRange } from '../context';
import { accessName } from '../fields';
import { startOf } from '../locator';
import type { Finding } from '../model';
import type { Rule } from './rule';

export const unknownSize: Rule = {
  id: 'marshal/unknown-size',
  title: 'a pointer to an array of unknown length is dereferenced or passed to the kernel',
  reason: `A transaction copies what the entry point touches. Behind a plain pointer lies an array whose length the type does not tell,
so the copy has no end. State the length: \`__fgft_count(expression)\` on the member or parameter, or the kernel's own \`__counted_by\`.`,
  severity: 'information',
  fires: {
    code: 'struct foo { u8 *table; };\nstatic int foo_open(struct net_device *dev)\n{\n\tstruct foo *f = netdev_priv(dev);\n\tint i, sum = 0;\n\tfor (i = 0; i < 4; i++)\n\t\tsum += f->table[i];\n\treturn sum;\n}\nstatic const struct net_device_ops foo_ops = { .ndo_open = foo_open };\n',
  },
  silent: {
    code: 'struct foo { u8 table[4]; };\nstatic int foo_open(struct net_device *dev)\n{\n\tstruct foo *f = netdev_priv(dev);\n\treturn f->table[2];\n}\nstatic const struct net_device_ops foo_ops = { .ndo_open = foo_open };\n',
  },
  check: (driver, entries) => {
    const found = new Map<string, Finding>();
    for (const entry of entries) for (const effect of entry.summary.effects.values()) report(driver, entry, effect, found);
    return [...found.values()];
  },
};

/** The pointer of the last element on the path that lies behind one (`card->items[i].key`): it leads to an array. */
function arrayPointer(driver: DriverContext, path: number): number | null {
  const { paths } = driver.analysis;
  for (let p = path; paths.parent(p) >= 0; p = paths.parent(p)) {
    const target = paths.parent(p);
    if (paths.step(p)?.kind === 'index' && paths.step(target)?.kind === 'deref') return paths.parent(target);
    // Whatever lies before another pointer is that pointer's business.
    if (paths.step(p)?.kind === 'deref') return null;
  }
  return null;
}

/** Annotations, the kernel's and ours, that say how far a pointer's array reaches. */
const STATES_LENGTH = /^(__fgft_count|__fgft_string|__counted_by(_le|_be|_ptr)?|__sized_by|__element_count)$/;

/** The declaration of the member or parameter that is a pointer, as far as it has one. */
function declarationOf(
  driver: DriverContext,
  entry: EntryContext,
  pointer: number,
): { attributes: readonly AttributeUse[]; isKernels: boolean } | undefined {
  const { paths } = driver.analysis;
  const scope = driver.scopeOf(entry.node.file);
  const step = paths.step(pointer);
  if (step?.kind === 'field') {
    const record = scope.record('struct', step.record) ?? scope.record('union', step.record);
    const found = record && scope.member(record, step.field);
    return found && { attributes: found.member.attributes, isKernels: scope.isKernelRecord(found.record) };
  }
  const root = paths.rootOf(pointer);
  const parameter = root.kind === 'parameter' ? scope.function(entry.node.name)?.parameters[root.index] : undefined;
  return parameter && { attributes: parameter.attributes, isKernels: false };
}

function report(driver: DriverContext, entry: EntryContext, effect: Effect, found: Map<string, Finding>): void {
  if ((effect.access & (READ | WRITE)) === 0 || effect.kernel !== null) return;
  const pointer = arrayPointer(driver, effect.path);
  if (pointer === null || pointer < 0) return;
  const { paths } = driver.analysis;
  const step = paths.step(pointer);
  const root = paths.rootOf(pointer);
  if (root.kind === 'result' || (step?.kind !== 'field' && step !== null)) return;
  const text = step?.kind === 'field' ? `${step.record}.${step.field}` : pathText(paths, pointer, parameterNames(entry.node));
  // A parameter's name means another pointer in each entry point.
  const key = root.kind === 'parameter' && step === null ? `${entry.node.id} ${text}` : text;
  const known = found.get(key);
  if (known) {
    if (!known.entryPoints.includes(entry.node.name)) known.entryPoints.push(entry.node.name);
    return;
  }
  const declaration = declarationOf(driver, entry, pointer);
  if (declaration?.attributes.some((a) => STATES_LENGTH.test(a.name))) return;
  const sites = driver.origins.sitesOf(effect).slice(0, 3);
  if (sites.length === 0) return;
  const { location } = siteRange(driver, sites[0]);
  found.set(key, {
    rule: 'marshal/unknown-size',
    severity: 'information',
    confidence: 'likely',
    message: `${text} points to an array whose length nobody states; isolating ${entry.node.name} cannot tell how much to copy. ${declaration?.isKernels ? "The record is the kernel's: no annotation in the driver can state it." : 'State it with __fgft_count.'}`,
    location,
    entryPoints: [entry.node.name],
    trace: sites.map((site) => ({
      location: startOf(siteRange(driver, site).location),
      message: `${accessName(effect.access) === 'R' ? 'read' : 'written'} here`,
    })),
  });
}

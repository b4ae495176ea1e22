import type { FunctionLocks, LockUseStep } from '../../analysis/lockModel';
import { type DriverContext, type EntryContext, locksOfModule, mayBeIsolated, siteRange } from '../context';
import type { Finding } from '../model';
import { isDirect, traceOf } from './lockTrace';
import type { Rule } from './rule';

export const unbalanced: Rule = {
  id: 'lock/unbalanced',
  title: 'the entry point returns with a lock taken that it did not hold on entry, or releases one that it did not take',
  reason: `A transaction gives back at its end what the call took, and nothing else. An entry point that hands a lock on to another
(\`start\` and \`stop\` of a sequence file, a pair of callbacks around a transfer) or gives back a lock of its caller's does not fit: after an abort
nobody could tell who holds it. Where it is meant, \`__acquires\`, \`__releases\` or \`__must_hold\` on the function says so; where it is not,
a path to a return forgets to unlock.`,
  severity: 'warning',
  fires: {
    code: 'struct foo { spinlock_t lock; int count; };\nstatic int foo_open(struct net_device *dev)\n{\n\tstruct foo *f = netdev_priv(dev);\n\tspin_lock(&f->lock);\n\tif (f->count)\n\t\treturn -1;\n\tf->count = 1;\n\tspin_unlock(&f->lock);\n\treturn 0;\n}\nstatic const struct net_device_ops foo_ops = { .ndo_open = foo_open };\n',
  },
  silent: {
    code: 'struct foo { spinlock_t lock; int count; };\nstatic int foo_open(struct net_device *dev)\n{\n\tstruct foo *f = netdev_priv(dev);\n\tif (!spin_trylock(&f->lock))\n\t\treturn -1;\n\tf->count = 1;\n\tspin_unlock(&f->lock);\n\treturn 0;\n}\nstatic const struct net_device_ops foo_ops = { .ndo_open = foo_open };\n',
  },
  check: (driver, entries) => {
    const locks = locksOfModule(driver);
    return entries
      .filter((e) => mayBeIsolated(e.entry))
      .flatMap((entry) => imbalances(locks[entry.node.id]).map((imbalance) => findingFor(driver, entry, imbalance)));
  },
};

interface Imbalance {
  use: LockUseStep;
  kind: 'held' | 'given';
  /** Where the return stands that leaves it so; -1 at the function's end. */
  at: number;
  /** True when every return leaves it so: then it is meant. */
  always: boolean;
}

/** Locks that some return surely leaves in another state than they were in at the call. */
function imbalances({ returns }: FunctionLocks): Imbalance[] {
  const found = new Map<string, Imbalance & { count: number }>();
  for (const state of returns)
    for (const kind of ['held', 'given'] as const)
      for (const use of state[kind]) {
        const key = `${kind} ${use.lock.name}`;
        const known = found.get(key);
        if (known) known.count++;
        else found.set(key, { use, kind, at: state.at, always: false, count: 1 });
      }
  return [...found.values()].map((i) => ({ ...i, always: i.count === returns.length }));
}

/** Attributes by which a function says that it is meant to change the state of a lock. */
const STATES_IT = /^__(acquires|releases|must_hold|acquire|release|cond_acquires)/;

function findingFor(driver: DriverContext, entry: EntryContext, { use, kind, at, always }: Imbalance): Finding {
  const { node } = entry;
  const isStated = node.ir.attributes.some((a) => STATES_IT.test(a.name));
  const isMeant = isStated || always;
  const lock = use.lock.name;
  const site = at < 0 ? use.step.site : { function: node.id, at, length: 'return'.length };
  const consequence = isMeant
    ? 'A transaction cannot hand a lock over: what took it is undone on abort, and who must give it back then is not known.'
    : `A path forgets to ${kind === 'held' ? 'give it back' : 'take it'}, or another context does.`;
  return {
    rule: 'lock/unbalanced',
    severity: isMeant ? 'information' : 'warning',
    confidence: isMeant && isDirect(use.step) ? 'certain' : 'likely',
    message:
      kind === 'held'
        ? `${node.name} returns with ${lock} taken${isStated ? ', as its annotation says' : ''}. ${consequence}`
        : `${node.name} gives ${lock} back without having taken it${isStated ? ', as its annotation says' : ''}. ${consequence}`,
    location: siteRange(driver, site).location,
    entryPoints: [node.name],
    trace: [
      ...traceOf(driver, use.step, (name) => (kind === 'held' ? `takes ${lock} with ${name}` : `gives ${lock} back with ${name}`)),
      ...(at < 0
        ? []
        : traceOf(
            driver,
            { site, name: 'return', via: null, indirect: false },
            () => `returns with it ${kind === 'held' ? 'taken' : 'given back'}`,
          )),
    ],
  };
}

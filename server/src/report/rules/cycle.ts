import { lastField } from '../../analysis/functionPointers';
import type { Effect, Site } from '../../analysis/model';
import type { DriverContext, EntryContext } from '../context';
import { MarshalFindings } from './marshalFindings';
import { isInLoop, memberOf, type Notes, notesAlong } from './marshalPaths';
import type { Rule } from './rule';

export const cycle: Rule = {
  id: 'marshal/cycle',
  title: 'a linked structure must be followed to an unknown depth',
  reason: `A loop along a list touches as many elements as there are when the call runs. The copy is made by walking the same list before the call: its
cost, and the room that it needs, are unknown before. A list that may grow long is better left to functions that are not isolated, or marked with
\`__fgft_shared\` and used where it is.`,
  severity: 'information',
  fires: {
    code: 'struct item { struct item *next; int x; };\nstruct foo { struct item *first; };\nstatic int foo_open(struct net_device *dev)\n{\n\tstruct foo *f = netdev_priv(dev);\n\tstruct item *i;\n\tint sum = 0;\n\tfor (i = f->first; i; i = i->next)\n\t\tsum += i->x;\n\treturn sum;\n}\nstatic const struct net_device_ops foo_ops = { .ndo_open = foo_open };\n',
  },
  silent: {
    code: 'struct item { struct item *next; int x; };\nstruct foo { struct item *first; };\nstatic int foo_open(struct net_device *dev)\n{\n\tstruct foo *f = netdev_priv(dev);\n\treturn f->first->x;\n}\nstatic const struct net_device_ops foo_ops = { .ndo_open = foo_open };\n',
  },
  check: (driver, entries) => {
    const found = new MarshalFindings(driver);
    const notes = notesAlong(driver.analysis.paths, (path) => linkAt(driver, path));
    for (const entry of entries) checkEntry(driver, entry, notes, found);
    return found.all;
  },
};

interface Link {
  /** The list's head, or the member that leads to the next element. */
  text: string;
  record: string;
  field: string;
  path: number;
  isKernels: boolean;
}

/** Links that the kernel's lists are made of. */
const LINK_RECORDS = new Set(['list_head', 'hlist_node', 'llist_node']);

/** A step along a list: the link of a kernel's list, or a member that points to a record of its own kind. */
function linkAt(driver: DriverContext, path: number): Link | null {
  const { paths } = driver.analysis;
  const step = paths.step(path);
  if (step?.kind !== 'field') return null;
  const scope = driver.scopeOf(driver.analysis.nodes[0].file);
  if (LINK_RECORDS.has(step.record)) {
    const head = paths.fieldPath(paths.parent(path));
    const holder = head < 0 ? null : paths.step(head);
    if (holder?.kind === 'field') {
      const declared = memberOf(scope, holder.record, holder.field);
      return { ...named(holder), path, isKernels: !declared || scope.isKernelRecord(declared.record) };
    }
    const root = paths.rootOf(path);
    return root.kind === 'global' ? { text: root.name, record: '', field: root.name, path, isKernels: false } : null;
  }
  const declared = memberOf(scope, step.record, step.field);
  const type = declared && scope.resolve(declared.member.type);
  if (type?.kind !== 'pointer' || scope.recordOf(type.to)?.name !== step.record) return null;
  return { ...named(step), path, isKernels: scope.isKernelRecord(declared!.record) };
}

function named({ record, field }: { record: string; field: string }): Pick<Link, 'text' | 'record' | 'field'> {
  return { text: `${record}.${field}`, record, field };
}

/** An access to a link, or to an element behind one. */
interface Followed {
  effect: Effect;
  link: Link;
  isSelf: boolean;
}

function followedIn(driver: DriverContext, entry: EntryContext, notes: Notes<Link>): Followed[] {
  const found: Followed[] = [];
  for (const effect of entry.summary.effects.ownAccesses(notes.on)) {
    const links = notes.of(effect.path);
    const link = links[links.length - 1];
    // A self-referring member is followed where it is read in a loop; of a kernel's list, elements lie behind the link.
    const isSelf = !LINK_RECORDS.has(linkRecord(driver, link.path));
    if (isSelf ? effect.path === link.path : effect.path !== link.path) found.push({ effect, link, isSelf });
  }
  return found;
}

function checkEntry(driver: DriverContext, entry: EntryContext, notes: Notes<Link>, found: MarshalFindings): void {
  const { paths } = driver.analysis;
  const seen = new Set<string>();
  for (const { effect, link, isSelf } of driver.memory.of(cycle.id, entry.summary, () => followedIn(driver, entry, notes))) {
    if (seen.has(link.text)) continue;
    // Loops are looked up where the access is: that may be a callee, whose loops are not in the entry point's summary.
    if (!driver.origins.sitesOf(effect).some((site) => isInLoop(driver, site) && (!isSelf || steps(driver, site, link.field)))) continue;
    seen.add(link.text);
    const step = paths.step(effect.path);
    const element = step?.kind === 'field' && !isSelf ? ` of ${step.record}` : '';
    found.add(entry, {
      key: link.text,
      rule: 'marshal/cycle',
      severity: 'information',
      confidence: 'likely',
      message: `${entry.node.name} follows ${link.text} in a loop: how many elements${element} must be copied is known only when the call runs.${link.isKernels ? " The list is the kernel's." : ''}`,
      effects: [effect],
      ...(!link.isKernels &&
        link.record !== '' && { fix: { kind: 'annotate-member', annotation: '__fgft_shared', record: link.record, member: link.field } }),
    });
  }
}

/** True when a loop of the function goes on to what the member points to (`item = item->next`): reading it at an index is no walk. */
function steps(driver: DriverContext, { function: id }: Site, field: string): boolean {
  const { ir } = driver.analysis.nodes[id];
  return ir.instructions.some(
    (i) =>
      i.op === 'assign' &&
      i.place.base.kind === 'local' &&
      i.value.kind === 'load' &&
      lastField(i.value.place)?.field === field &&
      ir.loops.some((l) => i.at >= l.start && i.at < l.end),
  );
}

function linkRecord(driver: DriverContext, path: number): string {
  const step = driver.analysis.paths.step(path);
  return step?.kind === 'field' ? step.record : '';
}

/** Whether a checkpoint can be derived from the driver's power-management code, and why not. */
import type { CallSite } from '../analysis/model';
import type { CheckpointStatus, EntryPointState } from './checkpointModel';
import type { Parts } from './checkpointParts';
import type { SplitLeaf } from './checkpointSplit';
import type { EntryContext } from './context';
import { locksOfFunction } from './calls';
import { type FoundPowerManagement, powerFunctions } from './powerManagement';

export interface Verdict {
  status: CheckpointStatus;
  reason: string;
  saved: string[];
  notRestored: string[];
}

export interface VerdictInput {
  parts: Parts;
  entries: readonly EntryContext[];
  found: FoundPowerManagement;
  suspend: readonly SplitLeaf[];
  resume: readonly SplitLeaf[];
  states: readonly EntryPointState[];
}

export function verdictOf(input: VerdictInput): Verdict {
  const { parts, found, suspend, states } = input;
  const writes = [...new Set(states.flatMap((s) => s.writes))];
  const names = (covered: readonly string[]): string[] =>
    [...new Set(writes.filter((w) => covered.includes(w.covered)).map((w) => w.name))].sort();
  const all = names(['bus', 'checkpoint', 'restore', 'conditional', 'left']);
  if (!parts.accesses.some((list) => list.length > 0))
    return { status: 'not-needed', reason: 'No function of the driver touches a device.', saved: [], notRestored: [] };
  const { suspend: suspendName, resume: resumeName, table } = found.report;
  if (!found.suspend && !found.resume) {
    const elsewhere = suspendName ?? resumeName ?? table;
    return elsewhere === null
      ? { status: 'missing', reason: 'The driver touches a device and has no power-management code.', saved: [], notRestored: all }
      : { status: 'unresolved', reason: `${elsewhere} lies in another module.`, saved: [], notRestored: all };
  }
  const busState = found.bus ? [found.bus.saves] : [];
  const bySuspend = [...new Set(suspend.flatMap((leaf) => leaf.saves))];
  const readBack = [
    ...new Set(writes.filter((w) => w.covered === 'checkpoint' || (w.covered === 'conditional' && w.readBack)).map((w) => w.name)),
  ].sort();
  const saved = [...new Set([...busState, ...bySuspend, ...readBack])];
  const notRestored = names(['left']);
  const unsafe = unsafeReason(input);
  if (unsafe) return { status: 'unsafe', reason: unsafe, saved, notRestored };
  const savers = [
    ...(found.bus ? [`the bus code saves the ${found.bus.saves}`] : []),
    ...(bySuspend.length > 0 ? [`${suspendName} saves ${bySuspend.join(', ')}`] : []),
  ].join(', ');
  if (savers) {
    const rest = resumeName ? `${resumeName} sets the rest from memory` : 'nothing sets the rest';
    return { status: 'derivable', reason: `${savers[0].toUpperCase()}${savers.slice(1)}; ${rest}.`, saved, notRestored };
  }
  if (!found.resume)
    return { status: 'missing', reason: `${suspendName} stops the device, and nothing brings it back.`, saved: [], notRestored: all };
  const sets = input.resume.some((leaf) => leaf.part === 'reinitialise' || leaf.part === 'restart' || leaf.part === 'mixed');
  const restored = sets ? `${resumeName} sets the device up from memory` : `${resumeName} changes nothing on the device`;
  return { status: 'stateless', reason: `Nothing is saved: ${restored}.`, saved, notRestored };
}

function unsafeReason(input: VerdictInput): string | null {
  return callerLockTaken(input) ?? teardown(input) ?? waits(input) ?? closes(input) ?? lateSave(input);
}

/** A lock that suspend or resume takes and that the callers of an entry point hold already: restoring would wait for itself. */
function callerLockTaken({ parts, entries, found }: VerdictInput): string | null {
  const { driver } = parts;
  const power = powerFunctions(driver);
  const held = new Map<string, string>();
  for (const { entry, node } of entries) {
    // In interrupt and softirq context a restore that takes this lock sleeps as well, or cannot run at all: checkpoint/sleeps tells.
    if (power.has(node.name) || entry.context !== 'process') continue;
    for (const { locks } of entry.registrations) {
      for (const lock of locks) {
        const name = driver.knowledge.callerLocks.get(lock)?.name;
        if (name && !held.has(name)) held.set(name, node.name);
      }
    }
  }
  for (const root of [found.suspend, found.resume]) {
    if (!root) continue;
    for (const id of parts.reachable(root.id)) {
      for (const { name, primitive } of locksOfFunction(driver, id)) {
        const holder = name === null ? undefined : held.get(name);
        if (holder !== undefined)
          return `${driver.analysis.nodes[id].name} takes ${name} with ${primitive}, which the callers of ${holder} hold already.`;
      }
    }
  }
  return null;
}

interface KernelCallAt {
  name: string;
  function: number;
  site: CallSite | null;
}

function kernelCallsBelow(parts: Parts, root: number): KernelCallAt[] {
  const { analysis } = parts.driver;
  return parts
    .reachable(root)
    .flatMap((id) => [
      ...analysis.summaries[id].kernelCalls.map((site) => ({ name: site.name, function: id, site })),
      ...analysis.summaries[id].unresolved.map((u) => ({ name: u.through, function: id, site: null })),
    ]);
}

/** Suspend frees what calls under way still use, and resume makes it anew. */
function teardown({ parts, found }: VerdictInput): string | null {
  if (!found.suspend || !found.resume) return null;
  const freed = kernelCallsBelow(parts, found.suspend.id).find(
    (c) => parts.row(c.name)?.teardown && (c.site === null || isKept(parts, c.site)),
  );
  const made = kernelCallsBelow(parts, found.resume.id).some((c) =>
    parts.driver.knowledge.functions.get(c.name)?.effects.includes('allocate'),
  );
  if (!freed || !made) return null;
  return `${found.suspend.name} is close and ${found.resume.name} is open: ${parts.driver.analysis.nodes[freed.function].name} frees with ${freed.name} what calls under way still use.`;
}

/** True when what is freed hangs on an object that stays: a member, not a temporary. */
function isKept(parts: Parts, site: CallSite): boolean {
  const { paths } = parts.driver.analysis;
  return [...(site.arguments[0] ?? [])].some((path) => {
    const parent = paths.parent(path);
    return (
      paths.step(path)?.kind === 'deref' && parent >= 0 && paths.step(parent)?.kind === 'field' && paths.rootOf(path).kind !== 'result'
    );
  });
}

function waits({ parts, found, suspend }: VerdictInput): string | null {
  if (!found.suspend) return null;
  const waiting = kernelCallsBelow(parts, found.suspend.id).find((c) => parts.row(c.name)?.waitsForCalls);
  if (waiting) return `${waiting.name} waits until no call is under way, and the isolated call is.`;
  for (const leaf of suspend) {
    if (leaf.part !== 'save') continue;
    const command = leaf.kernelCalls.find((name) =>
      parts.driver.knowledge.functions.get(name)?.effects.some((e) => e === 'wait-completion' || e === 'wait-event'),
    );
    if (command) return `Saving issues a command and waits for it with ${command}.`;
  }
  return null;
}

/** Suspend is the driver's close, and resume its open. */
function closes({ parts, entries, found }: VerdictInput): string | null {
  if (!found.suspend || !found.resume) return null;
  const registered = (words: string, root: number): string | null => {
    const below = new Set(parts.reachable(root));
    below.delete(root);
    const hit = entries.find(
      ({ node, entry }) =>
        below.has(node.id) && entry.registrations.some((r) => parts.matches(words, `^${r.as.slice(r.as.indexOf('.') + 1)}$`)),
    );
    return hit?.node.name ?? null;
  };
  const close = registered('closeMembers', found.suspend.id);
  const open = registered('openMembers', found.resume.id);
  return close && open
    ? `${found.suspend.name} calls ${close} and ${found.resume.name} calls ${open}: the device is closed and opened.`
    : null;
}

/** What is saved after the device was stopped is not what a running device has. */
function lateSave({ parts, suspend }: VerdictInput): string | null {
  const stopped = suspend.findIndex((leaf) => leaf.part === 'quiesce' || leaf.part === 'power');
  const late = suspend.find(
    (leaf, i) => i > stopped && stopped >= 0 && leaf.part === 'save' && !leaf.kernelCalls.some((name) => parts.row(name)?.anytime),
  );
  return late ? `${late.saves.join(', ') || late.text} is saved after "${suspend[stopped].text}" stopped the device.` : null;
}

/** Who must run before a wait ends, and which of them need a lock: handlers that are waited for, and functions that signal. */
import { lastField } from '../../analysis/functionPointers';
import { objectName } from '../../analysis/lockEvents';
import type { LockUseStep, WaitStep } from '../../analysis/lockModel';
import type { CallSite } from '../../analysis/model';
import type { EffectKind } from '../../knowledge/model';
import { type DriverContext, type EntryContext, locksOfModule } from '../context';

/** What ends a wait, by the effect of the wait. */
const ENDED_BY: Record<string, EffectKind> = { 'wait-completion': 'complete', 'wait-event': 'wake-up' };

/** Answers for one driver; handlers and signallers are gathered when the first question is asked. */
export class OtherSide {
  private handlers: Map<string, number[]> | null = null;
  /** Handlers of interrupts: what a wait for a number is about. */
  private readonly interrupts: number[] = [];
  private readonly runnersOf = new Map<string, readonly number[]>();
  private readonly signals = new Map<EffectKind, Map<string, number[]>>();

  constructor(
    private readonly driver: DriverContext,
    private readonly entries: readonly EntryContext[],
  ) {}

  /**
   * A function that must run before the wait ends and that takes the lock of that name; null when there is none. Of those that may signal,
   * one that does without the lock is enough to end the wait; a handler that is waited for must finish, whoever else there is.
   */
  taker(wait: WaitStep, lock: string, waiting: ReadonlySet<number>): { function: number; use: LockUseStep } | null {
    const locks = locksOfModule(this.driver);
    const runners = this.runners(wait).filter((id) => !waiting.has(id));
    let found: { function: number; use: LockUseStep } | null = null;
    for (const id of runners) {
      const use = locks[id].summary.acquires.find((a) => a.lock.name === lock);
      if (use) found ??= { function: id, use };
      else if (wait.effect !== 'synchronize') return null;
    }
    return found;
  }

  private runners(wait: WaitStep): readonly number[] {
    if (wait.effect === 'synchronize') {
      this.handlers ??= this.gatherHandlers();
      const found = wait.objects.flatMap((o) => this.handlers!.get(o) ?? []);
      return wait.objects.length > 0 ? found : this.interrupts;
    }
    const key = `${wait.effect} ${wait.objects.join()}`;
    let runners = this.runnersOf.get(key);
    if (!runners) this.runnersOf.set(key, (runners = this.signallersOf(wait)));
    return runners;
  }

  private signallersOf(wait: WaitStep): readonly number[] {
    const effect = ENDED_BY[wait.effect];
    const byName = this.signals.get(effect) ?? this.gatherSignals(effect);
    const signallers = new Set(wait.objects.flatMap((o) => byName.get(o) ?? []));
    const found = this.entries.filter((e) => e.functions.some((f) => signallers.has(f)));
    // An interrupt or a callback is the likelier one to signal.
    const isProcess = (e: EntryContext): number => (e.entry.context === 'hardirq' || e.entry.context === 'softirq' ? 0 : 1);
    return found.sort((a, b) => isProcess(a) - isProcess(b)).map((e) => e.node.id);
  }

  private gatherSignals(effect: EffectKind): Map<string, number[]> {
    const found = new Map<string, number[]>();
    this.eachKernelCall(
      `calls that ${effect}`,
      ({ name }) => this.driver.knowledge.functions.get(name)?.effects.includes(effect) ?? false,
      (site) => {
        const { target } = this.driver.knowledge.functions.get(site.name)!;
        for (const name of this.names(site, target ?? 0)) add(found, name, site.site.function);
      },
    );
    this.signals.set(effect, found);
    return found;
  }

  /** Functions that the kernel was given for an object, by the object's name: the work's function, the timer's, the request's. */
  private gatherHandlers(): Map<string, number[]> {
    const { knowledge, analysis } = this.driver;
    const found = new Map<string, number[]>();
    const registers = ({ name }: CallSite): boolean => knowledge.registrations.has(name);
    this.eachKernelCall('calls that register', registers, (site) => {
      const registration = knowledge.registrations.get(site.name)!;
      const node = analysis.nodes[site.site.function];
      const call = node.ir.calls[site.call];
      for (const { argument, context } of registration.callbacks) {
        const value = call.arguments[argument];
        const handler = value?.kind === 'function' ? analysis.resolve(value.name, node.file) : undefined;
        if (!handler) continue;
        if (context === 'hardirq') this.interrupts.push(handler.id);
        call.arguments.forEach((_, i) => {
          if (i !== argument) for (const name of this.names(site, i)) add(found, name, handler.id);
        });
        for (const i of node.ir.instructions) {
          const field = i.op === 'assign' && i.value.kind === 'result' && i.value.call === site.call ? lastField(i.place) : null;
          if (field) add(found, `${field.record}.${field.field}`, handler.id);
        }
      }
    });
    return found;
  }

  /** The calls that `fits` tells by their names. Which they are is known of functions that did not change. */
  private eachKernelCall(kind: string, fits: (site: CallSite) => boolean, action: (site: CallSite) => void): void {
    const { memory, analysis } = this.driver;
    for (const summary of analysis.summaries) memory.of(kind, summary, () => summary.kernelCalls.filter(fits)).forEach(action);
  }

  private names(site: CallSite, argument: number): string[] {
    const { paths, nodes } = this.driver.analysis;
    return [...(site.arguments[argument] ?? [])].map((p) => objectName(paths, p, nodes[site.site.function].ir));
  }
}

function add(map: Map<string, number[]>, name: string, id: number): void {
  const list = map.get(name);
  if (!list) map.set(name, [id]);
  else if (!list.includes(id)) list.push(id);
}

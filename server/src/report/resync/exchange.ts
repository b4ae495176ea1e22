/** What crosses between a waiting call and the context that it waits for: fields copied in again after the wait, fields copied out before it. */
import { READ, WRITE } from '../../analysis/model';
import { reachableFrom } from '../../analysis/naturalLoops';
import type { EntryContext } from '../context';
import { addBit, join, kept, type Members, namesInBoth, type Touched, touchedIn } from './touched';
import type { ModuleView } from './view';

export interface Exchange {
  /** `record.member` that the other side writes and the call reads after the wait. */
  refresh: string[];
  /** `record.member` that the call writes before the wait and the other side reads. */
  publish: string[];
}

/** The functions of the other side: what they and their callees touch counts. */
export function exchangeOf(
  view: ModuleView,
  waiter: number,
  call: number,
  waiting: readonly EntryContext[],
  otherSide: readonly number[],
): Exchange {
  const touched = touchedIn(view);
  const [reads, writes, after, before] = [0, 1, 2, 3].map(() => new Uint32Array(touched.words));
  for (const id of otherSide) {
    join(reads, touched.reads(id));
    join(writes, touched.writes(id));
  }
  const theirs = view.memo('waiting', waiting, () => new Set(waiting));
  const reached = (id: number): boolean => view.entriesOf(id).some((e) => theirs.has(e));
  collect(view, touched, waiter, call, reached, true, after, new Set());
  collect(view, touched, waiter, call, reached, false, before, new Set());
  return { refresh: namesInBoth(touched, writes, after), publish: namesInBoth(touched, before, reads) };
}

/** Members read after (`forward`) or written before a call, in the function that makes it. */
function aroundCall(view: ModuleView, touched: Touched, id: number, call: number, forward: boolean): Members {
  const { analysis } = view.driver;
  const { ir } = analysis.nodes[id];
  const around = forward ? touched.after : touched.before;
  const known = around.get(ir.calls[call]);
  if (known) return known;
  const made = (): Members => {
    const names = new Uint32Array(touched.words);
    const at = view.instructionOf(id, call);
    if (at < 0) return kept(names, []);
    const places = new Set<number>();
    const below = new Set<Members>();
    for (const i of reachableFrom(view.flowOf(id), at, forward)) {
      const instruction = ir.instructions[i];
      if (instruction.op === 'touch') places.add(instruction.at);
      else if (instruction.op === 'call') {
        places.add(ir.calls[instruction.call].at);
        for (const callee of analysis.graph.callees[id][instruction.call])
          below.add(forward ? touched.reads(callee) : touched.writes(callee));
      }
    }
    for (const members of below) join(names, members);
    const access = forward ? READ : WRITE;
    for (const own of touched.own[id]) if ((own.access & access) !== 0 && places.has(own.at)) addBit(names, own.name);
    return kept(names, below);
  };
  const names = made();
  around.set(ir.calls[call], names);
  return names;
}

/** The same with the callers of the function, as far as the entry points reach them. */
function collect(
  view: ModuleView,
  touched: Touched,
  id: number,
  call: number,
  reached: (id: number) => boolean,
  forward: boolean,
  into: Uint32Array,
  seen: Set<number>,
): void {
  join(into, aroundCall(view, touched, id, call, forward));
  if (seen.has(id)) return;
  seen.add(id);
  for (const caller of view.callersOf(id))
    if (reached(caller.caller)) collect(view, touched, caller.caller, caller.call, reached, forward, into, seen);
}

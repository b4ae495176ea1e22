import assert from 'node:assert/strict';
import type { BatchReply, BatchRequest, Task } from '../../../server/src/engine/batch/model';
import { type Outcome, Pool, type PoolLimits, type StartThread, type ThreadEvents } from '../../../server/src/engine/batch/pool';

type Behaviour = (request: BatchRequest, events: ThreadEvents) => void;

const done = (index: number, heapBytes = 0): BatchReply => ({
  kind: 'done',
  index,
  figures: { entryPoints: 1, withResynchronization: 0, isolatable: 1, worst: null },
  problems: [],
  heapBytes,
});
const works: Behaviour = ({ index }, { reply }) => void setTimeout(() => reply(done(index)), 5);

function task(bytes: number): Task {
  return {
    module: { name: `m${bytes}`, files: [`/${bytes}.c`], makefile: null, includeFolders: [], defines: [], why: '' },
    kernel: null,
    bytes,
    brief: false,
    key: `${bytes}`,
  };
}

interface Ran {
  outcomes: Map<number, Outcome>;
  /** Indices in the order in which they were handed out. */
  order: number[];
  briefly: number[];
  threads: number;
  atOnce: number;
}

/** Runs tasks of the given sizes on threads that behave as told. */
async function ran(
  sizes: number[],
  limits: Partial<PoolLimits> = {},
  behaviour: Behaviour = works,
  during?: (pool: Pool) => void,
): Promise<Ran> {
  const result: Ran = { outcomes: new Map(), order: [], briefly: [], threads: 0, atOnce: 0 };
  let busy = 0;
  const start: StartThread = (events) => {
    result.threads++;
    let stopped = false;
    setImmediate(() => !stopped && events.reply({ kind: 'ready' }));
    return {
      send: (request) => {
        result.order.push(request.index);
        if (request.task.brief) result.briefly.push(request.index);
        result.atOnce = Math.max(result.atOnce, ++busy);
        behaviour(request, events);
      },
      stop: () => void (stopped = true),
    };
  };
  const all = {
    jobs: 1,
    timeFor: () => 10_000,
    computed: () => performance.now(),
    heapBytes: Infinity,
    modules: 1000,
    sourceBytes: 1e6,
    ...limits,
  };
  const pool = new Pool(sizes.map(task), start, all, (index, outcome) => {
    busy--;
    result.outcomes.set(index, outcome);
  });
  const finished = pool.run(sizes.map((_, i) => i));
  during?.(pool);
  await finished;
  return result;
}

const kinds = ({ outcomes }: Ran): string[] => [...outcomes].sort(([a], [b]) => a - b).map(([, outcome]) => outcome.kind);

describe('engine-batch: pool', () => {
  it('hands modules out one by one, the largest first', async () => {
    const result = await ran([1, 3, 2]);
    assert.deepEqual([result.order, result.threads, result.atOnce], [[1, 2, 0], 1, 1]);
  });

  it('uses no more threads than jobs, nor than modules', async () => {
    assert.equal((await ran([1, 1, 1, 1, 1, 1], { jobs: 3 })).threads, 3);
    assert.ok((await ran([1, 1], { jobs: 8 })).threads <= 2);
    assert.equal((await ran([])).threads, 0);
  });

  it('keeps two large modules apart, and lets small ones run beside one', async () => {
    const apart = await ran([900, 800], { jobs: 2, sourceBytes: 1000 });
    assert.equal(apart.atOnce, 1);
    const beside = await ran([900, 800, 10, 10], { jobs: 2, sourceBytes: 1000 });
    assert.deepEqual([beside.order.slice(0, 2), beside.atOnce], [[0, 2], 2]);
  });

  it('does not blame a module for time in which the machine let nobody compute', async () => {
    const slow: Behaviour = ({ index }, { reply }) => void setTimeout(() => reply(done(index)), 60);
    const starved = await ran([1], { timeFor: () => 10, computed: () => 0 }, slow);
    const computing = await ran([1], { timeFor: () => 10 }, slow);
    assert.deepEqual([kinds(starved), kinds(computing)], [['done'], ['failed']]);
  });

  it('goes on after a module that fails, one that ends its thread and one that hangs', async () => {
    const result = await ran([4, 3, 2, 1], { timeFor: () => 30 }, (request, events) => {
      if (request.index === 0) setImmediate(() => events.reply({ kind: 'failed', index: 0, message: 'wrong', heapBytes: 0 }));
      else if (request.index === 1) setImmediate(() => events.lost('gone'));
      else if (request.index === 3) works(request, events);
    });
    assert.deepEqual(kinds(result), ['failed', 'failed', 'failed', 'done']);
    assert.deepEqual(
      [0, 1, 2].map((i) => (result.outcomes.get(i) as { message: string }).message),
      ['wrong', 'gone', 'it took longer than 0 s'],
    );
    assert.equal(result.threads, 3);
  });

  it('tries a module that ran out of memory once more, briefly', async () => {
    const result = await ran([2, 1], {}, (request, events) => {
      if (request.index === 0 && !request.task.brief) setImmediate(() => events.lost('too much', true));
      else works(request, events);
    });
    assert.deepEqual([kinds(result), result.briefly], [['done', 'done'], [0]]);
    const never = await ran([2, 1], {}, (request, events) =>
      request.index === 0 ? void setImmediate(() => events.lost('too much', true)) : works(request, events),
    );
    assert.deepEqual(kinds(never), ['failed', 'done']);
  });

  it('replaces a thread that grew too large or has done its share', async () => {
    assert.equal(
      (await ran([1, 1, 1], { heapBytes: 10 }, ({ index }, { reply }) => setImmediate(() => reply(done(index, 11))))).threads,
      3,
    );
    assert.equal((await ran([1, 1, 1, 1], { modules: 2 })).threads, 2);
  });

  it('ends when it is cancelled, whatever the threads do', async () => {
    const result = await ran(
      [1, 1],
      {},
      () => undefined,
      (pool) => setTimeout(() => pool.cancel(), 10),
    );
    assert.equal(result.outcomes.size, 0);
  });

  it('fails every module when threads cannot start', async () => {
    const outcomes: Outcome[] = [];
    const start: StartThread = (events) => {
      setImmediate(() => events.lost('no such program'));
      return { send: () => undefined, stop: () => undefined };
    };
    const limits = { jobs: 2, timeFor: () => 1000, computed: () => performance.now(), heapBytes: 1, modules: 1, sourceBytes: 1 };
    await new Pool([task(1), task(2)], start, limits, (_, outcome) => outcomes.push(outcome)).run([0, 1]);
    assert.deepEqual(outcomes, [
      { kind: 'failed', message: 'no such program' },
      { kind: 'failed', message: 'no such program' },
    ]);
  });
});

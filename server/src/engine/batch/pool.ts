/** Hands modules to threads one by one, within a limit of memory and of time for each. */
import { Worker } from 'node:worker_threads';
import type { BatchReply, BatchRequest, BatchWorkerData, DriverFigures, Task } from './model';
import type { InputProblem } from '../engine';

/** A thread as the pool sees it; tests give one of their own. */
export interface Thread {
  send(request: BatchRequest): void;
  stop(): void;
}

export interface ThreadEvents {
  reply(reply: BatchReply): void;
  /** It ended, asked to or not. */
  lost(message: string, outOfMemory?: boolean): void;
}

export type StartThread = (events: ThreadEvents) => Thread;

/** What became of a module. */
export type Outcome =
  | { kind: 'done'; figures: DriverFigures; problems: InputProblem[]; report?: string }
  | { kind: 'failed'; message: string; outOfMemory?: boolean };

export interface PoolLimits {
  /** Threads at the same time. */
  jobs: number;
  /** Milliseconds of a processor that a module of so many bytes of source may take. */
  timeFor(bytes: number): number;
  /** Milliseconds that all threads have computed for so far. On a machine that others keep busy a module is not to blame for waiting. */
  computed(): number;
  /** A thread that holds more than this after a module is replaced. Bytes. */
  heapBytes: number;
  /** A thread is replaced after so many modules. */
  modules: number;
  /** Bytes of source that may be in work at the same time, small modules not counted; a larger module waits until it is the only one that is not small. */
  sourceBytes: number;
}

/** Memory that the threads of a run may hold together, so that the whole process stays below 3 GiB. MiB. */
const MEMORY = 2300;
/** What a thread holds that works on small modules: the kernel's declarations and its own program. MiB. */
const SMALL = 450;

export function defaultLimits(jobs: number): PoolLimits {
  return {
    jobs,
    computed: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    },
    // Ten times what the slowest module of Linux 6.12 takes per byte on a busy machine, never less than a minute, never more than ten.
    timeFor: (bytes) => Math.min(60_000 + bytes / 20, 600_000),
    heapBytes: Math.min(SMALL, MEMORY / jobs / 1.5) * 2 ** 20,
    modules: 2000,
    // One large module at a time: modules take about 300 times their source.
    sourceBytes: 3e6,
  };
}

/** Heap that one thread may have before it is ended: all that the others leave when they work on small modules. MiB. */
export function heapLimitMiB(jobs: number): number {
  return Math.max(700, Math.round(MEMORY - (jobs - 1) * SMALL));
}

/** A module is given up after this many times its limit however little its thread was allowed to compute: it may be waiting for ever. */
const PATIENCE = 20;

/** Modules up to this share of what may be in work do not count. */
const SMALL_SHARE = 0.05;

/**
 * Room for objects that were just made, MiB. Most of a module's die at once; with V8's own 48, one in eight of a run's seconds is spent
 * on copying those that happen to live.
 */
const YOUNG = 96;

/** Starts threads of the bundled `worker.cjs`. */
export function workerThreads(script: string, data: BatchWorkerData, heapMiB: number): StartThread {
  return (events) => {
    const worker = new Worker(script, {
      workerData: data,
      resourceLimits: { maxOldGenerationSizeMb: heapMiB, maxYoungGenerationSizeMb: YOUNG },
    });
    worker.on('message', (reply: BatchReply) => events.reply(reply));
    worker.on('error', (error: NodeJS.ErrnoException) => {
      const outOfMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      events.lost(outOfMemory ? `it needs more than ${heapMiB} MiB of memory` : (error.stack ?? error.message), outOfMemory);
    });
    worker.on('exit', () => events.lost('its thread ended'));
    return { send: (request) => worker.postMessage(request), stop: () => void worker.terminate() };
  };
}

interface Seat {
  thread: Thread | null;
  /** Counts threads, so that what an earlier one says late is not taken for this one's. */
  generation: number;
  ready: boolean;
  task: number | null;
  modules: number;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** Runs tasks, the largest first. Resolves when all are done or {@link cancel} was called; never rejects. */
export class Pool {
  private readonly seats: Seat[] = [];
  private waiting: number[] = [];
  private bytesAtWork = 0;
  /** Tasks that ran out of memory once. */
  private readonly again = new Set<number>();
  private cancelled = false;
  private finish: () => void = () => undefined;

  constructor(
    private readonly tasks: readonly Task[],
    private readonly start: StartThread,
    private readonly limits: PoolLimits,
    private readonly settled: (index: number, outcome: Outcome) => void,
  ) {}

  /** `indices`: which of the tasks are to be done. */
  run(indices: readonly number[]): Promise<void> {
    this.waiting = [...indices].sort((a, b) => this.tasks[b].bytes - this.tasks[a].bytes || a - b);
    return new Promise((resolve) => {
      this.finish = resolve;
      if (this.waiting.length === 0) return resolve();
      // The first thread makes the index of the kernel's headers, which the others then find on disk.
      this.open();
    });
  }

  cancel(): void {
    this.cancelled = true;
    for (const seat of this.seats) this.close(seat);
    this.finish();
  }

  private open(): void {
    const seat: Seat = { thread: null, generation: 0, ready: false, task: null, modules: 0, timer: undefined };
    this.seats.push(seat);
    this.begin(seat);
  }

  private begin(seat: Seat): void {
    const generation = ++seat.generation;
    Object.assign(seat, { ready: false, modules: 0 });
    seat.thread = this.start({
      reply: (reply) => generation === seat.generation && this.reply(seat, reply),
      lost: (message, outOfMemory) => generation === seat.generation && this.lost(seat, message, outOfMemory),
    });
  }

  private close(seat: Seat): void {
    clearTimeout(seat.timer);
    seat.generation++;
    seat.thread?.stop();
    seat.thread = null;
  }

  private reply(seat: Seat, reply: BatchReply): void {
    if (reply.kind === 'ready') {
      seat.ready = true;
      this.next(seat);
      if (this.cancelled) return;
      while (this.seats.length < Math.min(this.limits.jobs, this.waiting.length + 1)) this.open();
      return;
    }
    if (seat.task !== reply.index) return;
    seat.modules++;
    this.settle(
      seat,
      reply.kind === 'done'
        ? { kind: 'done', figures: reply.figures, problems: reply.problems, report: reply.report }
        : { kind: 'failed', message: reply.message },
    );
    if (this.cancelled) return;
    if (this.waiting.length > 0 && (reply.heapBytes > this.limits.heapBytes || seat.modules >= this.limits.modules)) {
      this.close(seat);
      this.begin(seat);
    } else this.next(seat);
    // What did not fit beside the module that is done may fit now.
    for (const other of this.seats) if (other.ready && other.task === null && other !== seat) this.next(other);
  }

  private lost(seat: Seat, message: string, outOfMemory = false): void {
    const { task, ready } = seat;
    this.close(seat);
    if (task !== null && outOfMemory && !this.again.has(task) && !this.tasks[task].brief) {
      // Once more, briefly.
      this.again.add(task);
      this.bytesAtWork -= this.weight(task);
      seat.task = null;
      this.waiting.push(task);
    } else if (task !== null) this.settle(seat, { kind: 'failed', message, outOfMemory });
    else if (!ready) {
      // A thread that cannot even start will not start for the next module either.
      this.fail(message);
      return;
    }
    if (this.cancelled || this.isOver()) return;
    if (this.waiting.length > 0) this.begin(seat);
  }

  private fail(message: string): void {
    const left = this.waiting;
    this.waiting = [];
    for (const index of left) this.settled(index, { kind: 'failed', message });
    this.isOver();
  }

  private settle(seat: Seat, outcome: Outcome): void {
    const index = seat.task;
    if (index === null) return;
    clearTimeout(seat.timer);
    seat.task = null;
    this.bytesAtWork -= this.weight(index);
    this.settled(index, outcome);
  }

  private next(seat: Seat): void {
    if (this.cancelled || this.isOver() || !seat.thread || !seat.ready || seat.task !== null) return;
    const index = this.take();
    if (index === undefined) return;
    const task = this.again.has(index) ? { ...this.tasks[index], brief: true } : this.tasks[index];
    seat.task = index;
    this.bytesAtWork += this.weight(index);
    const limit = this.limits.timeFor(task.bytes);
    this.watch(seat, limit, limit, PATIENCE);
    seat.thread.send({ kind: 'module', index, task });
  }

  /** Ends what a seat does once it has computed for `limit`; looks again as long as the machine gave it less. */
  private watch(seat: Seat, limit: number, left: number, patience: number): void {
    const before = this.limits.computed();
    seat.timer = setTimeout(() => {
      // What all threads computed, shared evenly: none can have had more than all.
      const busy = Math.max(1, this.seats.filter((s) => s.task !== null).length);
      const still = left - (this.limits.computed() - before) / busy;
      if (still < limit / 10 || patience <= 1) this.lost(seat, `it took longer than ${Math.round(limit / 1000)} s`);
      else this.watch(seat, limit, still, patience - 1);
    }, left);
  }

  /** The largest task that fits beside those at work. */
  private take(): number | undefined {
    const room = this.limits.sourceBytes - this.bytesAtWork;
    const at = this.waiting.findIndex((index) => this.weight(index) <= room);
    return at < 0 ? undefined : this.waiting.splice(at, 1)[0];
  }

  /** Small modules always fit, and the largest fits when no other large one is at work. */
  private weight(index: number): number {
    const { bytes } = this.tasks[index];
    const { sourceBytes } = this.limits;
    return bytes <= sourceBytes * SMALL_SHARE ? 0 : Math.min(bytes, sourceBytes);
  }

  private isOver(): boolean {
    if (this.waiting.length > 0 || this.seats.some((s) => s.task !== null)) return false;
    for (const seat of this.seats) this.close(seat);
    this.finish();
    return true;
  }
}

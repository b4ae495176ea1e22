/** An engine whose work is done in another thread, so that typing never waits for it. */
import { Worker } from 'node:worker_threads';
import type {
  AnalyzeOptions,
  AnalyzeResult,
  Diagnosis,
  Engine,
  EngineOptions,
  IsolateAnswer,
  IsolateOptions,
  LineRange,
  MemoryUse,
  Progress,
} from './engine';
import type { Report } from '../report/model';
import type { Reply, Request } from './workerProtocol';

type Answer = AnalyzeResult | Diagnosis | IsolateAnswer | LineRange[];

interface Pending {
  request: Request;
  resolve(value: Answer): void;
  reject(error: Error): void;
  progress?: Progress;
  first?: (report: Report) => void;
}

/**
 * Heap limits of the thread, in MiB. V8 lets garbage pile up in proportion to its limit: with the small one, which holds all but the
 * largest drivers several times over, it collects earlier.
 */
const SMALL_HEAP = 768;
const LARGE_HEAP = 4096;
/** Of them for new objects: an analysis makes many that live for a moment. */
const YOUNG_HEAP = 8;

/** How often a cancellation of the asker is passed on. Milliseconds. */
const CANCELLATION_POLL = 20;

/** A thread that loads what every engine needs while nobody knows yet what it will be asked. */
export interface SpareThread {
  /** The thread, once; null when somebody has it already or it ended. */
  take(): Worker | null;
}

function startThread(script: string, options: EngineOptions, heapLimit: number): Worker {
  const worker = new Worker(script, {
    workerData: options,
    resourceLimits: { maxOldGenerationSizeMb: heapLimit, maxYoungGenerationSizeMb: YOUNG_HEAP },
  });
  worker.unref();
  return worker;
}

/** Starts a thread before there is an engine. `script` is the bundled `worker.cjs`. */
export function startSpareThread(script: string): SpareThread {
  let worker: Worker | null = startThread(script, {}, SMALL_HEAP);
  const ended = (): void => {
    worker = null;
  };
  // Whatever ended it will end the engine's own thread too, which says so.
  worker.on('error', ended);
  worker.on('exit', ended);
  return {
    take: () => {
      const taken = worker;
      taken?.off('error', ended);
      taken?.off('exit', ended);
      worker = null;
      return taken;
    },
  };
}

class WorkerEngine implements Engine {
  private worker: Worker | null = null;
  private readonly pending = new Map<number, Pending>();
  /** What the worker must be told again when it had to be started anew. */
  private readonly documents = new Map<string, { text: string; version: number }>();
  private next = 1;
  private outdated: (() => void) | undefined;
  private heapLimit = SMALL_HEAP;
  private lastMemory: MemoryUse = { liveTrees: 0, cachedFiles: 0, heapBytes: 0, residentBytes: 0 };

  constructor(
    private options: EngineOptions,
    private readonly script: string,
    private readonly spare: SpareThread | undefined,
  ) {}

  private thread(): Worker {
    if (this.worker) return this.worker;
    const spare = this.spare?.take();
    spare?.postMessage({ kind: 'configure', options: this.options } satisfies Request);
    const worker = spare ?? startThread(this.script, this.options, this.heapLimit);
    worker.on('message', (reply: Reply) => this.receive(reply));
    worker.on('error', (error) => this.lost(worker, error));
    worker.on('exit', () => this.lost(worker, new Error('the analysis thread ended')));
    this.worker = worker;
    for (const [path, { text, version }] of this.documents) worker.postMessage({ kind: 'open', path, text, version } satisfies Request);
    return worker;
  }

  /**
   * The thread is gone. When it was the small heap that ended it, the questions are asked again with a large one; else who waits is told,
   * and the next question starts a new thread.
   */
  private lost(worker: Worker, error: Error): void {
    if (this.worker !== worker) return;
    this.worker = null;
    if ((error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY' && this.heapLimit < LARGE_HEAP) {
      this.heapLimit = LARGE_HEAP;
      for (const waiting of this.pending.values()) this.thread().postMessage(waiting.request);
      return;
    }
    for (const waiting of this.pending.values()) waiting.reject(error);
    this.pending.clear();
  }

  private receive(reply: Reply): void {
    if (reply.kind === 'outdated') {
      this.outdated?.();
      return;
    }
    const waiting = this.pending.get(reply.id);
    if (!waiting) return;
    if (reply.kind === 'progress') {
      waiting.progress?.report(reply.done, reply.total, reply.message);
      return;
    }
    if (reply.kind === 'first') {
      waiting.first?.(reply.report);
      return;
    }
    this.pending.delete(reply.id);
    if (this.pending.size === 0) this.worker?.unref();
    if (reply.kind === 'failed') {
      waiting.reject(new Error(reply.message));
      return;
    }
    this.lastMemory = reply.memory;
    waiting.resolve(reply.result);
  }

  private ask<T extends Answer>(make: (id: number) => Request, { progress, first }: AnalyzeOptions = {}): Promise<T> {
    const id = this.next++;
    return new Promise<T>((resolve, reject) => {
      const request = make(id);
      this.pending.set(id, { request, resolve: resolve as Pending['resolve'], reject, progress, first });
      const thread = this.thread();
      thread.ref();
      thread.postMessage(request);
    });
  }

  private tell(request: Request): void {
    this.worker?.postMessage(request);
  }

  async analyze(path: string, options: AnalyzeOptions = {}): Promise<AnalyzeResult> {
    const cancelled = new SharedArrayBuffer(4);
    const flag = new Int32Array(cancelled);
    const { cancellation } = options;
    const poll = cancellation ? setInterval(() => cancellation.isCancelled && Atomics.store(flag, 0, 1), CANCELLATION_POLL) : undefined;
    try {
      return await this.ask<AnalyzeResult>(
        (id) => ({
          kind: 'analyze',
          id,
          path,
          entries: options.entries,
          cancelled,
          progress: options.progress !== undefined,
          detail: options.detail,
          first: options.first !== undefined,
        }),
        options,
      );
    } finally {
      clearInterval(poll);
    }
  }

  isolate(path: string, options: IsolateOptions): Promise<IsolateAnswer> {
    return this.ask<IsolateAnswer>((id) => ({ kind: 'isolate', id, path, options }));
  }

  diagnose(path: string): Promise<Diagnosis> {
    return this.ask<Diagnosis>((id) => ({ kind: 'diagnose', id, path }));
  }

  inactiveLines(path: string): Promise<LineRange[]> {
    return this.ask<LineRange[]>((id) => ({ kind: 'inactiveLines', id, path }));
  }

  openDocument(path: string, text: string, version: number): void {
    this.documents.set(path, { text, version });
    this.tell({ kind: 'open', path, text, version });
  }

  changeDocument(path: string, text: string, version: number): void {
    this.openDocument(path, text, version);
  }

  closeDocument(path: string): void {
    this.documents.delete(path);
    this.tell({ kind: 'close', path });
  }

  filesChanged(paths: string[]): void {
    this.tell({ kind: 'changed', paths });
  }

  configure(options: EngineOptions): void {
    this.options = options;
    this.tell({ kind: 'configure', options });
  }

  warmUp(path: string): void {
    this.thread().postMessage({ kind: 'warmUp', path } satisfies Request);
  }

  onOutdated(listener: () => void): void {
    this.outdated = listener;
  }

  memory(): MemoryUse {
    return this.lastMemory;
  }

  dispose(): void {
    const { worker } = this;
    this.worker = null;
    for (const waiting of this.pending.values()) waiting.reject(new Error('the engine was closed'));
    this.pending.clear();
    void worker?.terminate();
  }
}

/** An engine in a thread of its own, or in a spare one while there is one. `script` is the bundled `worker.cjs`. */
export function createWorkerEngine(options: EngineOptions, script: string, spare?: SpareThread): Engine {
  return new WorkerEngine(options, script, spare);
}

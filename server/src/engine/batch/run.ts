/** An analysis of many modules in several threads: what changed is analysed, the rest taken from the store, everything reported in order. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DriverReport, Report } from '../../report/model';
import { isAtLeast } from '../../report/findingLists';
import { knowledgeOf } from '../../knowledge/load';
import { loadAssets } from '../assets';
import type { EngineOptions, InputProblem, Progress } from '../engine';
import { nodeFileSystem } from '../nodeFileSystem';
import { emptyReport } from '../reports';
import { VERSION } from '../version';
import { workspaceKnowledge } from '../workspaceKnowledge';
import { failedDriver } from './failedDriver';
import { areUnchanged } from './fresh';
import { inlineThread } from './inlineThread';
import type { DriverFigures, Task } from './model';
import { planBatch, type Shard } from './plan';
import { defaultLimits, heapLimitMiB, Pool, type PoolLimits, type StartThread, workerThreads } from './pool';
import { hashOf, SnapshotFileSystem, stampOf } from './snapshotFileSystem';
import { evictResults, keepResult, keptResult, takesResults, touchResult } from './store';

export interface BatchOptions {
  paths: string[];
  engine: EngineOptions;
  /** Default: as many threads as there are processors, up to {@link MAXIMUM_JOBS}; none besides the calling one for a module or two. */
  jobs?: number;
  shard?: Shard;
  /** Folder in which results stay for the next run; undefined, or a folder that cannot be written: none stay. */
  resultFolder?: string;
  /** The bundled `worker.cjs`. */
  script: string;
  progress?: Progress;
  /** Told once the user wants to stop; what is done by then is still reported. */
  onCancel?: (cancel: () => void) => void;
  now: () => Date;
  /** For tests: threads that are none, and other limits. */
  startThread?: (store: string) => StartThread;
  limits?: PoolLimits;
}

/** Takes the report piece by piece, in the order of the modules. */
export interface ReportSink {
  /** The report without its drivers and with an empty summary. */
  begin(head: Report): void | Promise<void>;
  driver(json: string): void | Promise<void>;
  end(summary: Report['summary']): void | Promise<void>;
}

export interface BatchOutcome {
  problems: InputProblem[];
  drivers: number;
  /** Modules there were to analyse. */
  modules: number;
  /** Taken from the store. */
  reused: number;
  failures: { name: string; file: string; message: string }[];
  worst: DriverFigures['worst'];
  cancelled: boolean;
}

/** Results of this size altogether stay on disk; the ones not used for longest go first. Bytes. */
const MAXIMUM_STORE = 2e9;

/** Each thread holds the kernel's declarations that it has met, so more threads need more memory. */
const MAXIMUM_JOBS = 4;

/** So few modules are analysed in the calling thread. */
const INLINE_MODULES = 2;

interface Settled {
  figures: DriverFigures;
  problems: InputProblem[];
  /** Instead of what is in the store. */
  report?: string;
  /** Instead of the store, when what was kept earlier stands elsewhere. */
  folder?: string;
}

export async function analyzeBatch(options: BatchOptions, sink: ReportSink): Promise<BatchOutcome> {
  const started = options.now().getTime();
  const fs = new SnapshotFileSystem(nodeFileSystem);
  const overlay = workspaceKnowledge(options.engine);
  const knowledge = [...loadAssets().knowledge, ...overlay.texts];
  const world = { tool: toolStamp(options.script, knowledge), assumptions: knowledgeOf(knowledge).knowledge.configuration };
  const plan = planBatch(options.paths, options.engine, fs, world, options.shard);
  plan.problems.push(...overlay.problems);
  if (options.engine.kernel !== undefined && !plan.tree) {
    return { problems: plan.problems, drivers: 0, modules: plan.tasks.length, reused: 0, failures: [], worst: null, cancelled: false };
  }
  const stays = options.resultFolder !== undefined && takesResults(options.resultFolder);
  const store = stays && options.resultFolder !== undefined ? options.resultFolder : mkdtempSync(join(tmpdir(), 'fgft-'));
  try {
    const run = new Run(plan.tasks, store, options);
    if (options.resultFolder !== undefined) run.reuse(fs, options.resultFolder);
    await run.analyze();
    const outcome = await run.write(emptyReport(plan.tree, plan.configuration), sink, started);
    return { ...outcome, problems: [...plan.problems, ...outcome.problems] };
  } finally {
    if (!stays) rmSync(store, { recursive: true, force: true });
    else evictResults(store, MAXIMUM_STORE);
  }
}

class Run {
  private readonly settled = new Map<number, Settled>();
  private readonly failures: { index: number; message: string }[] = [];
  private reused = 0;
  private cancelled = false;
  private bytesDone = 0;
  private readonly jobs: number;

  constructor(
    private readonly tasks: readonly Task[],
    private readonly store: string,
    private readonly options: BatchOptions,
  ) {
    this.jobs = options.jobs ?? Math.min(availableParallelism(), MAXIMUM_JOBS);
  }

  /** Takes over what a folder, which may be one that can only be read, holds of modules whose files are as they were. */
  reuse(fs: SnapshotFileSystem, folder: string): void {
    const now = this.options.now();
    for (const [index, task] of this.tasks.entries()) {
      const kept = keptResult(folder, task.key);
      if (!kept || !areUnchanged(kept.header.dependencies, fs)) continue;
      const { failure } = kept.header;
      if (failure && failure.heapMiB < heapLimitMiB(this.jobs)) continue;
      if (failure) this.failures.push({ index, message: failure.message });
      touchResult(folder, task.key, now);
      this.settled.set(index, { figures: kept.header.figures, problems: kept.header.problems, folder });
    }
    this.reused = this.settled.size;
  }

  async analyze(): Promise<void> {
    const { script, engine, progress } = this.options;
    const { jobs } = this;
    const left = this.tasks.flatMap((task, index) => (this.settled.has(index) ? [] : [{ index, bytes: task.bytes }]));
    const bytes = left.reduce((sum, { bytes: b }) => sum + b, 0);
    const inline = this.options.jobs === undefined && left.length <= INLINE_MODULES;
    const start =
      this.options.startThread?.(this.store) ??
      (inline
        ? inlineThread(engine, this.store)
        : workerThreads(
            script,
            { batch: true, options: engine, kernels: [...new Set(this.tasks.map((t) => t.kernel))], store: this.store },
            heapLimitMiB(jobs),
          ));
    const pool = new Pool(this.tasks, start, this.options.limits ?? defaultLimits(jobs), (index, outcome) => {
      const task = this.tasks[index];
      if (outcome.kind === 'done') this.settled.set(index, outcome);
      else {
        this.failures.push({ index, message: outcome.message });
        const failed = this.failed(task, outcome.message);
        this.settled.set(index, failed);
        if (outcome.outOfMemory) this.keepFailure(task, failed, outcome.message);
      }
      this.bytesDone += task.bytes;
      progress?.report(this.settled.size, this.tasks.length, task.module.name, bytes > 0 ? this.bytesDone / bytes : 1);
    });
    this.options.onCancel?.(() => {
      this.cancelled = true;
      pool.cancel();
    });
    await pool.run(left.map(({ index }) => index));
  }

  /** So that the next run does not spend a minute on failing again. Its headers are not known, which a change of its sources makes up for. */
  private keepFailure(task: Task, { figures, report }: Settled, message: string): void {
    const dependencies = task.module.files.map((path) => {
      const text = nodeFileSystem.read(path);
      return { path, hash: text === undefined ? null : hashOf(text), stamp: stampOf(nodeFileSystem.stat(path)) };
    });
    try {
      keepResult(
        this.store,
        task.key,
        { figures, problems: [], dependencies, milliseconds: 0, failure: { message, heapMiB: heapLimitMiB(this.jobs) } },
        report ?? '',
      );
    } catch {
      // Then it fails again next time.
    }
  }

  private failed(task: Task, message: string): Settled {
    const report = failedDriver(task, message, this.options.engine.workingDirectory ?? process.cwd());
    return {
      figures: { entryPoints: 0, withResynchronization: 0, isolatable: 0, worst: 'warning' },
      problems: [],
      report: JSON.stringify(report),
    };
  }

  async write(head: Report, sink: ReportSink, started: number): Promise<BatchOutcome> {
    await sink.begin(head);
    const summary = { ...head.summary };
    const problems: InputProblem[] = [];
    let worst: DriverFigures['worst'] = null;
    for (const [index, task] of this.tasks.entries()) {
      const settled = this.settled.get(index);
      if (!settled) continue;
      problems.push(...settled.problems);
      const report =
        settled.report ?? keptResult(settled.folder ?? this.store, task.key)?.report() ?? JSON.stringify(this.lost(task, index));
      await sink.driver(report);
      summary.drivers++;
      summary.entryPoints += settled.figures.entryPoints;
      summary.withResynchronization += settled.figures.withResynchronization;
      summary.isolatable += settled.figures.isolatable;
      if (settled.figures.worst !== null && (worst === null || isAtLeast(settled.figures.worst, worst))) worst = settled.figures.worst;
    }
    summary.milliseconds = Math.round(this.options.now().getTime() - started);
    await sink.end(summary);
    const failures = this.failures
      .sort((a, b) => a.index - b.index)
      .map(({ index, message }) => ({ name: this.tasks[index].module.name, file: this.tasks[index].module.files[0] ?? '', message }));
    return {
      problems,
      drivers: summary.drivers,
      modules: this.tasks.length,
      reused: this.reused,
      failures,
      worst,
      cancelled: this.cancelled,
    };
  }

  /** Somebody emptied the store while we worked. */
  private lost(task: Task, index: number): DriverReport {
    const message = 'its result was removed from the cache before it could be written';
    this.failures.push({ index, message });
    const settled = this.settled.get(index);
    if (settled) settled.figures = { entryPoints: 0, withResynchronization: 0, isolatable: 0, worst: 'warning' };
    return failedDriver(task, message, this.options.engine.workingDirectory ?? process.cwd());
  }
}

/** Names the version, the program's text and the knowledge: a result made by another one is not taken. */
function toolStamp(script: string, knowledge: readonly { name: string; text: string }[]): string {
  const hash = createHash('sha256').update(VERSION);
  try {
    hash.update(readFileSync(script));
  } catch {
    // Threads of another kind: then their text is not known.
  }
  for (const { name, text } of knowledge) hash.update(`\0${name}\0${text}`);
  return hash.digest('hex');
}

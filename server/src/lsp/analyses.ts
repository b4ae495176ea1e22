/**
 * Which modules have been analysed, whether that still holds, and when to do it again. One analysis serves all documents of a
 * module. At most one runs at a time: the engine works on one thread, and queueing here lets an obsolete one be dropped.
 */
import type { CancellationToken } from 'vscode-languageserver';
import type { Progress } from '../engine/engine';
import type { Configuration } from './configuration';
import type { Documents } from './documents';
import type { EnginePool } from './enginePool';
import { oneLine } from './fence';
import { type ModuleAnalysis, moduleAnalysis } from './moduleAnalysis';

/** One analysis at work. `cancel` stops it for good until something changes (a person asked for that). */
export interface Run {
  path: string;
  progress?: Progress;
  cancel(): void;
}

export interface AnalysesListener {
  started(run: Run): void;
  /** `analysis` is undefined when it was dropped as obsolete, stopped or failed. */
  ended(run: Run, outcome: 'stored' | 'obsolete' | 'stopped' | 'failed', analysis?: ModuleAnalysis): void;
}

interface Job {
  path: string;
  timer: NodeJS.Timeout | undefined;
  queued: boolean;
  running: { isCancelled: boolean; stopped: boolean; clock: number } | undefined;
  waiters: (() => void)[];
  /** Clock of the last attempt that failed or was stopped: not tried again before something changes. */
  settledAt: number;
  milliseconds: number;
  changedAt: number;
}

/** Milliseconds of typing pause before the first analysis whose duration is not known yet. */
const initialDelay = 150;
const shortestDelay = 20;
const longestDelay = 500;
/** An edit after this long a pause is analysed without delay, if that is quick: it is more likely a single edit than typing. */
const quietPeriod = 1000;
const quick = 300;
/** Reports of modules without an open document that are kept. */
const keptUnopened = 4;

export class Analyses {
  private readonly byPath = new Map<string, ModuleAnalysis>();
  private readonly jobs = new Map<string, Job>();
  private readonly changedAt = new Map<string, number>();
  private everythingChangedAt = 0;
  private clock = 1;
  private readonly queue: Job[] = [];
  private active: Job | undefined;
  private disposed = false;

  constructor(
    private readonly pool: EnginePool,
    private readonly documents: Documents,
    private readonly configuration: Configuration,
    private readonly listener: AnalysesListener,
    private readonly log: (line: string) => void,
  ) {}

  /** Every module analysed so far that is still kept. */
  all(): ModuleAnalysis[] {
    return [...this.byPath.values()];
  }

  /** The analyses whose module holds a file, or points into it; the newest first. Maybe outdated. */
  covering(path: string): ModuleAnalysis[] {
    return this.all()
      .filter((a) => a.files.has(path) || a.path === path)
      .sort((a, b) => b.clock - a.clock);
  }

  latest(path: string): ModuleAnalysis | undefined {
    return this.covering(path)[0];
  }

  isFresh(analysis: ModuleAnalysis): boolean {
    if (analysis.clock < this.everythingChangedAt) return false;
    for (const [path, clock] of this.changedAt) {
      if (clock > analysis.clock && (analysis.files.has(path) || analysis.path === path)) return false;
    }
    return true;
  }

  /** A document's text changed, or it was opened or closed with a text other than the file's. */
  changed(path: string): void {
    this.clock++;
    this.changedAt.set(path, this.clock);
    const covering = this.covering(path);
    // A header may be anybody's until some report has pointed into it.
    if (covering.length === 0 && this.documents.isHeader(path)) this.everythingChangedAt = this.clock;
    const affected = covering.length === 0 && this.documents.isHeader(path) ? this.all() : covering;
    for (const key of new Set([...affected.map((a) => a.path), path])) void this.changedJob(key);
  }

  /** Files changed on disk, or settings: nothing known is certain any more. */
  everythingChanged(): void {
    this.clock++;
    this.everythingChangedAt = this.clock;
    for (const document of this.documents.open.all()) {
      const path = this.documents.pathOf(document.uri);
      if (this.documents.isAnalysed(document)) void this.changedJob(this.latest(path)?.path ?? path);
    }
  }

  /** Settings changed: takes them over, and analyses again where they choose another kernel. */
  async settingsChanged(): Promise<void> {
    for (const analysis of this.all()) {
      const settings = await this.configuration.for(this.documents.uriOf(analysis.path));
      const otherKernel = settings.get('fgft.kernelRoot') !== analysis.settings.get('fgft.kernelRoot');
      analysis.settings = settings;
      if (otherKernel) this.changed(analysis.path);
    }
  }

  /** A file was opened with the very text that the analyses of its module read from disk. */
  adoptText(path: string, text: string): void {
    for (const analysis of this.covering(path)) if (this.isFresh(analysis)) analysis.texts.set(path, text);
  }

  /** Drops what only closed documents needed. */
  closed(path: string): void {
    const job = this.jobs.get(path);
    if (job?.timer) clearTimeout(job.timer);
    if (job) job.timer = undefined;
    if (job?.running && job.waiters.length === 0) {
      job.running.isCancelled = true;
      job.running.stopped = true;
    }
    const isOpen = (analysis: ModuleAnalysis): boolean =>
      [...analysis.files, analysis.path].some((p) => this.documents.atPath(p) !== undefined);
    const unopened = this.all().filter((analysis) => !isOpen(analysis));
    unopened.sort((a, b) => b.clock - a.clock);
    for (const analysis of unopened.slice(keptUnopened)) this.byPath.delete(analysis.path);
  }

  /**
   * The analysis of a file's module as the text is now. Waits for it at most `limit` milliseconds, then answers with what
   * there is, which may be outdated or nothing. Never rejects.
   */
  async fresh(path: string, token?: CancellationToken, limit = Number.POSITIVE_INFINITY): Promise<ModuleAnalysis | undefined> {
    const deadline = performance.now() + limit;
    for (let attempt = 0; attempt < 2; attempt++) {
      const current = this.latest(path);
      if (current && this.isFresh(current)) return current;
      if (this.documents.isHeader(path) && !current) {
        await this.settled(this.queuedAndRunning(), token, deadline);
        return this.latest(path);
      }
      const mode = (await this.configuration.for(this.documents.uriOf(path))).get('fgft.run');
      const key = attempt === 0 ? (current?.path ?? path) : path;
      const pending = this.jobs.get(key);
      const busy = pending?.queued === true || pending?.running !== undefined || pending?.timer !== undefined;
      if (!busy && mode !== 'onType' && (current !== undefined || mode === 'manual')) return current;
      if (!busy && pending !== undefined && pending.settledAt >= this.lastChange(key)) return current;
      const job = this.job(key);
      if (!busy) this.enqueue(job);
      await this.settled([job], token, deadline);
      if (token?.isCancellationRequested || performance.now() >= deadline) break;
    }
    return this.latest(path);
  }

  /** Analyses a file's module now, whatever the settings say. */
  async force(path: string, token?: CancellationToken): Promise<ModuleAnalysis | undefined> {
    const key = this.latest(path)?.path ?? path;
    const job = this.job(key);
    job.settledAt = 0;
    this.clock++;
    this.changedAt.set(key, this.clock);
    if (job.running) job.running.isCancelled = true;
    this.enqueue(job);
    await this.settled([job], token, Number.POSITIVE_INFINITY);
    return this.latest(path);
  }

  dispose(): void {
    this.disposed = true;
    for (const job of this.jobs.values()) {
      if (job.timer) clearTimeout(job.timer);
      if (job.running) job.running.isCancelled = true;
      for (const done of job.waiters.splice(0)) done();
    }
  }

  private job(path: string): Job {
    let job = this.jobs.get(path);
    if (!job) {
      job = {
        path,
        timer: undefined,
        queued: false,
        running: undefined,
        waiters: [],
        settledAt: 0,
        milliseconds: initialDelay,
        changedAt: 0,
      };
      this.jobs.set(path, job);
    }
    return job;
  }

  private queuedAndRunning(): Job[] {
    return [...this.jobs.values()].filter((job) => job.queued || job.running || job.timer);
  }

  private lastChange(path: string): number {
    let last = Math.max(this.everythingChangedAt, this.changedAt.get(path) ?? 0);
    const files = this.byPath.get(path)?.files;
    if (files) for (const [file, clock] of this.changedAt) if (files.has(file)) last = Math.max(last, clock);
    return last;
  }

  private async changedJob(path: string): Promise<void> {
    if (!this.jobs.has(path) && this.documents.isHeader(path)) return;
    const mode = (await this.configuration.for(this.documents.uriOf(path))).get('fgft.run');
    if (this.disposed || mode !== 'onType') return;
    const analysis = this.byPath.get(path);
    if (analysis && this.isFresh(analysis)) return;
    // A sibling's analysis may serve this file already: its job runs instead.
    if (!analysis && !this.jobs.get(path)?.running && this.covering(path).some((a) => a.path !== path)) return;
    const job = this.job(path);
    if (job.running) job.running.isCancelled = true;
    const now = performance.now();
    const quiet = now - job.changedAt > quietPeriod && job.milliseconds < quick;
    job.changedAt = now;
    const delay = quiet ? 0 : Math.min(longestDelay, Math.max(shortestDelay, job.milliseconds));
    if (job.timer) clearTimeout(job.timer);
    job.timer = setTimeout(() => {
      job.timer = undefined;
      this.enqueue(job);
    }, delay);
  }

  private enqueue(job: Job): void {
    if (this.disposed) return;
    if (job.timer) clearTimeout(job.timer);
    job.timer = undefined;
    if (!job.queued) {
      job.queued = true;
      this.queue.push(job);
    }
    this.next();
  }

  private next(): void {
    if (this.active || this.disposed) return;
    const job = this.queue.shift();
    if (!job) return;
    job.queued = false;
    this.active = job;
    void this.run(job).then(() => {
      this.active = undefined;
      this.next();
    });
  }

  private async run(job: Job): Promise<void> {
    const covering = this.latest(job.path);
    if (covering && this.isFresh(covering)) {
      this.settle(job);
      return;
    }
    const cancellation = { isCancelled: false, stopped: false, clock: this.clock };
    job.running = cancellation;
    const run: Run = {
      path: job.path,
      cancel: () => {
        cancellation.isCancelled = true;
        cancellation.stopped = true;
      },
    };
    let outcome: 'stored' | 'obsolete' | 'stopped' | 'failed' = 'failed';
    let analysis: ModuleAnalysis | undefined;
    const begun = performance.now();
    try {
      const settings = await this.configuration.for(this.documents.uriOf(job.path));
      const engine = this.pool.for(settings);
      const texts = this.openTexts();
      this.pool.synchronize(engine, texts);
      this.listener.started(run);
      const { report, problems } = await engine.analyze(job.path, {
        cancellation,
        progress: { report: (done, total, message) => run.progress?.report(done, total, message) },
      });
      if (!cancellation.isCancelled) {
        const snapshot = new Map(texts.map((t) => [t.path, t.content]));
        analysis = moduleAnalysis(job.path, report, problems, snapshot, settings, cancellation.clock, this.pool.workingDirectory);
        this.store(analysis);
        outcome = 'stored';
        job.milliseconds = performance.now() - begun;
      }
    } catch (error) {
      if (!cancellation.isCancelled) this.log(`analysis of ${job.path} failed: ${oneLine(error)}`);
    }
    if (cancellation.isCancelled) outcome = cancellation.stopped ? 'stopped' : 'obsolete';
    if (outcome !== 'stored' && outcome !== 'obsolete') job.settledAt = this.clock;
    job.running = undefined;
    if (this.disposed) return;
    this.guardListener(run, outcome, analysis);
    if (outcome === 'obsolete') {
      // The change that made it obsolete has set a timer or queued it again; if neither, a waiter must not hang.
      if (!job.timer && !job.queued) this.enqueue(job);
      return;
    }
    this.settle(job);
  }

  private guardListener(run: Run, outcome: 'stored' | 'obsolete' | 'stopped' | 'failed', analysis?: ModuleAnalysis): void {
    try {
      this.listener.ended(run, outcome, analysis);
    } catch (error) {
      this.log(`after the analysis of ${run.path}: ${oneLine(error)}`);
    }
  }

  private settle(job: Job): void {
    for (const done of job.waiters.splice(0)) done();
  }

  /** Keeps a new analysis in place of the older ones of the same module. */
  private store(analysis: ModuleAnalysis): void {
    const modules = new Set(analysis.report.drivers.map((d) => d.name));
    for (const [path, older] of this.byPath) {
      const replaced =
        analysis.files.has(path) && older.report.drivers.length > 0 && older.report.drivers.every((d) => modules.has(d.name));
      if (replaced && path !== analysis.path) this.byPath.delete(path);
    }
    this.byPath.set(analysis.path, analysis);
  }

  private openTexts(): { path: string; version: number; identity: object; text: () => string; content: string }[] {
    return this.documents.open
      .all()
      .filter((document) => this.documents.isAnalysed(document))
      .map((document) => {
        const content = document.getText();
        return { path: this.documents.pathOf(document.uri), version: document.version, identity: document, text: () => content, content };
      });
  }

  private settled(jobs: Job[], token: CancellationToken | undefined, deadline: number): Promise<void> {
    const all = Promise.all(
      jobs.filter((job) => job.queued || job.running || job.timer).map((job) => new Promise<void>((resolve) => job.waiters.push(resolve))),
    ).then(() => undefined);
    if (!token && deadline === Number.POSITIVE_INFINITY) return all;
    return new Promise((resolve) => {
      const timer = deadline === Number.POSITIVE_INFINITY ? undefined : setTimeout(finish, Math.max(0, deadline - performance.now()));
      const listening = token?.onCancellationRequested(finish);
      function finish(): void {
        if (timer) clearTimeout(timer);
        listening?.dispose();
        resolve();
      }
      void all.then(finish);
    });
  }
}

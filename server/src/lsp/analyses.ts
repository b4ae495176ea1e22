/**
 * Which modules have been analysed, whether that still holds, and when to do it again. One analysis serves all documents of a
 * module. At most one runs at a time: the engine works on one thread, and queueing here lets an obsolete one be dropped.
 * While typing, analyses are brief; a detailed one follows for whoever asked for it, and delays no brief one.
 */
import type { CancellationToken } from 'vscode-languageserver';
import type { Progress } from '../engine/engine';
import type { Report } from '../report/model';
import { AnalysisStore } from './analysisStore';
import type { Configuration } from './configuration';
import type { Documents } from './documents';
import type { EnginePool, OpenText } from './enginePool';
import { oneLine } from './fence';
import { FirstAnswers } from './firstAnswers';
import { type ModuleAnalysis, moduleAnalysis } from './moduleAnalysis';
import type { Settings } from './settings';

/** One analysis at work. `cancel` stops it for good until something changes (a person asked for that). */
export interface Run {
  path: string;
  progress?: Progress;
  cancel(): void;
}

export interface AnalysesListener {
  started(run: Run): void;
  /** There are first answers about a file whose module is still being analysed. */
  first(): void;
  /** `analysis` is undefined when it was dropped as obsolete, stopped or failed. */
  ended(run: Run, outcome: 'stored' | 'obsolete' | 'stopped' | 'failed', analysis?: ModuleAnalysis): void;
}

interface Waiter {
  /** Wants a detailed analysis. */
  detail: boolean;
  done(): void;
}

interface Job {
  path: string;
  timer: NodeJS.Timeout | undefined;
  queued: boolean;
  running: { isCancelled: boolean; stopped: boolean; clock: number } | undefined;
  waiters: Waiter[];
  /** Clock of the last attempt that failed or was stopped: not tried again before something changes. */
  settledAt: number;
  /** How long the last analysis took. The first says nothing about later ones: it reads everything. */
  milliseconds: number;
  hasRun: boolean;
  changedAt: number;
}

/** Milliseconds of typing pause before an analysis as long as none after the first has told how long it takes. */
const initialDelay = 150;
const shortestDelay = 20;
const longestDelay = 500;
/** An edit after this long a pause is analysed without delay, if that is quick: it is more likely a single edit than typing. */
const quietPeriod = 1000;
const quick = 300;

export class Analyses {
  private readonly store = new AnalysisStore();
  private readonly jobs = new Map<string, Job>();
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

  /** What stands for the analysis of a file's module while there is none: what the file alone tells. */
  readonly first = new FirstAnswers();

  /** Every module analysed so far that is still kept. */
  all(): ModuleAnalysis[] {
    return this.store.all();
  }

  /** The analyses whose module holds a file, or points into it; the newest first. Maybe outdated, maybe brief. */
  covering(path: string): ModuleAnalysis[] {
    return this.store.covering(path);
  }

  /** The same for findings alone: before there is an analysis, what the file alone tells. */
  withFindings(path: string): ModuleAnalysis[] {
    const covering = this.covering(path);
    return covering.length > 0 ? covering : this.first.of(path);
  }

  /** Of every module what there are findings of. */
  allWithFindings(): ModuleAnalysis[] {
    const all = this.all();
    return [...all, ...this.first.all().filter((a) => this.covering(a.path).length === 0)];
  }

  latest(path: string): ModuleAnalysis | undefined {
    return this.store.latest(path);
  }

  isFresh(analysis: ModuleAnalysis): boolean {
    return this.store.isFresh(analysis);
  }

  /** A document's text changed, or it was opened or closed with a text other than the file's. */
  changed(path: string): void {
    this.store.changed(path);
    const covering = this.covering(path);
    // A header may be anybody's until some report has named it.
    const anybodys = covering.length === 0 && this.documents.isHeader(path);
    if (anybodys) this.store.everythingChanged();
    const affected = anybodys ? this.all() : covering;
    for (const key of new Set([...affected.map((a) => a.path), path])) void this.changedJob(key);
  }

  /** Files changed on disk, or settings: nothing known is certain any more. */
  everythingChanged(): void {
    this.store.everythingChanged();
    for (const document of this.documents.open.all()) {
      const path = this.documents.pathOf(document.uri);
      if (this.documents.isAnalysed(document)) void this.changedJob(this.latest(path)?.path ?? path);
    }
  }

  /** Settings changed: takes them over, and analyses again where they choose another kernel. */
  async settingsChanged(): Promise<void> {
    for (const analysis of this.store.everyKept()) {
      const settings = await this.configuration.for(this.documents.uriOf(analysis.path));
      const otherKernel = ['fgft.kernelRoot', 'fgft.isolate.folder'].some((key) => settings.get(key) !== analysis.settings.get(key));
      analysis.settings = settings;
      if (otherKernel) this.changed(analysis.path);
    }
  }

  /** A file was opened with the very text that the analyses of its module read from disk. */
  adoptText(path: string, text: string): void {
    for (const analysis of this.store.everyKept()) {
      if ((analysis.files.has(path) || analysis.path === path) && this.isFresh(analysis)) analysis.texts.set(path, text);
    }
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
    this.first.drop(path);
    this.store.drop((p) => this.documents.atPath(p) !== undefined);
  }

  /**
   * The analysis of a file's module as the text is now; with `detail`, one that holds the long lists of entry points. Waits for it
   * at most `limit` milliseconds, then answers with what there is, which may be outdated or nothing. Never rejects.
   */
  async fresh(
    path: string,
    token?: CancellationToken,
    limit = Number.POSITIVE_INFINITY,
    detail = false,
  ): Promise<ModuleAnalysis | undefined> {
    const deadline = performance.now() + limit;
    const known = (): ModuleAnalysis | undefined => (detail ? this.store.latestDetailed(path) : this.latest(path));
    for (let attempt = 0; attempt < 2; attempt++) {
      const current = this.latest(path);
      const holds = current !== undefined && this.isFresh(current);
      if (holds && (current.detailed || !detail)) return current;
      if (this.documents.isHeader(path) && !current) {
        const pending = [...this.jobs.values()].filter(isBusy);
        if (pending.length === 0) return undefined;
        await this.settled(pending, token, deadline);
        // Some module may have turned out to be the header's.
        if (!detail || !this.latest(path)) return known();
        continue;
      }
      const mode = (await this.configuration.for(this.documents.uriOf(path))).get('fgft.run');
      const key = attempt === 0 ? (current?.path ?? path) : path;
      const job = this.job(key);
      const busy = isBusy(job);
      if (!busy && !holds && mode !== 'onType' && (current !== undefined || mode === 'manual')) break;
      if (!busy && job.settledAt >= this.store.lastChange(key)) break;
      const settled = this.settled([job], token, deadline, detail);
      // Somebody waits: the pause that spares work while typing would only make them wait longer, unless the work is long.
      const onlyPausing = job.timer !== undefined && !job.queued && !job.running && job.milliseconds < quick;
      if (!busy || onlyPausing) this.enqueue(job);
      await settled;
      if (token?.isCancellationRequested || performance.now() >= deadline) break;
    }
    return known();
  }

  /** Analyses a file's module now, whatever the settings say. */
  async force(path: string, token?: CancellationToken): Promise<ModuleAnalysis | undefined> {
    const key = this.latest(path)?.path ?? path;
    const job = this.job(key);
    job.settledAt = -1;
    this.store.changed(key);
    if (job.running) job.running.isCancelled = true;
    const settled = this.settled([job], token, Number.POSITIVE_INFINITY);
    this.enqueue(job);
    await settled;
    return this.latest(path);
  }

  dispose(): void {
    this.disposed = true;
    for (const job of this.jobs.values()) {
      if (job.timer) clearTimeout(job.timer);
      if (job.running) job.running.isCancelled = true;
      this.settle(job);
    }
  }

  /** Like `fresh`, for whoever is content with the findings that `withFindings` answers from. */
  async freshFindings(path: string, token?: CancellationToken, limit?: number): Promise<void> {
    const known = this.first.next(path);
    await Promise.race([this.fresh(path, token, limit), known.told]);
    known.forget();
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
        settledAt: -1,
        milliseconds: initialDelay,
        hasRun: false,
        changedAt: 0,
      };
      this.jobs.set(path, job);
    }
    return job;
  }

  private async changedJob(path: string): Promise<void> {
    if (!this.jobs.has(path) && this.documents.isHeader(path)) return;
    const mode = (await this.configuration.for(this.documents.uriOf(path))).get('fgft.run');
    if (this.disposed || mode !== 'onType') return;
    const analysis = this.store.at(path);
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
    const holds = covering !== undefined && this.isFresh(covering);
    if (holds && (covering.detailed || !wantsDetail(job))) {
      this.settle(job);
      return;
    }
    const cancellation = { isCancelled: false, stopped: false, clock: this.store.clock };
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
      // What people see while typing comes first. Without a hurry one run does for all.
      const detailed = holds || settings.get('fgft.run') !== 'onType';
      const engine = this.pool.for(settings);
      const texts = this.openTexts();
      this.pool.synchronize(engine, texts);
      // Details that are added to what holds already are no news for anybody but who waits for them.
      if (!holds) this.listener.started(run);
      const { report, problems } = await engine.analyze(job.path, {
        detail: detailed ? 'full' : 'brief',
        cancellation,
        progress: { report: (done, total, message) => run.progress?.report(done, total, message) },
        first: covering ? undefined : (report) => this.tellFirst(job, report, settings, texts),
      });
      if (!cancellation.isCancelled) {
        const snapshot = new Map(texts.map((t) => [t.path, t.content]));
        const { clock } = cancellation;
        const { workingDirectory } = this.pool;
        analysis = moduleAnalysis({ path: job.path, report, problems, texts: snapshot, settings, clock, detailed, workingDirectory });
        this.store.store(analysis);
        this.first.drop(job.path);
        outcome = 'stored';
        if (!holds && job.hasRun) job.milliseconds = performance.now() - begun;
        job.hasRun = true;
      }
    } catch (error) {
      if (!cancellation.isCancelled) this.log(`analysis of ${job.path} failed: ${oneLine(error)}`);
    }
    if (cancellation.isCancelled) outcome = cancellation.stopped ? 'stopped' : 'obsolete';
    if (outcome !== 'stored' && outcome !== 'obsolete') job.settledAt = this.store.clock;
    job.running = undefined;
    if (this.disposed) return;
    if (!holds) this.guardListener(run, outcome, analysis);
    if (outcome === 'obsolete') {
      // The change that made it obsolete has set a timer or queued it again; if neither, a waiter must not hang.
      if (!job.timer && !job.queued) this.enqueue(job);
      return;
    }
    const detailFollows = outcome === 'stored' && !analysis?.detailed && wantsDetail(job);
    this.settle(job, detailFollows ? (waiter) => !waiter.detail : undefined);
    if (detailFollows) this.enqueue(job);
  }

  /** The engine tells what the asked file's own text says, before it has read the rest of the module. */
  private tellFirst({ path, running }: Job, report: Report, settings: Settings, texts: readonly OpenText[]): void {
    if (this.disposed || !running || running.isCancelled) return;
    const snapshot = new Map(texts.map((t) => [t.path, t.text()]));
    const { clock } = running;
    const { workingDirectory } = this.pool;
    this.first.put(moduleAnalysis({ path, report, problems: [], texts: snapshot, settings, clock, detailed: false, workingDirectory }));
    this.listener.first();
  }

  private guardListener(run: Run, outcome: 'stored' | 'obsolete' | 'stopped' | 'failed', analysis?: ModuleAnalysis): void {
    try {
      this.listener.ended(run, outcome, analysis);
    } catch (error) {
      this.log(`after the analysis of ${run.path}: ${oneLine(error)}`);
    }
  }

  /** Tells who waits for a job, or those of them that are chosen, to go on. */
  private settle(job: Job, isSettled: (waiter: Waiter) => boolean = () => true): void {
    const settled = job.waiters.filter(isSettled);
    job.waiters = job.waiters.filter((waiter) => !settled.includes(waiter));
    for (const waiter of settled) waiter.done();
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

  /** Resolves when all of the jobs have settled, the request was cancelled, or the deadline has passed. */
  private settled(jobs: Job[], token: CancellationToken | undefined, deadline: number, detail = false): Promise<void> {
    const waiting: { job: Job; waiter: Waiter }[] = [];
    const all = Promise.all(
      jobs.map(
        (job) =>
          new Promise<void>((resolve) => {
            const waiter: Waiter = { detail, done: resolve };
            waiting.push({ job, waiter });
            job.waiters.push(waiter);
          }),
      ),
    );
    return new Promise((resolve) => {
      const timer = deadline === Number.POSITIVE_INFINITY ? undefined : setTimeout(finish, Math.max(0, deadline - performance.now()));
      const listening = token?.onCancellationRequested(finish);
      function finish(): void {
        if (timer) clearTimeout(timer);
        listening?.dispose();
        // Nobody is to work for who no longer waits.
        for (const { job, waiter } of waiting) job.waiters = job.waiters.filter((other) => other !== waiter);
        resolve();
      }
      void all.then(finish);
    });
  }
}

function isBusy(job: Job): boolean {
  return job.queued || job.running !== undefined || job.timer !== undefined;
}

function wantsDetail(job: Job): boolean {
  return job.waiters.some((waiter) => waiter.detail);
}

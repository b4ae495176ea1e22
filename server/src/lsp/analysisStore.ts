/**
 * The analyses that are kept, and whether they still hold. Per module the newest one, which is often brief, and beside it the
 * newest detailed one, which may be older: while somebody types, hovers are answered from that.
 */
import type { ModuleAnalysis } from './moduleAnalysis';

/** Reports of modules without an open document that are kept. */
const keptUnopened = 4;

export class AnalysisStore {
  private readonly newest = new Map<string, ModuleAnalysis>();
  private readonly detailed = new Map<string, ModuleAnalysis>();
  private readonly changedAt = new Map<string, number>();
  private everythingChangedAt = 0;
  /** Counts changes: an analysis holds while nothing that it is about has a later time. */
  clock = 1;

  /** The newest analysis of every module that is kept. */
  all(): ModuleAnalysis[] {
    return [...this.newest.values()];
  }

  /** All of them, outdated detailed ones included. */
  everyKept(): Set<ModuleAnalysis> {
    return new Set([...this.newest.values(), ...this.detailed.values()]);
  }

  /** The analyses whose module holds a file, or points into it; the newest first. Maybe outdated, maybe brief. */
  covering(path: string): ModuleAnalysis[] {
    return coveringOf(this.newest, path);
  }

  latest(path: string): ModuleAnalysis | undefined {
    return this.covering(path)[0];
  }

  /** The newest detailed analysis of a file's module. Maybe outdated. */
  latestDetailed(path: string): ModuleAnalysis | undefined {
    return coveringOf(this.detailed, path)[0];
  }

  isFresh(analysis: ModuleAnalysis): boolean {
    if (analysis.clock < this.everythingChangedAt) return false;
    for (const [path, clock] of this.changedAt) {
      if (clock > analysis.clock && (analysis.files.has(path) || analysis.path === path)) return false;
    }
    return true;
  }

  /** A file changed: what is about it no longer holds. */
  changed(path: string): void {
    this.changedAt.set(path, ++this.clock);
  }

  everythingChanged(): void {
    this.everythingChangedAt = ++this.clock;
  }

  /** The clock of the last change to the module that was analysed under a path. */
  lastChange(path: string): number {
    let last = Math.max(this.everythingChangedAt, this.changedAt.get(path) ?? 0);
    const files = this.newest.get(path)?.files;
    if (files) for (const [file, clock] of this.changedAt) if (files.has(file)) last = Math.max(last, clock);
    return last;
  }

  at(path: string): ModuleAnalysis | undefined {
    return this.newest.get(path);
  }

  /** Keeps a new analysis in place of the older ones of the same module; a brief one leaves the detailed one where it is. */
  store(analysis: ModuleAnalysis): void {
    put(this.newest, analysis);
    if (analysis.detailed) put(this.detailed, analysis);
  }

  /** Drops the oldest of those that only closed documents needed. */
  drop(isOpen: (path: string) => boolean): void {
    const isNeeded = (analysis: ModuleAnalysis): boolean => [...analysis.files, analysis.path].some(isOpen);
    const unopened = this.all().filter((analysis) => !isNeeded(analysis));
    unopened.sort((a, b) => b.clock - a.clock);
    for (const analysis of unopened.slice(keptUnopened)) this.newest.delete(analysis.path);
    for (const [path, analysis] of this.detailed) if (!this.newest.has(path) && !isNeeded(analysis)) this.detailed.delete(path);
  }
}

function coveringOf(analyses: ReadonlyMap<string, ModuleAnalysis>, path: string): ModuleAnalysis[] {
  return [...analyses.values()].filter((a) => a.files.has(path) || a.path === path).sort((a, b) => b.clock - a.clock);
}

function put(analyses: Map<string, ModuleAnalysis>, analysis: ModuleAnalysis): void {
  const modules = new Set(analysis.report.drivers.map((d) => d.name));
  for (const [path, older] of analyses) {
    const replaced = analysis.files.has(path) && older.report.drivers.length > 0 && older.report.drivers.every((d) => modules.has(d.name));
    if (replaced && path !== analysis.path) analyses.delete(path);
  }
  analyses.set(analysis.path, analysis);
}

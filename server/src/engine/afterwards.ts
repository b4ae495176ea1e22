/** What an engine does when its answer is out: keep what it learned for the next start, and check what it trusted from the last. */
import type { DriverReport } from '../report/model';
import type { FileSystem } from '../text/fileSystem';
import type { Module } from '../text/kbuild';
import type { KernelTree } from '../text/kernelTree';
import type { EngineOptions, InputProblem } from './engine';
import { keepCompiledCode } from './compiledCode';
import { GarbageCollector } from './garbage';
import { type KeptReport, KeptReports } from './keptReports';
import type { KernelWorld } from './kernelWorld';
import { nodeFileSystem } from './nodeFileSystem';

/** Milliseconds of quiet after an analysis before what it learned is written, and what it trusted is checked. */
const QUIET = 1500;
/** Milliseconds of quiet before garbage is collected: a pause in typing. */
const PAUSE = 400;
/** Milliseconds until a module that was answered from what was kept is analysed: the answer is on its way first. */
const ANSWER_FIRST = 10;

export interface AfterwardsActions {
  /** Analyses a module for itself; null when that is not possible (any more). */
  analyzeAgain(module: Module, world: KernelWorld): Promise<DriverReport | null>;
  /** A kernel's headers are not what they were taken for: whoever asks next must load them anew. */
  drop(world: KernelWorld): void;
}

interface Learned extends KeptReport {
  module: Module;
  world: KernelWorld;
  reads: ReadonlyMap<string, string | null>;
}

export class Afterwards {
  onOutdated: (() => void) | undefined;
  private store: KeptReports | null = null;
  private workingDirectory = process.cwd();
  /** By module: answers that were given from what was kept, as JSON, and are not analysed yet. */
  private readonly unconfirmed = new Map<string, { module: Module; world: KernelWorld; json: string }>();
  private readonly learned = new Map<string, Learned>();
  /** Roots of kernel trees whose kept index proved outdated. */
  private readonly distrusted = new Set<string>();
  private readonly garbage = new GarbageCollector();
  private collecting: NodeJS.Timeout | undefined;
  private confirming: NodeJS.Timeout | undefined;
  private saving: NodeJS.Timeout | undefined;

  constructor(
    options: EngineOptions,
    private readonly actions: AfterwardsActions,
  ) {
    this.configure(options);
  }

  configure({ cacheFolder, trustKept, workingDirectory }: EngineOptions): void {
    this.store = cacheFolder !== undefined && trustKept ? new KeptReports(cacheFolder, trustKept.program) : null;
    this.workingDirectory = workingDirectory ?? process.cwd();
  }

  isDistrusted(tree: KernelTree | null): boolean {
    return this.distrusted.has(tree?.root ?? '');
  }

  /** The kept report of a module, if everything that it was made of is as it was. The module will be analysed soon to confirm it. */
  kept(module: Module, world: KernelWorld, fs: FileSystem, problems: InputProblem[]): DriverReport | null {
    const kept = this.store?.find(module, world.stamp, this.workingDirectory, fs);
    if (!kept) return null;
    problems.push(...kept.problems);
    this.unconfirmed.set(keyOf(module), { module, world, json: JSON.stringify(kept.report) });
    return kept.report;
  }

  /** A module was analysed; `result` is what is worth keeping of it, if anything is. */
  analyzed(module: Module, world: KernelWorld, result: KeptReport | null, reads: ReadonlyMap<string, string | null>): void {
    const key = keyOf(module);
    this.unconfirmed.delete(key);
    if (this.store && result) this.learned.set(key, { module, world, ...result, reads });
    else this.learned.delete(key);
  }

  /** The answer is out. */
  quiet(world: KernelWorld): void {
    clearTimeout(this.confirming);
    if (this.unconfirmed.size > 0) this.confirming = setTimeout(() => void this.confirm(), ANSWER_FIRST).unref();
    clearTimeout(this.saving);
    this.saving = setTimeout(() => void this.checkAndSave(world), QUIET).unref();
    clearTimeout(this.collecting);
    if (this.store) this.collecting = setTimeout(() => this.shrink(world), PAUSE).unref();
  }

  /** In the long-lived thread of an editor alone: elsewhere the process ends soon. */
  private shrink(world: KernelWorld): void {
    world.kernel.release?.();
    this.garbage.run();
  }

  /** Analyses what was answered from what was kept. */
  async confirm(): Promise<void> {
    for (const [key, { module, world, json }] of [...this.unconfirmed]) {
      const report = await this.actions.analyzeAgain(module, world);
      this.unconfirmed.delete(key);
      if (report && JSON.stringify(report) !== json) this.onOutdated?.();
    }
  }

  private async checkAndSave(world: KernelWorld): Promise<void> {
    if (!(await world.isCurrent())) {
      this.distrusted.add(world.tree?.root ?? '');
      this.learned.clear();
      this.actions.drop(world);
      this.onOutdated?.();
      return;
    }
    world.save();
    if (this.store) keepCompiledCode();
    for (const [key, learned] of this.learned) {
      if (learned.world !== world) continue;
      this.store?.keep(learned.module, world.stamp, this.workingDirectory, learned, learned.reads, nodeFileSystem);
      this.learned.delete(key);
    }
  }

  dispose(): void {
    clearTimeout(this.collecting);
    clearTimeout(this.confirming);
    clearTimeout(this.saving);
    this.unconfirmed.clear();
    this.learned.clear();
  }
}

function keyOf(module: Module): string {
  return module.files.join('\0');
}

/** Analyses modules one after the other in this thread and keeps nothing of a module once its report is written. */
import type { ModuleAnalysis } from '../../analysis/module';
import { buildDriverReport } from '../../report/build';
import { allHeaderFolders } from '../../text/architecture';
import { findKernelTree } from '../../text/kernelTree';
import { folderOf, liesIn } from '../../text/paths';
import { loadAssets } from '../assets';
import { analyzeFiles } from '../driver';
import type { EngineOptions } from '../engine';
import { type KernelWorld, loadKernelWorld, type Shared, shared } from '../kernelWorld';
import { generatedState } from '../generatedModules';
import { readForItsArchitecture } from '../moduleArchitecture';
import { readModule } from '../moduleFiles';
import { nodeFileSystem } from '../nodeFileSystem';
import { tooLarge, unreadable } from '../problems';
import { workspaceKnowledge } from '../workspaceKnowledge';
import { briefNotice } from './failedDriver';
import { figuresOf } from './figures';
import { LARGE_SOURCE, releaseSyntax } from './leanFiles';
import type { ResultHeader, Task } from './model';
import { SnapshotFileSystem } from './snapshotFileSystem';

/**
 * Effects of all entry points together, from which on a report gives counts in place of lists. Where many entry points each reach most
 * of a driver, the lists grow with the square of it: those of qla2xxx have 238 MB and take half of its time.
 */
const MAXIMUM_LISTED = 100_000;

function listedEffects({ entryPoints, summaries }: ModuleAnalysis): number {
  return entryPoints.reduce((sum, entry) => sum + summaries[entry.function.id].effects.total, 0);
}

/** After 16, 64, 256, … modules: most names are met early, and what is written is all that is known. */
function isTimeToSave(analyzed: number): boolean {
  return analyzed >= 16 && Number.isInteger(Math.log2(analyzed) / 2);
}

export class BatchAnalyzer {
  private readonly fs = new SnapshotFileSystem(nodeFileSystem);
  private readonly worlds = new Map<string | null, KernelWorld>();
  private readonly roots = new Map<string, string | undefined>();
  private readonly folders = new Map<string, readonly string[]>();
  private analyzed = 0;

  private constructor(
    private readonly base: Shared,
    private readonly options: EngineOptions,
  ) {}

  /** `kernels`: trees whose headers are read, or indexed if they are not yet, before it is ready. `base`: parser and knowledge, if they are loaded already. */
  static async start(options: EngineOptions, kernels: readonly (string | null)[], base?: Shared): Promise<BatchAnalyzer> {
    const analyzer = new BatchAnalyzer(base ?? (await shared(loadAssets(), workspaceKnowledge(options).texts)), options);
    for (const root of kernels) analyzer.world(root);
    return analyzer;
  }

  /** Throws what the analysis throws: whoever asked says which module failed. */
  analyze(task: Task): { header: ResultHeader; report: string } {
    const { fs, base } = this;
    const started = performance.now();
    const own = this.world(task.kernel);
    fs.watch(this.headerFolders(own));
    const { files, world } = readForItsArchitecture(own, fs, this.options.architecture !== undefined, (w) =>
      readModule(task.module, { ...w.files, fs, parser: base.parser, knowledge: base.knowledge, isOpen: () => false }),
    );
    const display = (path: string): string => this.display(path, world);
    const generated = generatedState(fs, files, this.options.isolateFolder, display);
    const dependencies = fs.dependencies();
    const { analysis, driver } = analyzeFiles(files, {
      knowledge: base.knowledge,
      kernel: world.kernel,
      architecture: world.architecture,
      kernelMacro: world.kernelMacro,
      display,
      generated,
    });
    if (task.bytes > LARGE_SOURCE) releaseSyntax(files.files, base.parser);
    const isBrief = task.brief || listedEffects(analysis) > MAXIMUM_LISTED;
    const { module, headers } = files;
    const report = buildDriverReport({
      name: module.name,
      files: module.files,
      headers: [...headers],
      driver,
      cache: null,
      brief: isBrief,
    });
    // Each finding stands once, with the names of its entry points: at each of hundreds of them it would be most of the report.
    if (isBrief) for (const entry of report.entryPoints) entry.findings = [];
    // A thread that starts later, and the next run, then reads no header for what this one has met.
    if (isTimeToSave(++this.analyzed)) world.save();
    if (isBrief) report.findings.push(briefNotice(report, task.module.name));
    const json = JSON.stringify(report);
    const milliseconds = Math.round(performance.now() - started);
    return {
      header: {
        milliseconds,
        figures: figuresOf(report),
        problems: [...files.unreadable.map(unreadable), ...files.tooLarge.map(tooLarge)],
        dependencies,
      },
      report: json,
    };
  }

  private world(root: string | null): KernelWorld {
    let world = this.worlds.get(root);
    if (!world) {
      const { architecture } = this.options;
      const tree = root === null ? null : findKernelTree(this.fs, root, { given: root, architecture }).tree;
      this.worlds.set(root, (world = loadKernelWorld(tree, this.fs, this.base, this.options.cacheFolder, architecture ?? 'x86')));
    }
    return world;
  }

  /** Folders whose headers are in every result's key. */
  private headerFolders({ tree }: KernelWorld): readonly string[] {
    const key = tree?.root ?? '';
    let folders = this.folders.get(key);
    if (!folders) this.folders.set(key, (folders = tree ? allHeaderFolders(this.fs, tree) : []));
    return folders;
  }

  /** A file as reports name it: relative to the kernel tree that holds it, else to the working directory. */
  private display(path: string, world: KernelWorld): string {
    for (const root of [world.tree?.root, this.rootAround(folderOf(path)), this.options.workingDirectory ?? process.cwd()]) {
      if (root && liesIn(path, root)) return path.slice(root.length + (root.endsWith('/') ? 0 : 1));
    }
    return path;
  }

  private rootAround(folder: string): string | undefined {
    if (!this.roots.has(folder)) this.roots.set(folder, findKernelTree(this.fs, folder, {}).tree?.root);
    return this.roots.get(folder);
  }
}

/** The engine in this thread: finds modules, keeps what it learned about them, and builds reports. */
import type { DriverReport } from '../report/model';
import { type FileSystem, OverlayFileSystem } from '../text/fileSystem';
import { generatedFolderOf } from '../text/generatedList';
import { type Module, moduleOf, modulesUnder } from '../text/kbuild';
import { findKernelTree, type FindKernelResult } from '../text/kernelTree';
import type { Parser } from '../syntax/parser';
import { isDriverHeader, resolveInclude } from '../text/includes';
import { folderOf, liesIn, normalizePath } from '../text/paths';
import { Afterwards } from './afterwards';
import { loadAssets } from './assets';
import { analyzeDriver, type DriverState, type DriverWorld } from './driver';
import type {
  AnalyzeOptions,
  AnalyzeResult,
  Diagnosis,
  Engine,
  EngineOptions,
  InputProblem,
  IsolateAnswer,
  IsolateOptions,
  LineRange,
  MemoryUse,
} from './engine';
import { type FirstReport, firstReport, isWorthFirst } from './firstReport';
import { generatedState } from './generatedModules';
import { isolateModules } from './isolateModule';
import { type KernelWorld, loadKernelWorld, type Shared, shared } from './kernelWorld';
import { readForItsArchitecture } from './moduleArchitecture';
import { type FileWorld, type ModuleFiles, readModule } from './moduleFiles';
import type { ParsedFile } from './parsedFile';
import { ReadRecorder } from './readRecorder';
import { nodeFileSystem } from './nodeFileSystem';
import { isGenerated, noKernelTree, noSuchFile, notAC, nothingFound, tooLarge, unknownEntry, unreadable } from './problems';
import { emptyReport, joinDrivers } from './reports';
import { runningRelease } from './system';
import { isWorkspaceKnowledge, type WorkspaceKnowledge, workspaceKnowledge } from './workspaceKnowledge';

/** Modules whose forms are kept for the next time besides those with open documents. */
const KEPT_MODULES = 4;

export class LocalEngine implements Engine {
  private readonly fs = new OverlayFileSystem(nodeFileSystem);
  private readonly open = new Set<string>();
  private readonly drivers = new Map<string, DriverState & { worldId: number }>();
  private readonly worlds = new Map<string, KernelWorld>();
  /** Modules of files, until something on disk changes. */
  private readonly modules = new Map<string, Module>();
  private ready: Promise<Shared> | null = null;
  /** The workspace's own knowledge; null when it may have changed since it was read. */
  private overlay: WorkspaceKnowledge | null = null;
  /** With the workspace's own knowledge. */
  private ownBase: Promise<Shared> | null = null;
  /** Of `ready`, once it is: it counts its trees itself, so that one that nobody owns shows. */
  private parser: Parser | null = null;
  private readonly afterwards: Afterwards;

  constructor(private options: EngineOptions) {
    this.afterwards = new Afterwards(options, {
      analyzeAgain: (module, world) =>
        this.shared().then((base) => (this.worldIsUsed(world) ? this.analyzeModule(module, world, base, true, []) : null)),
      drop: (world) => {
        for (const [key, other] of this.worlds) if (other === world) this.worlds.delete(key);
      },
    });
  }

  private worldIsUsed(world: KernelWorld): boolean {
    return [...this.worlds.values()].includes(world);
  }

  onOutdated(listener: () => void): void {
    this.afterwards.onOutdated = listener;
  }

  private async shared(): Promise<Shared> {
    const base = await (this.ready ??= shared(loadAssets()));
    this.parser = base.parser;
    const before = this.overlay?.texts;
    this.overlay ??= workspaceKnowledge(this.options);
    const { texts } = this.overlay;
    // Without rows of its own a workspace shares what is there already, which is the usual case.
    if (texts.length === 0) return base;
    if (texts !== before || !this.ownBase) this.ownBase = shared(loadAssets(), texts, base.parser);
    return this.ownBase;
  }

  async analyze(given: string, options: AnalyzeOptions = {}): Promise<AnalyzeResult> {
    const started = performance.now();
    const path = normalizePath(given);
    const base = await this.shared();
    const found = this.kernelFor(path);
    const world = this.worldFor(found, base);
    const problems: InputProblem[] = [];
    const modules = this.modulesAt(path, world, problems);
    const report = emptyReport(found.tree, world.configuration);
    problems.push(...(this.overlay?.problems ?? []));
    if (!found.tree && modules.length > 0) problems.push(noKernelTree(path, found.tried));
    const drivers: DriverReport[] = [];
    for (const [i, module] of modules.entries()) {
      if (options.cancellation?.isCancelled) break;
      options.progress?.report(i, modules.length, module.name);
      const brief = options.detail === 'brief';
      const isUnseen = options.detail === 'brief' && !this.drivers.has(keyOf(module));
      const kept = isUnseen ? this.afterwards.kept(module, world, this.fs, problems) : null;
      const fs = new ReadRecorder(this.fs, world.tree?.includeFolders ?? []);
      const first = options.first && isUnseen && !kept ? this.firstOf(module, path, world, base, fs) : null;
      if (first) options.first?.(joinDrivers(report, [first.report], performance.now() - started));
      const driver = kept ?? this.analyzeModule(module, world, base, brief, problems, fs, first?.files);
      if (driver) drivers.push(driver);
      // A folder may hold thousands of modules.
      this.trim();
      // Requests and cancellations that arrived meanwhile get their turn.
      await new Promise<void>((done) => setImmediate(done));
    }
    options.progress?.report(modules.length, modules.length, '');
    this.trim();
    this.afterwards.quiet(world);
    const kept = options.entries && options.entries.length > 0 ? selectEntries(drivers, options.entries, problems) : drivers;
    return { report: joinDrivers(report, kept, performance.now() - started), problems };
  }

  /** Loads what depends neither on what will be analysed nor on any option. Rejects when the installation is broken. */
  async prepare(): Promise<void> {
    await (this.ready ??= shared(loadAssets()));
  }

  async warmUp(given: string): Promise<void> {
    const base = await this.shared();
    this.worldFor(this.kernelFor(normalizePath(given)), base);
  }

  private fileWorld(world: KernelWorld, base: Shared, fs: FileSystem): FileWorld {
    return { ...world.files, fs, parser: base.parser, knowledge: base.knowledge, isOpen: (p) => this.open.has(p) };
  }

  private driverWorld(world: KernelWorld, base: Shared): DriverWorld {
    const { kernel, architecture, kernelMacro } = world;
    return { knowledge: base.knowledge, kernel, architecture, kernelMacro, display: (p) => this.display(p, world) };
  }

  /** What the asked file tells by itself, if its module takes long; null also when that fails: the module's own analysis will say why. */
  private firstOf(module: Module, path: string, world: KernelWorld, base: Shared, fs: FileSystem): FirstReport | null {
    if (!isWorthFirst(module, path, fs)) return null;
    try {
      return firstReport(module, path, this.fileWorld(world, base, fs), this.driverWorld(world, base));
    } catch {
      return null;
    }
  }

  private analyzeModule(
    module: Module,
    given: KernelWorld,
    base: Shared,
    brief: boolean,
    problems: InputProblem[],
    fs = new ReadRecorder(this.fs, given.tree?.includeFolders ?? []),
    parsed?: ModuleFiles,
  ): DriverReport | null {
    const key = keyOf(module);
    try {
      const previous = this.drivers.get(key);
      const usableIn = (w: KernelWorld): typeof previous => (previous?.worldId === w.id ? previous : undefined);
      const { files, world } = readForItsArchitecture(given, fs, this.options.architecture !== undefined, (w) =>
        readModule(module, this.fileWorld(w, base, fs), usableIn(w)?.files ?? (w === given ? parsed : undefined)),
      );
      const usable = usableIn(world);
      const found = [...files.unreadable.map(unreadable), ...files.tooLarge.map(tooLarge)];
      problems.push(...found);
      const driverWorld = this.driverWorld(world, base);
      const generated = generatedState(fs, files, this.options.isolateFolder, driverWorld.display);
      const { report, ...state } = analyzeDriver(files, { ...driverWorld, generated }, brief, usable);
      this.drivers.delete(key);
      this.drivers.set(key, Object.assign(state, { worldId: world.id }));
      this.afterwards.analyzed(module, given, brief ? { report, problems: found } : null, fs.reads);
      return report;
    } catch (error) {
      this.forget(key);
      problems.push({
        kind: 'unreadable',
        path: module.files[0] ?? module.name,
        message: `analysis of ${module.name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        suggestions: [],
      });
      return null;
    }
  }

  private modulesAt(path: string, world: KernelWorld, problems: InputProblem[]): Module[] {
    const stat = this.fs.stat(path);
    const options = { configuration: world.configuration, treeRoot: undefined };
    if (!stat) {
      problems.push(noSuchFile(path, this.fs.list(folderOf(path)) ?? []));
      return [];
    }
    const generated = generatedFolderOf(this.fs, path);
    if (generated !== null) {
      problems.push(isGenerated(path, generated));
      return [];
    }
    if (stat.kind === 'directory') {
      if (!this.fs.list(path)) problems.push(unreadable(path));
      const modules = modulesUnder(this.fs, path, options);
      if (modules.length === 0 && this.fs.list(path)) problems.push(nothingFound(path));
      return modules;
    }
    if (stat.kind !== 'file' || !/\.[ch]$/.test(path)) {
      problems.push(notAC(path));
      return [];
    }
    if (this.fs.read(path) === undefined) {
      problems.push(unreadable(path));
      return [];
    }
    if (path.endsWith('.h')) return this.modulesWith(path);
    let module = this.modules.get(path);
    if (!module) this.modules.set(path, (module = moduleOf(this.fs, path, options)));
    return [module];
  }

  /** A header belongs to the modules already analysed that include it; to none that were not. */
  private modulesWith(header: string): Module[] {
    return [...this.drivers.values()].filter((d) => d.files.headers.has(header)).map((d) => d.files.module);
  }

  private kernelFor(path: string): FindKernelResult {
    return findKernelTree(this.fs, path, {
      given: this.options.kernel,
      setting: this.options.kernelSetting,
      runningRelease: runningRelease(),
      architecture: this.options.architecture,
    });
  }

  private worldFor(found: FindKernelResult, base: Shared): KernelWorld {
    const key = found.tree?.root ?? '';
    let world = this.worlds.get(key);
    if (!world)
      this.worlds.set(
        key,
        (world = loadKernelWorld(
          found.tree,
          this.fs,
          base,
          this.options.cacheFolder,
          this.options.architecture ?? 'x86',
          this.options.trustKept !== undefined && !this.afterwards.isDistrusted(found.tree),
        )),
      );
    return world;
  }

  /** A file as reports name it: relative to the kernel tree that holds it, else to the working directory. */
  private display(path: string, world: KernelWorld): string {
    let shown = world.displayed.get(path);
    if (shown === undefined) world.displayed.set(path, (shown = this.displayOf(path, world)));
    return shown;
  }

  private displayOf(path: string, world: KernelWorld): string {
    const roots = [world.tree?.root, findKernelTree(this.fs, path, {}).tree?.root, this.options.workingDirectory ?? process.cwd()];
    for (const root of roots) if (root && liesIn(path, root)) return path.slice(root.length + (root.endsWith('/') ? 0 : 1));
    return path;
  }

  openDocument(path: string, text: string, version: number): void {
    const at = normalizePath(path);
    this.open.add(at);
    this.fs.set(at, text, version);
  }

  changeDocument(path: string, text: string, version: number): void {
    this.openDocument(path, text, version);
  }

  closeDocument(path: string): void {
    const at = normalizePath(path);
    this.open.delete(at);
    this.fs.delete(at);
    for (const state of this.drivers.values()) {
      for (const file of state.files.files) {
        if (file.path !== at || !file.tree) continue;
        file.tree.delete();
        file.tree = null;
        file.table = null;
      }
    }
    this.trim();
  }

  filesChanged(paths: string[]): void {
    this.modules.clear();
    if (paths.some(isWorkspaceKnowledge)) this.forgetOverlay();
    // Sources and headers of drivers are compared by text at the next analysis; the kernel's own headers and configuration are not.
    for (const [key, world] of this.worlds) {
      const { tree } = world;
      if (!tree) continue;
      if (paths.some((p) => p === tree.configurationFile || tree.includeFolders.some((f) => liesIn(normalizePath(p), f))))
        this.worlds.delete(key);
    }
  }

  /** Everything that rests on the workspace's own rows goes with them. */
  private forgetOverlay(): void {
    this.overlay = null;
    this.ownBase = null;
    this.worlds.clear();
  }

  configure(options: EngineOptions): void {
    const { workingDirectory } = this.options;
    const same =
      options.kernel === this.options.kernel &&
      options.kernelSetting === this.options.kernelSetting &&
      options.architecture === this.options.architecture;
    this.options = options;
    this.afterwards.configure(options);
    if (this.overlay && workingDirectory !== options.workingDirectory) this.forgetOverlay();
    if (!same) this.worlds.clear();
  }

  /** Drops the forms of modules that nobody looks at. */
  private trim(): void {
    const closed = [...this.drivers].filter(([, state]) => !state.files.files.some((f) => this.open.has(f.path)));
    for (const [key] of closed.slice(0, Math.max(0, closed.length - KEPT_MODULES))) this.forget(key);
  }

  private forget(key: string): void {
    for (const file of this.drivers.get(key)?.files.files ?? []) {
      file.tree?.delete();
      file.tree = null;
      file.table = null;
    }
    this.drivers.delete(key);
  }

  async isolate(path: string, { entries, texts = [] }: IsolateOptions): Promise<IsolateAnswer> {
    const fs = new OverlayFileSystem(this.fs);
    for (const [at, text] of texts) fs.set(normalizePath(at), text, 0);
    return isolateModules(path, entries, this.options, { fs, base: await this.shared() });
  }

  async diagnose(given: string): Promise<Diagnosis> {
    const path = normalizePath(given);
    const base = await this.shared();
    const found = this.kernelFor(path);
    const world = this.worldFor(found, base);
    const problems: InputProblem[] = [];
    const module = this.modulesAt(path, world, problems)[0];
    const files = module
      ? readModule(module, { ...world.files, fs: this.fs, parser: base.parser, knowledge: base.knowledge, isOpen: () => false })
      : null;
    const file = files?.files.find((f) => f.path === path) ?? files?.files[0];
    return {
      file: path,
      kernel: found.tree,
      kernelTried: found.tried,
      configuration:
        world.configuration.source === 'auto.conf'
          ? `auto.conf (${found.tree?.configurationFile ?? ''})`
          : 'assumed: every option on but those for debugging and other architectures',
      module: module ? { name: module.name, files: module.files, makefile: module.makefile, why: module.why } : null,
      includes: (file?.preprocessed.includes ?? []).map((include) => {
        const resolved = resolveInclude(this.fs, found.tree, file!.path, include, module?.includeFolders ?? []);
        const own = resolved !== null && isDriverHeader(found.tree, resolved);
        return {
          path: include.angled ? `<${include.path}>` : `"${include.path}"`,
          resolved: resolved && own ? `${resolved} (driver's own)` : resolved,
        };
      }),
      knowledge: base.knowledgeFiles,
      problems: [...found.problems, ...problems.map((p) => p.message), ...base.knowledgeProblems],
    };
  }

  async inactiveLines(given: string): Promise<LineRange[]> {
    const path = normalizePath(given);
    const find = (): ParsedFile | undefined => [...this.drivers.values()].flatMap((d) => d.files.files).find((f) => f.path === path);
    // A module that was answered from what was kept is not parsed yet.
    if (!find()) await this.afterwards.confirm();
    const file = find();
    return (file?.preprocessed.inactive ?? []).map(({ start, end }) => ({
      first: file!.lines.position(start).line,
      last: file!.lines.position(end - 1).line,
    }));
  }

  memory(): MemoryUse {
    const use = process.memoryUsage();
    let cachedFiles = 0;
    for (const state of this.drivers.values()) cachedFiles += state.files.files.length;
    return { liveTrees: this.parser?.liveTrees ?? 0, cachedFiles, heapBytes: use.heapUsed, residentBytes: use.rss };
  }

  dispose(): void {
    this.afterwards.dispose();
    for (const world of this.worlds.values()) world.save();
    for (const key of [...this.drivers.keys()]) this.forget(key);
    this.worlds.clear();
    this.open.clear();
  }
}

/** A module is known by its files. */
function keyOf(module: Module): string {
  return module.files.join('\0');
}

/** Keeps the entry points that were asked for, and says which are unknown. */
function selectEntries(drivers: readonly DriverReport[], names: readonly string[], problems: InputProblem[]): DriverReport[] {
  const known = drivers.flatMap((d) => d.entryPoints.map((e) => e.name));
  for (const name of names) if (!known.includes(name)) problems.push(unknownEntry(name, known));
  return drivers.map((d) => ({
    ...d,
    entryPoints: d.entryPoints.filter((e) => names.includes(e.name)),
    findings: d.findings.filter((f) => f.entryPoints.some((e) => names.includes(e))),
  }));
}

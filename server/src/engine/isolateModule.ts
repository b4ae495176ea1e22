/** `fgft isolate`: from a path to the files of isolated modules. Reads; whoever asks writes. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { GeneratedFile } from '../codegen/model';
import { generatedFolderOf } from '../text/generatedList';
import { moduleOf, modulesUnder } from '../text/kbuild';
import { findKernelTree, type KernelTree } from '../text/kernelTree';
import { liesIn, normalizePath } from '../text/paths';
import { loadAssets } from './assets';
import { analyzeDriver, type ReportedDriver } from './driver';
import type { EngineOptions, InputProblem, IsolateAnswer } from './engine';
import { checkpoint, isolate } from './isolation';
import { loadKernelWorld, shared, type Shared } from './kernelWorld';
import type { FileSystem } from '../text/fileSystem';
import { readForItsArchitecture } from './moduleArchitecture';
import { readModule } from './moduleFiles';
import { nodeFileSystem } from './nodeFileSystem';
import { isGenerated, noKernelTree, noSuchFile, notAC, nothingFound, unknownEntry } from './problems';
import { runningRelease } from './system';

/** The C of the runtime, which every generated module holds: beside the bundle, or in the checkout. */
export function runtimeFiles(): GeneratedFile[] {
  const here = typeof __dirname === 'string' ? __dirname : dirname(new URL(import.meta.url).pathname);
  const folder = [join(here, 'runtime'), join(here, '..', '..', 'runtime')].find((f) => existsSync(join(f, 'kernel')));
  if (folder === undefined) return [];
  const kernel = join(folder, 'kernel');
  const files = readdirSync(kernel)
    .sort()
    .filter((name) => statSync(join(kernel, name)).isFile())
    .map((name): GeneratedFile => ({ path: name, text: readFileSync(join(kernel, name), 'utf8') }));
  return [...files, { path: 'include/fgft.h', text: readFileSync(join(folder, 'include/fgft.h'), 'utf8') }];
}

export interface CheckpointAnswer {
  modules: { module: string; outcome: { text: string } | { reason: string } }[];
  problems: InputProblem[];
}

/** What an engine that runs already lends: files with what an editor holds of them, and what it has loaded. */
export interface IsolationSurroundings {
  fs?: FileSystem;
  base?: Shared;
}

interface Analyzed {
  states: ReportedDriver[];
  tree: KernelTree | null;
  problems: InputProblem[];
  display(path: string): string;
}

/** Analyses the modules at a path, each in full. */
async function analyzeModules(given: string, options: EngineOptions, surroundings: IsolationSurroundings = {}): Promise<Analyzed> {
  const fs = surroundings.fs ?? nodeFileSystem;
  const path = normalizePath(given);
  const problems: InputProblem[] = [];
  const none = (problem: InputProblem): Analyzed => ({ states: [], tree: null, problems: [problem], display: (p) => p });
  const kind = fs.stat(path)?.kind;
  if (!kind) return none(noSuchFile(path, []));
  if (kind === 'file' && !path.endsWith('.c')) return none(notAC(path));
  const generated = generatedFolderOf(fs, path);
  if (generated !== null) return none(isGenerated(path, generated));
  const base = surroundings.base ?? (await shared(loadAssets()));
  const found = findKernelTree(fs, path, {
    given: options.kernel,
    setting: options.kernelSetting,
    runningRelease: runningRelease(),
    architecture: options.architecture,
  });
  if (!found.tree) problems.push(noKernelTree(path, found.tried));
  const world = loadKernelWorld(found.tree, fs, base, options.cacheFolder, options.architecture ?? 'x86');
  const kbuild = { configuration: world.configuration };
  const modules = kind === 'directory' ? modulesUnder(fs, path, kbuild) : [moduleOf(fs, path, kbuild)];
  if (modules.length === 0) problems.push(nothingFound(path));
  const roots = [found.tree?.root, findKernelTree(fs, path, {}).tree?.root, options.workingDirectory ?? process.cwd()];
  const display = (p: string): string => {
    const root = roots.find((r) => r && liesIn(p, r));
    return root ? p.slice(root.length + (root.endsWith('/') ? 0 : 1)) : p;
  };
  const states = modules.map((module) => {
    const read = readForItsArchitecture(world, fs, options.architecture !== undefined, (w) =>
      readModule(module, { ...w.files, fs, parser: base.parser, knowledge: base.knowledge, isOpen: () => false }),
    );
    const { files } = read;
    const { kernel, architecture, kernelMacro } = read.world;
    return analyzeDriver(files, { knowledge: base.knowledge, kernel, architecture, kernelMacro, display }, false);
  });
  return { states, tree: found.tree, problems, display };
}

/** Plans and generates for the modules at a path. `entries` null: every entry point that can be isolated. */
export async function isolateModules(
  path: string,
  entries: readonly string[] | null,
  options: EngineOptions,
  surroundings: IsolationSurroundings = {},
): Promise<IsolateAnswer> {
  const { states, tree, problems, display } = await analyzeModules(path, options, surroundings);
  const fs = surroundings.fs ?? nodeFileSystem;
  const wanted = entries && new Set(entries);
  const runtime = runtimeFiles();
  const modules = states.map((state) => isolate({ state, fs, tree, wanted, runtime, display }));
  const known = modules.flatMap((a) => [...a.plan.entries, ...a.plan.refused].map((e) => e.name));
  const every = states.flatMap((s) => s.report.entryPoints.map((e) => e.name));
  for (const name of entries ?? []) if (!known.includes(name)) problems.push(unknownEntry(name, every));
  return { modules, kernel: tree, problems };
}

/** The functions that save and restore the devices of the modules at a path. */
export async function checkpointModules(path: string, options: EngineOptions): Promise<CheckpointAnswer> {
  const { states, tree, problems, display } = await analyzeModules(path, options);
  const modules = states.map((state) => ({ module: state.report.name, outcome: checkpoint(state, tree, display) }));
  return { modules, problems };
}

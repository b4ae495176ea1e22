/** Which modules there are under the given paths, against which kernel each is read, and what names their results. */
import { createHash } from 'node:crypto';
import { compareText } from '../../report/findingLists';
import { allHeaderFolders } from '../../text/architecture';
import { assumedConfiguration, type Configuration, type ConfigurationAssumptions, parseConfiguration } from '../../text/configuration';
import type { FileSystem } from '../../text/fileSystem';
import { generatedFolderOf } from '../../text/generatedList';
import { type Module, moduleOf, modulesUnder } from '../../text/kbuild';
import { findKernelTree, type KernelTree } from '../../text/kernelTree';
import { folderOf, normalizePath } from '../../text/paths';
import type { EngineOptions, InputProblem } from '../engine';
import { headerFiles } from '../kernelFiles';
import { isGenerated, noKernelTree, noSuchFile, notAC, nothingFound, unreadable } from '../problems';
import { runningRelease } from '../system';
import type { Task } from './model';

export interface Shard {
  /** 1-based. */
  index: number;
  count: number;
}

export interface Plan {
  tasks: Task[];
  problems: InputProblem[];
  /** What the report says of its kernel: that of the first path. */
  tree: KernelTree | null;
  configuration: Configuration;
}

/**
 * Drivers with more source than this are reported briefly: every entry point of so large a driver reaches most of it, and lists
 * of everything for everyone grow with the square. The full report of i915 (8 MB of source) has 320 MB; those of drivers with
 * 5 MB have less than 20 MB. Bytes.
 */
const MAXIMUM_FULL_REPORT = 6e6;

/** Bump when what is kept of a module changes its meaning. */
const RESULT_VERSION = 1;

export interface PlanWorld {
  /** Names everything that results depend on besides the sources: version, program, knowledge. */
  tool: string;
  assumptions: ConfigurationAssumptions;
}

export function planBatch(
  paths: readonly string[],
  options: EngineOptions,
  fs: FileSystem,
  { tool, assumptions }: PlanWorld,
  shard?: Shard,
): Plan {
  const problems: InputProblem[] = [];
  const tasks = new Map<string, Task>();
  const kernels = new Map<string, { configuration: Configuration; stamp: string }>();
  let first: Pick<Plan, 'tree' | 'configuration'> | undefined;
  for (const given of paths) {
    const path = normalizePath(given);
    const found = findKernelTree(fs, path, {
      given: options.kernel,
      setting: options.kernelSetting,
      runningRelease: runningRelease(),
      architecture: options.architecture,
    });
    const { tree } = found;
    let kernel = kernels.get(tree?.root ?? '');
    if (!kernel) kernels.set(tree?.root ?? '', (kernel = readKernel(fs, tree, options, assumptions)));
    first ??= { tree, configuration: kernel.configuration };
    const modules = modulesAt(fs, path, kernel.configuration, problems);
    if (!tree && modules.length > 0) problems.push(noKernelTree(path, found.tried));
    for (const module of modules) {
      const identity = [module.name, ...module.files].join('\0');
      if (tasks.has(identity)) continue;
      const bytes = module.files.reduce((sum, file) => sum + (fs.stat(file)?.size ?? 0), 0);
      const key = createHash('sha256')
        .update(
          JSON.stringify([
            RESULT_VERSION,
            tool,
            kernel.stamp,
            options.workingDirectory ?? process.cwd(),
            options.isolateFolder ?? '',
            module,
          ]),
        )
        .digest('hex')
        .slice(0, 40);
      tasks.set(identity, { module, kernel: tree?.root ?? null, bytes, brief: bytes > MAXIMUM_FULL_REPORT, key });
    }
  }
  // By file, not as the paths were given: reports of shards then join into the order of a run without them.
  const all = [...tasks.values()].sort((a, b) => compareText(orderOf(a), orderOf(b)));
  return {
    tasks: shard ? all.filter((_, i) => i % shard.count === shard.index - 1) : all,
    problems,
    ...(first ?? { tree: null, configuration: assumedConfiguration(assumptions) }),
  };
}

function orderOf({ module }: Task): string {
  return `${module.files[0] ?? ''}\0${module.name}`;
}

/** Everything of the kernel that a report depends on, as one string: a header that is added, removed or changed changes it. */
function readKernel(
  fs: FileSystem,
  tree: KernelTree | null,
  options: EngineOptions,
  assumptions: ConfigurationAssumptions,
): { configuration: Configuration; stamp: string } {
  const text = tree?.configurationFile ? fs.read(tree.configurationFile) : undefined;
  const architecture = tree?.architecture ?? options.architecture ?? 'x86';
  const configuration = text === undefined ? assumedConfiguration(assumptions, architecture) : parseConfiguration(text);
  const hash = createHash('sha256').update(JSON.stringify([tree?.root, tree?.release, architecture, text ?? null]));
  for (const header of headerFiles(tree ? allHeaderFolders(fs, tree) : [])) hash.update(`${header.path}\0${header.stamp}\n`);
  return { configuration, stamp: hash.digest('hex') };
}

function modulesAt(fs: FileSystem, path: string, configuration: Configuration, problems: InputProblem[]): Module[] {
  const stat = fs.stat(path);
  const generated = generatedFolderOf(fs, path);
  if (!stat) problems.push(noSuchFile(path, fs.list(folderOf(path)) ?? []));
  else if (generated !== null) problems.push(isGenerated(path, generated));
  else if (stat.kind === 'directory') {
    const readable = fs.list(path) !== undefined;
    const modules = modulesUnder(fs, path, { configuration });
    if (!readable) problems.push(unreadable(path));
    else if (modules.length === 0) problems.push(nothingFound(path));
    return modules;
  } else if (stat.kind !== 'file' || !path.endsWith('.c')) problems.push(notAC(path));
  else if (fs.read(path) === undefined) problems.push(unreadable(path));
  else return [moduleOf(fs, path, { configuration })];
  return [];
}

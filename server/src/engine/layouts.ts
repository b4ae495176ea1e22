/** Layouts of records by name, as the kernel's headers and a driver's own text declare them. */
import { createScope, type ModuleScope } from '../symbols/scope';
import type { RecordDeclaration } from '../symbols/types';
import { moduleOf, modulesUnder } from '../text/kbuild';
import { findKernelTree } from '../text/kernelTree';
import { normalizePath } from '../text/paths';
import { loadAssets } from './assets';
import type { EngineOptions, InputProblem } from './engine';
import { type KernelWorld, loadKernelWorld, type Shared, shared } from './kernelWorld';
import { readModule } from './moduleFiles';
import { nodeFileSystem as fs } from './nodeFileSystem';
import { noKernelTree, noSuchFile } from './problems';
import { runningRelease } from './system';
import { workspaceKnowledge } from './workspaceKnowledge';

/** Bytes from the record's start; for a bit-field also its first bit there and its width. null: unknown, never a guess. */
export type MemberOffset = number | null | { offset: number | null; bit: number | null; bits: number };

/** Members of anonymous members stand with the outer record. */
export interface RecordDump {
  size: number | null;
  members: Record<string, MemberOffset>;
}

export interface LayoutAnswer {
  layouts: Record<string, RecordDump>;
  /** Names that no record has. Their size is null and they have no members. */
  unknown: string[];
  problems: InputProblem[];
}

/** `paths`: drivers whose own records count too; the first that declares a name wins over the kernel. Names may begin with `struct ` or `union `. */
export async function dumpLayouts(names: readonly string[], options: EngineOptions, paths: readonly string[] = []): Promise<LayoutAnswer> {
  const overlay = workspaceKnowledge(options);
  const base = await shared(loadAssets(), overlay.texts);
  const problems: InputProblem[] = [...overlay.problems];
  const places = paths.length > 0 ? paths.map(normalizePath) : [normalizePath(options.workingDirectory ?? process.cwd())];
  const found = findKernelTree(fs, places[0], {
    given: options.kernel,
    setting: options.kernelSetting,
    runningRelease: runningRelease(),
    architecture: options.architecture,
  });
  if (!found.tree) problems.push(noKernelTree(places[0], found.tried));
  const world = loadKernelWorld(found.tree, fs, base, options.cacheFolder, options.architecture ?? 'x86');
  const scopes = paths.length > 0 ? driverScopes(places, world, base, problems) : [];
  scopes.push(createScope({ driver: [], kernel: world.kernel, architecture: world.architecture }));
  const layouts: Record<string, RecordDump> = {};
  const unknown: string[] = [];
  for (const name of names) {
    const scope = scopes.find((s) => recordNamed(s, name));
    const record = scope && recordNamed(scope, name);
    if (!record) unknown.push(name);
    layouts[name] = scope && record ? dump(scope, record) : { size: null, members: {} };
  }
  return { layouts, unknown, problems };
}

function recordNamed(scope: ModuleScope, name: string): RecordDeclaration | undefined {
  const tagged = /^(struct|union)\s+(\w+)$/.exec(name.trim());
  if (tagged) return scope.record(tagged[1] as 'struct' | 'union', tagged[2]);
  return scope.record('struct', name) ?? scope.record('union', name) ?? scope.recordOf({ kind: 'named', name });
}

function dump(scope: ModuleScope, record: RecordDeclaration): RecordDump {
  const { size, members } = scope.layout(record);
  const offsets = [...members]
    .filter(([name]) => name !== '')
    .map(([name, { offset, bit, bits }]): [string, MemberOffset] => [
      name,
      bits === undefined ? offset : { offset, bit: bit ?? null, bits },
    ]);
  return { size, members: Object.fromEntries(offsets) };
}

function driverScopes(paths: readonly string[], world: KernelWorld, base: Shared, problems: InputProblem[]): ModuleScope[] {
  const options = { configuration: world.configuration };
  return paths.flatMap((path) => {
    const kind = fs.stat(path)?.kind;
    if (!kind) problems.push(noSuchFile(path, []));
    const modules = kind === 'directory' ? modulesUnder(fs, path, options) : kind === 'file' ? [moduleOf(fs, path, options)] : [];
    return modules.map((module) => {
      const { files, includes } = readModule(module, {
        ...world.files,
        fs,
        parser: base.parser,
        knowledge: base.knowledge,
        isOpen: () => false,
      });
      const driver = files.map((f) => ({
        path: f.path,
        declarations: f.declarations,
        macros: f.preprocessed.macros,
        includes: includes.get(f.path),
      }));
      return createScope({ driver, kernel: world.kernel, architecture: world.architecture });
    });
  });
}

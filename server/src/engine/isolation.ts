/** From a module on disk to the files of its isolated version. */
import { createHash } from 'node:crypto';
import { cBanner } from '../codegen/banner';
import { checkpointText } from '../codegen/checkpoint';
import type { TreeFile } from '../codegen/model';
import { generateModule } from '../codegen/generate';
import type { GeneratedFile } from '../codegen/model';
import type { IsolationPlan } from '../report/isolation/model';
import { isolationPlan } from '../report/isolation/build';
import type { FileSystem } from '../text/fileSystem';
import { isDriverHeader, resolveInclude } from '../text/includes';
import type { KernelTree } from '../text/kernelTree';
import { folderOf, liesIn } from '../text/paths';
import type { ReportedDriver } from './driver';
import { sourceOutline } from './sourceOutline';
import { VERSION } from './version';

export interface IsolationInput {
  state: ReportedDriver;
  fs: FileSystem;
  tree: KernelTree | null;
  /** Only these; null: every entry point that can be isolated. */
  wanted: ReadonlySet<string> | null;
  runtime: readonly GeneratedFile[];
  display(path: string): string;
}

export interface Isolation {
  plan: IsolationPlan;
  files: GeneratedFile[];
}

const INCLUDE = /^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]/gm;

/** Every file of the driver's own that its sources include, in force or not: the compiler decides that for itself. */
function includedFiles(input: IsolationInput): Map<string, { text: string; unit: string }> {
  const found = new Map<string, { text: string; unit: string }>();
  const { module } = input.state.files;
  const visit = (path: string, text: string, unit: string): void => {
    for (const [, bracket, name] of text.matchAll(INCLUDE)) {
      const at = resolveInclude(input.fs, input.tree, path, { path: name, angled: bracket === '<' }, module.includeFolders);
      if (at === null || found.has(at) || module.files.includes(at) || !isDriverHeader(input.tree, at) || liesInKernelHeaders(at)) continue;
      const inner = input.fs.read(at);
      if (inner === undefined) continue;
      found.set(at, { text: inner, unit });
      visit(at, inner, unit);
    }
  };
  for (const path of module.files) visit(path, input.fs.read(path) ?? '', path);
  return found;
}

/** A source tree beside the headers that are built against has their headers too. */
function liesInKernelHeaders(path: string): boolean {
  return /\/(include|arch\/[^/]+\/include)\/(uapi\/|generated\/)?(linux|asm|asm-generic|net|sound|scsi|media|uapi)\//.test(path);
}

/** The longest folder that holds all paths. */
function commonFolder(paths: readonly string[]): string {
  let folder = folderOf(paths[0] ?? '/');
  for (const path of paths) while (folder !== '/' && !liesIn(path, folder)) folder = folderOf(folder);
  return folder;
}

/** Plans and generates. Nothing is written. */
export function isolate(input: IsolationInput): Isolation {
  const { state } = input;
  const { module } = state.files;
  const plan = isolationPlan({
    driver: state.driver,
    module: module.name,
    wanted: input.wanted,
    findings: state.report.findings,
    texts: state.files.files.map((f) => f.text),
  });
  const included = includedFiles(input);
  const root = commonFolder([...module.files, ...included.keys()]);
  const relative = (path: string): string => path.slice(root.length).replace(/^\//, '');
  const parsed = new Map(state.files.files.map((f) => [f.path, f]));
  const files: TreeFile[] = [
    ...module.files.flatMap((path): TreeFile[] => {
      const file = parsed.get(path);
      return file
        ? [
            {
              ...sourceOutline(file, input.display(path), false),
              relative: relative(path),
              isUnit: true,
              unit: path,
              includes: state.files.includes.get(path) ?? [],
            },
          ]
        : [];
    }),
    ...[...included].map(([path, { text, unit }]): TreeFile => {
      // The analysis keeps the numbers that a large header defines apart from its text: the compiler wants all of it.
      const file = state.files.shortened.has(path) ? undefined : parsed.get(path);
      const outline = file
        ? sourceOutline(file, input.display(path), true)
        : { path, display: input.display(path), text, functions: [], variables: [], isHeader: true };
      return { ...outline, relative: relative(path), isUnit: false, unit, includes: [] };
    }),
  ];
  const generated = generateModule({
    plan,
    driver: state.report,
    files,
    includeFolders: module.includeFolders.filter((f) => liesIn(f, root) || f === root).map(relative),
    defines: module.defines,
    runtime: input.runtime,
    knowledge: state.driver.knowledge,
    version: VERSION,
    kernelRelease: input.tree?.release ?? '',
    hash: (text) => createHash('sha256').update(text).digest('hex'),
  });
  return { plan, files: plan.entries.length > 0 ? generated : [] };
}

/** The text of a driver's checkpoint and restore functions, or why there are none. */
export function checkpoint(
  state: ReportedDriver,
  tree: KernelTree | null,
  display: (path: string) => string,
): { text: string } | { reason: string } {
  const files = state.files.files.map((f) => sourceOutline(f, display(f.path), state.files.headers.has(f.path)));
  const banner = cBanner(
    {
      version: VERSION,
      kernelRelease: tree?.release ?? '',
      module: state.report.name,
      sources: files
        .filter((f) => !f.isHeader)
        .map((f) => ({ display: f.display, hash: createHash('sha256').update(f.text).digest('hex') })),
    },
    'Saves and restores the device, from what suspend and resume do.',
  );
  return checkpointText({ driver: state.report, files, banner });
}

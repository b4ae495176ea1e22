import type { Configuration } from './configuration';
import type { FileSystem } from './fileSystem';
import { GENERATED_LIST } from './generatedList';
import { isPossible, parseKbuild, type Kbuild } from './kbuildParse';
import { folderOf, joinPath, nameOf, normalizePath } from './paths';

export { parseKbuild } from './kbuildParse';

/** What Kbuild links into one `.ko`: the unit of analysis. */
export interface Module {
  /** As Kbuild spells it (`usb-storage`). */
  name: string;
  /** Absolute paths of its `.c` files that exist, in link order. */
  files: string[];
  /** Absolute path of the Makefile that names it, or null for a file that no Makefile names. */
  makefile: string | null;
  /** Absolute folders of its `-I` flags, in order. */
  includeFolders: string[];
  /** Its `-D` flags. */
  defines: { name: string; body: string }[];
  /** How it was found, for people. */
  why: string;
}

export interface ModuleOptions {
  /** Leaves out objects and flags whose condition is off in it. Without one, every branch counts as possible. */
  configuration?: Configuration;
  /** The kernel's root, for `$(srctree)`. Default: the tree around the folder, if there is one. */
  treeRoot?: string;
}

interface Folder {
  /** Absolute path of the folder. */
  folder: string;
  makefile: string;
  kbuild: Kbuild;
  /** Its assignments with a selector, in order, by their stem. */
  byStem: ReadonlyMap<string, readonly Assignment[]>;
  treeRoot: string | undefined;
}

type Assignment = Kbuild['assignments'][number];

/** One question about modules: what was read for it stays read until it is answered. */
class Reader {
  private readonly folders = new Map<string, Folder | undefined>();
  private readonly sources = new Map<string, string[]>();
  private readonly linkable = new Map<string, NamedObjects>();
  private readonly textIncludes = new Map<string, ReadonlyMap<string, readonly string[]>>();
  private withoutConfiguration: Reader | undefined;

  constructor(
    readonly fs: FileSystem,
    readonly options: ModuleOptions,
  ) {}

  /** The same question with every branch counted as possible. */
  get unconfigured(): Reader {
    return (this.withoutConfiguration ??= new Reader(this.fs, { ...this.options, configuration: undefined }));
  }

  /** A folder's `Kbuild` file, or its `Makefile`: the order in which Kbuild itself looks. */
  folder(folder: string): Folder | undefined {
    if (!this.folders.has(folder)) this.folders.set(folder, this.read(folder));
    return this.folders.get(folder);
  }

  /** Names of the `.c` files in a folder. Kbuild writes NAME.mod.c beside a module that has been built. */
  sourceNames(folder: string): string[] {
    let names = this.sources.get(folder);
    if (!names) {
      names = (this.fs.list(folder) ?? []).filter(
        (name) => name.endsWith('.c') && !name.endsWith('.mod.c') && this.isFile(joinPath(folder, name)),
      );
      this.sources.set(folder, names);
    }
    return names;
  }

  isFile(path: string): boolean {
    return this.fs.stat(path)?.kind === 'file';
  }

  /** Whether a folder's Makefile may link a source, under any condition: where it does not name the object, it links it nowhere. */
  mayLink(folder: string, source: string): boolean {
    const read = this.folder(folder);
    if (!read) return false;
    let named = this.linkable.get(folder);
    if (!named) this.linkable.set(folder, (named = namedObjects(read)));
    const { prefixes } = named;
    const objects = named.byName.get(nameOf(source).slice(0, -2) + '.o') ?? [];
    return objects.some((object) => prefixes.some((prefix) => objectSource(read, prefix + object) === source));
  }

  /** The `.c` files of a folder that include a `.c` file as text, by the name that their `#include` has for it. */
  includersIn(folder: string): ReadonlyMap<string, readonly string[]> {
    let includers = this.textIncludes.get(folder);
    if (!includers) this.textIncludes.set(folder, (includers = this.readIncluders(folder)));
    return includers;
  }

  private readIncluders(folder: string): Map<string, string[]> {
    const includers = new Map<string, string[]>();
    for (const name of this.sourceNames(folder)) {
      const path = joinPath(folder, name);
      for (const [, included] of this.fs.read(path)?.matchAll(INCLUDED_SOURCE) ?? []) {
        const list = includers.get(included);
        if (!list) includers.set(included, [path]);
        else if (!list.includes(path)) list.push(path);
      }
    }
    return includers;
  }

  private read(folder: string): Folder | undefined {
    const makefile = ['Kbuild', 'Makefile'].map((name) => joinPath(folder, name)).find((path) => this.isFile(path));
    const text = makefile === undefined ? undefined : this.fs.read(makefile);
    if (makefile === undefined || text === undefined) return undefined;
    const treeRoot = this.options.treeRoot ?? treeRootAround(this.fs, folder);
    const include = (path: string): string | undefined =>
      this.fs.read(joinPath(treeRoot ?? folder, withoutDoubledRoot(path, folder, treeRoot)));
    const kbuild = parseKbuild(text, { variables: variablesOf(folder, treeRoot), configuration: this.options.configuration, include });
    return { folder, makefile, kbuild, byStem: assignmentsByStem(kbuild), treeRoot };
  }
}

/** Objects that a Makefile names, by their file name, and the sub-folders that they may stand in. */
interface NamedObjects {
  byName: ReadonlyMap<string, readonly string[]>;
  prefixes: readonly string[];
}

/** A composite object of a sub-folder (`sub/foo.o`) may name its parts with or without the folder. */
function namedObjects(read: Folder): NamedObjects {
  const byName = new Map<string, string[]>();
  const prefixes = new Set(['']);
  for (const { words } of read.kbuild.assignments) {
    for (const word of words) {
      if (!word.endsWith('.o')) continue;
      const name = nameOf(word);
      prefixes.add(word.slice(0, word.length - name.length));
      const list = byName.get(name);
      if (list) list.push(word);
      else byName.set(name, [word]);
    }
  }
  return { byName, prefixes: [...prefixes] };
}

/** An `#include` of a `.c` file. */
const INCLUDED_SOURCE = /^[ \t]*#[ \t]*include[ \t]*"([^"\n]*\.c)"/gm;

const MAXIMUM_PARENTS = 16;
const MAXIMUM_INCLUDED_BY = 3;

/**
 * Modules of one folder: those that its Makefile links, and one for each `.c` file that no Makefile names and no other file
 * includes. Sub-folders are not entered. A module is listed even where the configuration switches it off as a whole.
 */
export function modulesOf(fs: FileSystem, folder: string, options: ModuleOptions = {}): Module[] {
  return modulesOfFolder(new Reader(fs, options), normalizePath(folder));
}

function modulesOfFolder(reader: Reader, folder: string): Module[] {
  const modules = linkedModules(reader, folder);
  const linked = new Set(modules.flatMap((module) => module.files));
  for (const name of reader.sourceNames(folder)) {
    const file = joinPath(folder, name);
    if (linked.has(file)) continue;
    const module = findModule(reader, file, MAXIMUM_INCLUDED_BY);
    if (module.makefile === null && module.files[0] === file) modules.push(module);
  }
  return modules;
}

/** Modules of a folder and of all folders below it, sorted by folder; folders reached twice through symbolic links are read once. */
export function modulesUnder(fs: FileSystem, folder: string, options: ModuleOptions = {}): Module[] {
  const reader = new Reader(fs, options);
  const modules: Module[] = [];
  const seen = new Set<string>();
  const pending = [normalizePath(folder)];
  while (pending.length > 0) {
    const at = pending.pop() as string;
    const identity = fs.canonical(at) ?? at;
    if (seen.has(identity)) continue;
    seen.add(identity);
    // A generated module holds the driver's text once more.
    if (fs.stat(joinPath(at, GENERATED_LIST))?.kind === 'file') continue;
    modules.push(...modulesOfFolder(reader, at));
    const folders = (fs.list(at) ?? [])
      .map((name) => joinPath(at, name))
      .filter((path) => fs.stat(path)?.kind === 'directory' && !nameOf(path).startsWith('.'));
    pending.push(...folders.reverse());
  }
  // A file that its own folder's Makefile does not name may be linked by a neighbour's, which includes that Makefile or names `../sub/foo.o`.
  const linked = new Set(modules.flatMap((module) => (module.makefile === null ? [] : module.files)));
  return modules.filter((module) => module.makefile !== null || !module.files.every((file) => linked.has(file)));
}

/**
 * The module that links a `.c` file. Its own folder's Makefile is asked first, then those of the folders above (`sub/foo.o`).
 * A file that another one includes as text belongs to that one's module; a file that nobody names is a module of its own.
 */
export function moduleOf(fs: FileSystem, file: string, options: ModuleOptions = {}): Module {
  return findModule(new Reader(fs, options), normalizePath(file), MAXIMUM_INCLUDED_BY);
}

function findModule(reader: Reader, path: string, textualDepth: number): Module {
  // A file that the configuration switches off is linked nowhere, but who asks about it wants its module.
  const linking = linkingModule(reader, path) ?? (reader.options.configuration && linkingModule(reader.unconfigured, path));
  if (linking) return linking;
  const includer = textualDepth > 0 ? includedBy(reader, path) : undefined;
  if (includer) {
    const module = findModule(reader, includer, textualDepth - 1);
    return { ...module, why: `${module.why}; ${nameOf(path)} is included by ${nameOf(includer)}` };
  }
  const read = reader.folder(folderOf(path));
  const name = nameOf(path).replace(/\.c$/, '');
  return {
    name,
    files: [path],
    makefile: null,
    ...flagsOf(reader, folderOf(path), [path]),
    why: read ? `no object in ${read.makefile} names it` : 'its folder has no Makefile',
  };
}

/** The module that a Makefile of the file's folder, or of one above it, links the file into. */
function linkingModule(reader: Reader, path: string): Module | undefined {
  let folder = folderOf(path);
  for (let up = 0; up < MAXIMUM_PARENTS; up++) {
    const isNamed = reader.mayLink(folder, path);
    const modules = isNamed ? linkedModules(reader, folder, path) : [];
    const own = modules.find((module) => joinPath(folder, module.name + '.c') === path);
    if (modules.length > 0) return own ?? modules[0];
    if (folder === '/' || reader.folder(folder)?.treeRoot === folder) return undefined;
    folder = folderOf(folder);
  }
  return undefined;
}

/** A `.c` file of the same folder, or of the one above, that includes this one as text. */
function includedBy(reader: Reader, path: string): string | undefined {
  const folder = folderOf(path);
  const above = folderOf(folder);
  return includerIn(reader, folder, nameOf(path), path) ?? includerIn(reader, above, `${nameOf(folder)}/${nameOf(path)}`, path);
}

function includerIn(reader: Reader, folder: string, name: string, path: string): string | undefined {
  return reader
    .includersIn(folder)
    .get(name)
    ?.find((other) => other !== path);
}

function treeRootAround(fs: FileSystem, folder: string): string | undefined {
  for (let at = folder; at !== '/' && at !== '.'; at = folderOf(at)) {
    if (fs.stat(joinPath(at, 'include/linux/module.h')) && fs.stat(joinPath(at, 'Makefile'))) return at;
  }
  return undefined;
}

/**
 * `$(src)` is the folder, relative to the tree before Linux 6.13 and absolute since; `$(srctree)/$(src)` occurs with the former.
 * Both become absolute: a doubled root is taken back in {@link withoutDoubledRoot}.
 */
function variablesOf(folder: string, treeRoot: string | undefined): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  for (const name of ['src', 'obj', 'PWD', 'CURDIR', 'M', 'KBUILD_EXTMOD']) variables.set(name, folder);
  for (const name of ['srctree', 'objtree', 'KERNEL_SRC', 'KDIR', 'KERNELDIR']) if (treeRoot) variables.set(name, treeRoot);
  return variables;
}

/** The modules that a folder's Makefile links; with `wanted`, those with that file, which is kept even where its own condition is off. */
function linkedModules(reader: Reader, folder: string, wanted?: string): Module[] {
  const read = reader.folder(folder);
  if (!read) return [];
  const modules = new Map<string, Module>();
  for (const assignment of read.kbuild.assignments) {
    if ((assignment.stem !== 'obj' && assignment.stem !== 'lib') || assignment.selector === 'objs' || assignment.selector === '') continue;
    for (const word of assignment.words) {
      if (!word.endsWith('.o')) continue;
      const stem = word.slice(0, -2);
      if (modules.has(stem)) continue;
      const files = filesOf(reader, read, stem, wanted);
      if (files.length === 0 || (wanted !== undefined && !files.includes(wanted))) continue;
      const selected = assignment.selector.startsWith('CONFIG_') ? `$(${assignment.selector})` : assignment.selector;
      const condition = assignment.conditions.map((c) => ` (${c.text})`).join('');
      modules.set(stem, {
        name: nameOf(stem),
        files,
        makefile: read.makefile,
        ...flagsOf(reader, folder, files),
        why: `${assignment.stem}-${selected} names ${word} in ${read.makefile}${condition}`,
      });
    }
  }
  return [...modules.values()];
}

/** The `.c` files of an object: those of its parts when it is composite, else its own. */
function filesOf(reader: Reader, read: Folder, stem: string, wanted: string | undefined): string[] {
  const base = nameOf(stem);
  const prefix = stem.slice(0, stem.length - base.length);
  const parts = new Set<string>();
  let composite = false;
  for (const assignment of partsOf(read, stem, base)) {
    composite = true;
    for (const word of assignment.words) {
      if (!word.endsWith('.o')) continue;
      const path = objectSource(read, (assignment.stem === stem ? '' : prefix) + word);
      if (path === wanted || isPossible(assignment, reader.options.configuration)) parts.add(path);
    }
  }
  if (!composite) parts.add(objectSource(read, stem + '.o'));
  return [...parts].filter((path) => reader.isFile(path));
}

function assignmentsByStem({ assignments }: Kbuild): Map<string, Assignment[]> {
  const byStem = new Map<string, Assignment[]>();
  for (const assignment of assignments) {
    if (assignment.selector === '') continue;
    const list = byStem.get(assignment.stem);
    if (list) list.push(assignment);
    else byStem.set(assignment.stem, [assignment]);
  }
  return byStem;
}

/** What names the parts of an object, in the Makefile's order: with its folder (`sub/foo-y`) or without. */
function partsOf(read: Folder, stem: string, base: string): readonly Assignment[] {
  const whole = read.byStem.get(stem);
  const bare = stem === base ? undefined : read.byStem.get(base);
  if (!whole || !bare) return whole ?? bare ?? [];
  return read.kbuild.assignments.filter((a) => a.selector !== '' && (a.stem === stem || a.stem === base));
}

function objectSource(read: Folder, object: string): string {
  return joinPath(read.folder, object.slice(0, -2) + '.c');
}

/** `-I` and `-D` flags in force for files of a folder: `ccflags-y`, `CFLAGS_x.o`, and `subdir-ccflags-y` of the folders above. */
function flagsOf(reader: Reader, folder: string, files: readonly string[]): Pick<Module, 'includeFolders' | 'defines'> {
  const words: { read: Folder; words: string[] }[] = [];
  const objects = new Set(files.map((file) => nameOf(file).slice(0, -2) + '.o'));
  for (let at = folder, up = 0; up < MAXIMUM_PARENTS; at = folderOf(at), up++) {
    const read = reader.folder(at);
    if (!read) break;
    const flags = read.kbuild.assignments.filter(
      (a) =>
        isPossible(a, reader.options.configuration) &&
        (a.stem === 'subdir-ccflags' ||
          (at === folder &&
            (a.stem === 'ccflags' ||
              a.stem === 'EXTRA_CFLAGS' ||
              (a.stem.startsWith('CFLAGS_') && objects.has(nameOf(a.stem.slice('CFLAGS_'.length))))))),
    );
    words.unshift({ read, words: flags.flatMap((a) => a.words) });
    if (at === read.treeRoot || at === '/') break;
  }
  const includeFolders = new Set<string>();
  const defines = new Map<string, string>();
  for (const { read, words: list } of words) {
    for (let i = 0; i < list.length; i++) {
      const flag = list[i].slice(0, 2);
      if (flag !== '-I' && flag !== '-D') continue;
      const value = (list[i].length > 2 ? list[i].slice(2) : (list[++i] ?? '')).replace(/\\(.)/g, '$1').replace(/^(["'])(.*)\1$/, '$2');
      if (flag === '-I' && value) includeFolders.add(flagFolder(read, value));
      else if (flag === '-D' && value) {
        const equals = value.indexOf('=');
        defines.set(equals < 0 ? value : value.slice(0, equals), equals < 0 ? '1' : value.slice(equals + 1));
      }
    }
  }
  return { includeFolders: [...includeFolders], defines: [...defines].map(([name, body]) => ({ name, body })) };
}

function flagFolder(read: Folder, value: string): string {
  return joinPath(read.treeRoot ?? read.folder, withoutDoubledRoot(value, read.folder, read.treeRoot));
}

/** `$(srctree)/$(src)` with an absolute `$(src)` gives the root twice, or `/` before the folder where there is no root. */
function withoutDoubledRoot(path: string, folder: string, treeRoot: string | undefined): string {
  if (treeRoot !== undefined && path.startsWith(treeRoot + '/' + treeRoot)) return path.slice(treeRoot.length + 1);
  return path.startsWith('/' + folder) ? path.slice(1) : path;
}

import type { FileSystem } from './fileSystem';
import { folderOf, joinPath, nameOf, normalizePath } from './paths';

/** The kernel that drivers are read against: a source tree or a distribution's headers folder. */
export interface KernelTree {
  /** Absolute path as found or given. */
  root: string;
  kind: 'source' | 'headers';
  /** `6.1.192` from the tree's top Makefile, or the release that the headers state (`6.1.0-56-amd64`); '' when unknown. */
  release: string;
  /** `x86`, `arm64`, …: the folder under `arch/` whose headers are used. */
  architecture: string;
  /** Absolute folders for `#include <…>`, in search order. Debian's `-common` folder included. */
  includeFolders: string[];
  /** Absolute path of `include/config/auto.conf`, when the tree is configured. */
  configurationFile: string | null;
  /** How it was found, for people: `given`, `path lies in it`, `fgft.kernelRoot`, `running kernel`, `newest installed headers`. */
  foundBy: string;
}

export interface FindKernelOptions {
  /** `--kernel DIR`. When given, nothing else is tried. */
  given?: string;
  /** The `fgft.kernelRoot` setting. */
  setting?: string;
  /** `uname -r`. */
  runningRelease?: string;
  /** Default: what the headers folder was made for, else `x86`. */
  architecture?: string;
}

export type FindKernelResult = { tree: KernelTree | null; problems: string[]; tried: string[] };

const INSTALLED_HEADERS = '/usr/src';
const HEADERS_NAME = /^linux-headers-(.+)$/;

/**
 * Finds the kernel that a path is to be read against. The first that exists wins: `given` (then nothing else is tried), the
 * tree that the path lies in, the setting, the running kernel's build folder, the newest installed headers.
 * `tried` says what was looked at, in order, and why it was not taken; `problems` what the user should know even if a tree was found.
 */
export function findKernelTree(fs: FileSystem, path: string, options: FindKernelOptions): FindKernelResult {
  const tried: string[] = [];
  const problems: string[] = [];
  const attempt = (folder: string, foundBy: string): KernelTree | null => {
    const tree = readKernelTree(fs, folder, foundBy, options.architecture);
    if (typeof tree !== 'string') {
      tried.push(`${folder}: used (${foundBy})`);
      return tree;
    }
    tried.push(`${folder}: ${tree} (${foundBy})`);
    return null;
  };
  if (options.given !== undefined) {
    const tree = attempt(normalizePath(options.given), 'given');
    if (!tree) problems.push(`${options.given} is neither a kernel source tree nor a kernel headers folder`);
    return { tree, problems, tried };
  }
  const around = treeAround(fs, path, options.architecture);
  if (around) {
    tried.push(`${around.root}: used (${around.foundBy})`);
    return { tree: around, problems, tried };
  }
  tried.push(`${path}: lies in no kernel tree`);
  if (options.setting) {
    const tree = attempt(normalizePath(options.setting), 'fgft.kernelRoot');
    if (tree) return { tree, problems, tried };
    problems.push(`fgft.kernelRoot: ${options.setting} is neither a kernel source tree nor a kernel headers folder`);
  }
  if (options.runningRelease) {
    const tree = attempt(`/lib/modules/${options.runningRelease}/build`, 'running kernel');
    if (tree) return { tree, problems, tried };
  }
  const installed = installedHeaders(fs);
  for (const folder of installed) {
    const tree = attempt(folder, 'newest installed headers');
    if (tree) return { tree, problems, tried };
  }
  if (installed.length === 0) tried.push(`${INSTALLED_HEADERS}: no linux-headers-* folders`);
  return { tree: null, problems, tried };
}

/** `(major << 16) + (minor << 8) + min(patch, 255)` as LINUX_VERSION_CODE computes it, from the tree's top Makefile or its release; null when unknown. */
export function linuxVersionCode(fs: FileSystem, tree: KernelTree): number | null {
  const base = sourceFolderOf(fs, tree.root) ?? tree.root;
  const version = makefileVersion(fs.read(joinPath(base, 'Makefile')) ?? '') || tree.release;
  const numbers = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(version);
  if (!numbers) return null;
  return (Number(numbers[1]) << 16) + (Number(numbers[2]) << 8) + Math.min(Number(numbers[3] ?? 0), 255);
}

/** Reads a folder as a kernel tree, or says why it is none. */
function readKernelTree(fs: FileSystem, root: string, foundBy: string, architecture: string | undefined): KernelTree | string {
  if (fs.stat(root)?.kind !== 'directory') return 'no such folder';
  const makefile = fs.read(joinPath(root, 'Makefile'));
  const source = sourceFolderOf(fs, root);
  if (source === undefined) {
    return makefile === undefined
      ? 'not a kernel tree (no Makefile)'
      : 'not a kernel tree (no include/linux, and its Makefile names no folder that has one)';
  }
  const stated = /^override ARCH = (\w+)/m.exec(
    fs.read(joinPath(root, '.kernelvariables')) ?? fs.read(joinPath(source, '.kernelvariables')) ?? '',
  )?.[1];
  const chosen = architecture ?? architectureFolder(stated) ?? 'x86';
  const isSource =
    source === root && fs.stat(joinPath(root, 'drivers'))?.kind === 'directory' && fs.stat(joinPath(root, 'kernel'))?.kind === 'directory';
  // A headers folder such as Ubuntu's has `drivers` and `kernel` folders with nothing but Makefiles and Kconfig files in them.
  const kind = isSource && fs.stat(joinPath(root, 'kernel/fork.c')) !== undefined ? 'source' : 'headers';
  const configurationFile = joinPath(root, 'include/config/auto.conf');
  return {
    root,
    kind,
    release: releaseOf(fs, root, source, kind),
    architecture: chosen,
    includeFolders: includeFoldersOf(fs, root, source, chosen),
    configurationFile: fs.stat(configurationFile)?.kind === 'file' ? configurationFile : null,
    foundBy,
  };
}

/** `arch/x86` serves both i386 and x86_64. */
function architectureFolder(name: string | undefined): string | undefined {
  return name === 'x86_64' || name === 'i386' ? 'x86' : name;
}

/**
 * The folder that holds `include/linux` for a tree: the tree itself, or the folder that its Makefile includes
 * (Debian's headers, a build folder made with `O=`), also when the pair was copied elsewhere together.
 */
function sourceFolderOf(fs: FileSystem, root: string): string | undefined {
  const hasHeaders = (folder: string): boolean => fs.stat(joinPath(folder, 'include/linux/module.h'))?.kind === 'file';
  const makefile = fs.read(joinPath(root, 'Makefile'));
  if (makefile !== undefined && hasHeaders(root)) return root;
  const included = /^\s*-?include\s+(\S+)\/Makefile\s*$/m.exec(makefile ?? '')?.[1];
  if (!included) return undefined;
  return [joinPath(root, included), joinPath(folderOf(root), nameOf(included))].find(hasHeaders);
}

function treeAround(fs: FileSystem, path: string, architecture: string | undefined): KernelTree | null {
  for (let folder = normalizePath(path); ; folder = folderOf(folder)) {
    if (fs.stat(joinPath(folder, 'Makefile'))?.kind === 'file' && sourceFolderOf(fs, folder)) {
      const tree = readKernelTree(fs, folder, 'path lies in it', architecture);
      if (typeof tree !== 'string') return tree;
    }
    if (folder === '/' || folder === '.') return null;
  }
}

function makefileVersion(makefile: string): string {
  const value = (name: string): string => new RegExp(`^${name}[ \\t]*=[ \\t]*(\\S*)`, 'm').exec(makefile)?.[1] ?? '';
  const version = value('VERSION');
  if (!version) return '';
  return `${version}.${value('PATCHLEVEL') || '0'}${value('SUBLEVEL') ? '.' + value('SUBLEVEL') : ''}${value('EXTRAVERSION')}`;
}

function releaseOf(fs: FileSystem, root: string, source: string, kind: KernelTree['kind']): string {
  const fromMakefile = makefileVersion(fs.read(joinPath(source, 'Makefile')) ?? '');
  if (kind === 'source') return fromMakefile;
  const uts = /UTS_RELEASE "([^"]*)"/.exec(fs.read(joinPath(root, 'include/generated/utsrelease.h')) ?? '')?.[1];
  return uts ?? fs.read(joinPath(root, 'include/config/kernel.release'))?.trim() ?? HEADERS_NAME.exec(nameOf(root))?.[1] ?? fromMakefile;
}

/** In the order of LINUXINCLUDE and USERINCLUDE in the kernel's top Makefile; only folders that exist. */
export function includeFoldersOf(fs: FileSystem, root: string, source: string, architecture: string): string[] {
  const arch = `arch/${architecture}/include`;
  const folders = [
    joinPath(source, arch),
    joinPath(root, arch + '/generated'),
    joinPath(source, 'include'),
    joinPath(root, 'include'),
    joinPath(source, arch + '/uapi'),
    joinPath(root, arch + '/generated/uapi'),
    joinPath(source, 'include/uapi'),
    joinPath(root, 'include/generated/uapi'),
  ];
  return [...new Set(folders)].filter((folder) => fs.stat(folder)?.kind === 'directory');
}

/** Installed headers folders, newest first; the `-common` halves are no trees of their own. */
function installedHeaders(fs: FileSystem): string[] {
  return (fs.list(INSTALLED_HEADERS) ?? [])
    .filter((name) => HEADERS_NAME.test(name) && !name.endsWith('-common'))
    .sort((a, b) => compareVersions(b, a))
    .map((name) => joinPath(INSTALLED_HEADERS, name));
}

/** Compares names by their numbers first (`6.12` after `6.1`), then by their text. */
function compareVersions(a: string, b: string): number {
  const numbers = (name: string): number[] => (name.match(/\d+/g) ?? []).map(Number);
  const left = numbers(a);
  const right = numbers(b);
  for (let i = 0; i < Math.min(left.length, right.length); i++) if (left[i] !== right[i]) return left[i] - right[i];
  return left.length - right.length || (a < b ? -1 : a > b ? 1 : 0);
}

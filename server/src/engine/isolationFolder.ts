/** Where the isolated version of a driver is written, and what one that is there says of itself. */
import { createHash } from 'node:crypto';
import type { FileSystem } from '../text/fileSystem';
import { folderOf, normalizePath } from '../text/paths';

/** Stands for the module's name in the setting. */
const PLACEHOLDER = `\${driver}`;

/** The setting's default: a folder beside the driver, one for each module. */
export const DEFAULT_ISOLATE_FOLDER = `fgft-isolated/${PLACEHOLDER}`;

/** Characters of a hash that heads of generated files show. */
const SHOWN = 16;

/** The folder of a module, absolute. A setting that does not name the driver gets a folder per driver below it. */
export function isolationFolder(setting: string | undefined, driver: string, firstFile: string): string {
  const given = setting?.trim() || DEFAULT_ISOLATE_FOLDER;
  const named = given.includes(PLACEHOLDER) ? given.replaceAll(PLACEHOLDER, driver) : `${given}/${driver}`;
  return normalizePath(named.startsWith('/') ? named : `${folderOf(firstFile)}/${named}`);
}

export interface GeneratedModule {
  /** Absolute. */
  folder: string;
  /** What it was made from: the file as the head names it, and the hash that its text had, shortened. */
  sources: { display: string; hash: string }[];
  /** Entry points that it isolates. */
  entries: string[];
}

/** What a folder says of the module that was generated there; null when there is none. */
export function generatedModuleAt(fs: FileSystem, folder: string): GeneratedModule | null {
  const head = fs.read(`${folder}/Kbuild`);
  if (head === undefined || !/^# Made by fgft /m.test(head)) return null;
  const sources = [...head.matchAll(/^# {3}(\S.*) \(sha256 ([0-9a-f]{16})\)$/gm)].map(([, display, hash]) => ({ display, hash }));
  const table = fs.read(`${folder}/fgft_entries.c`) ?? '';
  const entries = [...new Set([...table.matchAll(/\bfgft_entry_(\w+)/g)].map(([, name]) => name))];
  return { folder, sources, entries };
}

/** As heads of generated files show it. */
export function shownHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, SHOWN);
}

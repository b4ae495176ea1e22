/** Whether the isolated version of a module, if there is one, still matches the driver. */
import type { GeneratedState } from '../report/generated';
import type { FileSystem } from '../text/fileSystem';
import { liesIn, nameOf } from '../text/paths';
import { generatedModuleAt, isolationFolder, shownHash } from './isolationFolder';
import type { ModuleFiles } from './moduleFiles';

/** Null when nothing was generated. Reads only the generated module's table of contents, and the headers it holds. */
export function generatedState(
  fs: FileSystem,
  { module, files, headers }: ModuleFiles,
  setting: string | undefined,
  display: (path: string) => string,
): GeneratedState | null {
  if (module.files.length === 0) return null;
  const folder = isolationFolder(setting, module.name, module.files[0]);
  // The driver's text in the generated module is no driver of its own.
  if (module.files.some((path) => liesIn(path, folder))) return null;
  const generated = generatedModuleAt(fs, folder);
  if (!generated) return null;
  const sources = files.filter((f) => !headers.has(f.path) || f.path.endsWith('.c')).map((f) => f.path);
  const hashes = new Map(sources.map((path) => [path, shownHash(fs.read(path) ?? '')]));
  const present = new Set(hashes.values());
  // Kept by hash: how a file is called depends on where the tool was started.
  const changed = generated.sources
    .filter((s) => !present.has(s.hash))
    .map((s) => {
      const path = sources.find((p) => nameOf(p) === nameOf(s.display));
      return { file: path ? display(path) : null, name: nameOf(s.display), before: s.hash, now: path ? (hashes.get(path) ?? null) : null };
    });
  for (const path of headers) {
    if (path.endsWith('.c')) continue;
    const copy = copyOf(fs, folder, path);
    const text = fs.read(path);
    if (copy === undefined || text === undefined || copy === text) continue;
    changed.push({ file: display(path), name: nameOf(path), before: shownHash(copy), now: shownHash(text) });
  }
  return { folder: display(folder), entries: generated.entries, changed };
}

/** The copy of a header: it lies below `native` as it lies below some folder of the driver's own. */
function copyOf(fs: FileSystem, folder: string, path: string): string | undefined {
  const parts = path.split('/').filter(Boolean);
  for (let n = 1; n <= Math.min(4, parts.length); n++) {
    const text = fs.read(`${folder}/native/${parts.slice(-n).join('/')}`);
    if (text !== undefined) return text;
  }
  return undefined;
}

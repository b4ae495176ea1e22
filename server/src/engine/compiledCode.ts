/**
 * Runs a bundle with the code that V8 compiled for it in an earlier run. V8 compiles each function when it is first called: in a first
 * analysis that is a tenth of a second of processor time (Node 20.20; 0.79 to 0.70 s for a driver of one file, 1.64 to 1.51 s for four).
 */
import { createHash } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { constants, Script } from 'node:vm';
import { threadId } from 'node:worker_threads';
import { makeFolder } from './cacheFolder';
import { compileLater } from './compilation';

/** What a bundle that was run here finds in its `module`. */
interface RunModule {
  exports: unknown;
  keepCode(): void;
}

/** Keeps what is compiled by now, once; does nothing where the program was not started by `runCompiled`. */
export function keepCompiledCode(): void {
  if (typeof module === 'object') (module as unknown as Partial<RunModule>).keepCode?.();
}

/**
 * Runs a bundle. What does not work (a foreign or damaged file, another V8, no cache folder) makes it run as if there were no code. Whoever
 * knows that the program has done its usual work calls `keepCompiledCode`.
 */
export function runCompiled(bundle: string, cacheFolder: string): void {
  compileLater();
  // Code is taken only under the very flags that it was made under, and the collector of garbage sets this one later.
  setFlagsFromString('--expose-gc');
  const load = createRequire(bundle);
  // Without it the program could import nothing at run time.
  const importModuleDynamically = constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  if (importModuleDynamically === undefined) {
    load(bundle);
    return;
  }
  const text = readFileSync(bundle, 'utf8');
  const path = join(cacheFolder, `code-${basename(bundle, '.cjs')}-${keyOf(text)}`);
  const cachedData = readOrNothing(path);
  const source = `(function (exports, require, module, __filename, __dirname) { ${text}\n})`;
  const script = new Script(source, { filename: bundle, cachedData, importModuleDynamically });
  let isKept = cachedData !== undefined && !script.cachedDataRejected;
  const keepCode = (): void => {
    if (isKept) return;
    isKept = true;
    try {
      writeAside(path, script.createCachedData());
    } catch {
      // The next start is slower.
    }
  };
  const own: RunModule = { exports: {}, keepCode };
  const run = script.runInThisContext() as (...given: unknown[]) => void;
  run(own.exports, load, own, bundle, dirname(bundle));
}

/** One file per text of the bundle and V8: code of another would be refused. */
function keyOf(text: string): string {
  return createHash('sha256').update([process.version, process.versions.v8, process.arch, text].join('\0')).digest('hex').slice(0, 16);
}

function readOrNothing(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

/** Another process never sees half of it. */
function writeAside(path: string, code: Buffer): void {
  makeFolder(dirname(path));
  const aside = `${path}.${process.pid}.${threadId}`;
  writeFileSync(aside, code);
  renameSync(aside, path);
}

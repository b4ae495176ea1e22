/** Children of the benchmark run bundled, as the product does: loading from source takes longer than what is measured. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { repositoryRoot } from '../support/repository';

/** Bundles `entry`, a file of this folder, into `folder` with what the engine looks for beside its bundle. Returns the bundle. */
export async function bundleChild(entry: string, folder: string, dist: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  // Without these it would read the knowledge from its sources.
  for (const name of ['web-tree-sitter.wasm', 'tree-sitter-c.wasm', 'knowledge.json']) copyFileSync(join(dist, name), join(folder, name));
  const bundle = join(folder, entry.replace(/\.ts$/, '.cjs'));
  await build({
    absWorkingDir: repositoryRoot,
    entryPoints: [join('test/bench', entry)],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    alias: { 'web-tree-sitter': join(repositoryRoot, 'node_modules/web-tree-sitter/web-tree-sitter.cjs') },
    loader: { '.yaml': 'text', '.css': 'text', '.html': 'text' },
    logOverride: { 'empty-import-meta': 'silent' },
    logLevel: 'warning',
  });
  return bundle;
}

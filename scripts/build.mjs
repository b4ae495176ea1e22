#!/usr/bin/env node
/**
 * Bundles the extension, the language server, the command and the worker into dist/, with everything they read at run time
 * beside them, so that dist/ alone is the product.
 *
 *   node scripts/build.mjs                  with source maps
 *   node scripts/build.mjs --production     minified, without source maps (what is packaged)
 *   node scripts/build.mjs --if-stale       nothing, if dist/ is newer than everything that it is made of
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { thirdPartyNotices } from './notices.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const stamp = join(dist, 'build.json');
/** Where `npx fgft` looks first. npm makes no such link for the package that the checkout itself is. */
const command = join(root, 'node_modules/.bin/fgft');

/** Each bundle and where it starts. One whose entry file does not exist is left out. */
const bundles = [
  { entry: 'client/src/extension.ts', output: 'client.cjs', external: ['vscode'] },
  { entry: 'server/src/lsp/main.ts', output: 'server.cjs' },
  // A short program starts a long one, with the code that V8 compiled of it before.
  { entry: 'server/src/cli/start.ts', output: 'cli.cjs', executable: true },
  { entry: 'server/src/cli/main.ts', output: 'cli.main.cjs' },
  { entry: 'server/src/engine/workerStart.ts', output: 'worker.cjs' },
  { entry: 'server/src/engine/worker.ts', output: 'worker.main.cjs' },
];

/** Read at run time. Folders are copied whole. */
const assets = [
  { from: 'node_modules/web-tree-sitter/web-tree-sitter.wasm', to: 'web-tree-sitter.wasm' },
  { from: 'node_modules/tree-sitter-c/tree-sitter-c.wasm', to: 'tree-sitter-c.wasm' },
  { from: 'server/src/report/report.schema.json', to: 'schema/report.schema.json' },
  { from: 'server/knowledge/schema/annotations.schema.json', to: 'schema/annotations.schema.json' },
  { from: 'server/runtime', to: 'runtime' },
];

/** What dist/ is made of: a change in any of these makes it stale. */
const sources = [
  'server',
  'client/src',
  'scripts/build.mjs',
  'scripts/notices.mjs',
  'scripts/knowledge-build.ts',
  'scripts/knowledge-files.ts',
  'package.json',
  'package-lock.json',
];

/** Time of the newest file at or below a path, in milliseconds since the epoch; 0 when there is none. */
function newest(path) {
  if (!existsSync(path)) return 0;
  const information = statSync(path);
  if (!information.isDirectory()) return information.mtimeMs;
  // A folder's own time counts too: it changes when a file is removed.
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), information.mtimeMs);
}

/** True when dist/ does not hold the result of a finished build of the sources as they are. */
export function isStale() {
  if (!existsSync(stamp) || !existsSync(command)) return true;
  const built = statSync(stamp).mtimeMs;
  return sources.some((source) => newest(join(root, source)) > built);
}

/** The knowledge packs, checked and joined into the one file that the bundles read. Throws when a pack is not as its schema says. */
function buildKnowledge() {
  const script = join(root, 'scripts/knowledge-build.ts');
  execFileSync(process.execPath, ['--import=tsx', script, join(dist, 'knowledge.json')], { cwd: root, stdio: 'inherit' });
}

/** Writes dist/. Resolves to the names and sizes of the bundles; rejects with esbuild's messages on an error in the sources. */
export async function build({ production = false } = {}) {
  const esbuild = await import('esbuild');
  // What is packaged must hold nothing that an earlier build left.
  if (production) rmSync(dist, { recursive: true, force: true });
  rmSync(stamp, { force: true });
  mkdirSync(dist, { recursive: true });
  const present = bundles.filter((bundle) => existsSync(join(root, bundle.entry)));
  const results = await Promise.all(
    present.map(async (bundle) => {
      const outfile = join(dist, bundle.output);
      const { metafile } = await esbuild.build({
        absWorkingDir: root,
        entryPoints: [bundle.entry],
        outfile,
        bundle: true,
        platform: 'node',
        format: 'cjs',
        target: 'node20',
        // In a CommonJS bundle `import.meta.url` is undefined, which the package's default build asks for.
        alias: { 'web-tree-sitter': join(root, 'node_modules/web-tree-sitter/web-tree-sitter.cjs') },
        external: bundle.external ?? [],
        banner: bundle.executable ? { js: '#!/usr/bin/env node' } : {},
        loader: { '.yaml': 'text', '.css': 'text', '.html': 'text' },
        minify: production,
        sourcemap: production ? false : 'linked',
        sourcesContent: false,
        legalComments: 'eof',
        // Code that runs both bundled and from source asks for `__dirname` before it asks for `import.meta.url`.
        logOverride: { 'empty-import-meta': 'silent' },
        logLevel: 'warning',
        metafile: true,
      });
      if (bundle.executable) chmodSync(outfile, 0o755);
      return { name: bundle.output, bytes: statSync(outfile).size, metafile };
    }),
  );
  for (const { from, to } of assets) {
    const source = join(root, from);
    if (existsSync(source)) cpSync(source, join(dist, to), { recursive: true });
  }
  const metafiles = results.map(({ metafile }) => metafile);
  const copied = ['node_modules/web-tree-sitter', 'node_modules/tree-sitter-c'];
  writeFileSync(join(dist, 'THIRD-PARTY-NOTICES.txt'), thirdPartyNotices(root, metafiles, copied));
  buildKnowledge();
  const built = results.map(({ name, bytes }) => ({ name, bytes }));
  rmSync(command, { force: true });
  if (existsSync(join(dist, 'cli.cjs'))) symlinkSync('../../dist/cli.cjs', command);
  writeFileSync(stamp, `${JSON.stringify({ production, bundles: built }, null, 2)}\n`);
  return built;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const flags = process.argv.slice(2);
  if (flags.includes('--if-stale') && !isStale()) process.exit(0);
  try {
    for (const { name, bytes } of await build({ production: flags.includes('--production') })) {
      console.log(`${relative(process.cwd(), join(dist, name))}  ${(bytes / 1024).toFixed(0)} KiB`);
    }
  } catch (error) {
    // esbuild has already printed what is wrong in the sources.
    if (!error?.errors) console.error(error?.message ?? error);
    process.exit(1);
  }
}

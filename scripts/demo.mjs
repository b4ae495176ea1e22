#!/usr/bin/env node
/**
 * Shows what the product finds in two real network drivers of Debian's kernel source: prints each entry point with what it
 * would marshal and cost, and writes the same as an HTML report. Where that source is not to be had, it does so with the
 * example driver of this repository.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root, setUp } from './setup.mjs';

const output = join(root, 'demo-output');

/** The installed headers of the same kernel as the sources (they carry Debian's configuration), else the sources themselves. */
function kernelFor(tree, version) {
  const headers = existsSync('/usr/src') ? readdirSync('/usr/src').filter((name) => name.startsWith(`linux-headers-${version}.`)) : [];
  const newest = headers
    .filter((name) => !name.endsWith('-common') && existsSync(join('/usr/src', name, 'include/config/auto.conf')))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .at(-1);
  return newest ? join('/usr/src', newest) : tree;
}

/** What is analysed: paths below a folder (the report names files from there), the name of the HTML file, and the kernel if one is to be named. */
function plan(trees) {
  const tree = trees['6.1'];
  if (tree) {
    const paths = ['drivers/net/ethernet/realtek/8139too.c', 'drivers/net/ethernet/intel/e1000'];
    return { folder: tree, paths, page: '8139too-and-e1000.html', kernel: kernelFor(tree, '6.1') };
  }
  console.log('demo: linux-source-6.1 is not there; analysing the example driver instead');
  return { folder: root, paths: ['examples/fgft_demo_nic'], page: 'fgft_demo_nic.html', kernel: null };
}

/** Runs `fgft analyze` in a folder; ends the demo if it fails. */
function analyze(folder, arguments_) {
  const status =
    spawnSync(process.execPath, [join(root, 'dist/cli.cjs'), 'analyze', ...arguments_], { cwd: folder, stdio: 'inherit' }).status ?? 1;
  if (status !== 0) {
    console.log(`demo: fgft analyze failed with status ${status}`);
    process.exit(status);
  }
}

const result = setUp('demo');
if (!result.ready) {
  console.log('demo: npm ci did not succeed; see the messages above');
  process.exit(1);
}
const { build, isStale } = await import('./build.mjs');
if (isStale()) {
  console.log('demo: building');
  await build();
}

const { folder, paths, page, kernel } = plan(result.trees);
const common = [...paths, ...(kernel ? ['--kernel', kernel] : [])];
mkdirSync(output, { recursive: true });
const html = join(output, page);
analyze(folder, [...common, '--format', 'text']);
analyze(folder, [...common, '--format', 'html', '--output', html]);
console.log(`\nThe same as a page, with every field and finding: ${relative(process.cwd(), html)}`);

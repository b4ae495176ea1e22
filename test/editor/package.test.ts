/** What is in the packaged extension, and how big it is. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '../support/repository';

/** An upper bound with room to grow; a stray folder of npm packages or fixtures goes far over it. */
const maximumBytes = 2.5 * 1024 * 1024;

describe('the packaged extension', function () {
  this.timeout(120_000);
  let folder: string;
  let vsix: string;
  let files: string[];

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'fgft-package-'));
    vsix = join(folder, 'fgft.vsix');
    execFileSync(process.execPath, ['scripts/package.mjs', '--no-build', '--out', vsix], { cwd: repositoryRoot, stdio: 'pipe' });
    files = namesIn(vsix);
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it('holds the bundles and what they read', () => {
    for (const name of [
      'package.json',
      'dist/client.cjs',
      'dist/server.cjs',
      'dist/cli.cjs',
      'dist/cli.main.cjs',
      'dist/worker.cjs',
      'dist/worker.main.cjs',
      'dist/web-tree-sitter.wasm',
      'dist/tree-sitter-c.wasm',
      'dist/THIRD-PARTY-NOTICES.txt',
      'dist/runtime/include/fgft.h',
      'dist/schema/report.schema.json',
      'media/icon.png',
      'media/walkthrough/open.svg',
      'syntaxes/annotations.tmLanguage.json',
      'LICENSE.txt',
      'readme.md',
    ]) {
      assert.ok(files.includes(`extension/${name}`), `${name} is missing among\n${files.join('\n')}`);
    }
    assert.ok(
      files.some((name) => name.startsWith('extension/dist/knowledge')),
      'the knowledge is missing',
    );
  });

  it('holds nothing else', () => {
    const allowed = [
      /^(package\.json|readme\.md|changelog\.md|LICENSE\.txt|LICENSES\/.*)$/,
      /^dist\/((client|server|worker|worker\.main|cli|cli\.main)\.cjs|(web-tree-sitter|tree-sitter-c)\.wasm|knowledge\.json|THIRD-PARTY-NOTICES\.txt|(knowledge|rules|runtime|schema)\/.*)$/,
      /^(docs\/rules|docs\/images|media|syntaxes)\/.*$/,
    ];
    const strangers = files
      .filter((name) => name.startsWith('extension/'))
      .map((name) => name.slice('extension/'.length))
      .filter((name) => !allowed.some((pattern) => pattern.test(name)));
    assert.deepEqual(strangers, []);
  });

  it('is small', () => {
    assert.ok(statSync(vsix).size < maximumBytes, `${statSync(vsix).size} bytes`);
  });
});

/** The names in a zip file, read from its central directory. */
function namesIn(file: string): string[] {
  const data = readFileSync(file);
  const end = data.lastIndexOf(Buffer.from('PK\x05\x06'));
  const names: string[] = [];
  let at = data.readUInt32LE(end + 16);
  for (let left = data.readUInt16LE(end + 10); left > 0; left--) {
    const [name, extra, comment] = [data.readUInt16LE(at + 28), data.readUInt16LE(at + 30), data.readUInt16LE(at + 32)];
    names.push(data.toString('utf8', at + 46, at + 46 + name));
    at += 46 + name + extra + comment;
  }
  return names;
}

/** Text that the configuration switches off, as the server tells it: by notification, as hints, or not at all. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DocumentDiagnosticReport } from 'vscode-languageserver-protocol';
import { createEngine } from '../../server/src/engine';
import { miniKernel } from '../fixtures/support/fixtures';
import { bareCapabilities, bundle, eventually, TestClient } from './support/client';

const text = 'int before;\n#if 0\nint off;\nint too;\n#endif\nint after;\n';
const range = { start: { line: 2, character: 0 }, end: { line: 4, character: 0 } };

describe('inactive regions', function () {
  this.timeout(30_000);
  let server: { file: string; remove: () => void };
  let folder: string;
  let client: TestClient;
  const uri = (): string => `file://${folder}/driver.c`;

  before(async () => {
    server = await bundle('test/lsp/support/fakeServer.ts');
    folder = mkdtempSync(join(tmpdir(), 'fgft-inactive-'));
    writeFileSync(join(folder, 'driver.c'), text);
  });
  after(() => {
    server.remove();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(() => client.stop());

  async function start(inactiveRegions?: string, capabilities?: typeof bareCapabilities): Promise<void> {
    const command = [process.execPath, server.file, '--stdio'];
    client = await TestClient.start(command, { folder, capabilities, initializationOptions: { inactiveRegions } });
    await client.open(uri(), text);
  }
  const pull = (): Promise<DocumentDiagnosticReport> => client.request('textDocument/diagnostic', { textDocument: { uri: uri() } });

  it('are told to a client that dims them, and again for each version', async () => {
    await start('notification');
    const told = await eventually(() => client.inactive.at(-1), 'the first regions');
    assert.deepEqual(told, { uri: uri(), version: 1, ranges: [range], configuration: told.configuration });
    await client.change(uri(), 'int x;\n' + text, 2);
    const moved = await eventually(() => client.inactive.find((params) => params.version === 2), 'those of the second version');
    assert.equal(moved.ranges[0].start.line, 3);
    await client.change(uri(), 'int x;\n', 3);
    await eventually(() => client.inactive.some((params) => params.version === 3 && params.ranges.length === 0), 'that there are none');
    assert.deepEqual(await pull(), { ...(await pull()), items: [] });
  });

  it('are hints for a client that asks for those', async () => {
    await start('diagnostics', bareCapabilities);
    const pushed = await eventually(() => client.pushed.find((params) => params.diagnostics.length > 0), 'the hint');
    assert.deepEqual(
      pushed.diagnostics.map((d) => [d.range, d.severity, d.tags, d.source]),
      [[range, 4, [1], 'fgft']],
    );
    assert.match(JSON.stringify(pushed.diagnostics[0].message), /switched off by the configuration/);
    await client.change(uri(), 'int x;\n', 2);
    await eventually(() => client.pushed.at(-1)?.diagnostics.length === 0, 'the hint to be taken back');
    assert.deepEqual(client.inactive, []);
  });

  it('are not told to anybody else', async () => {
    await start();
    const report = await pull();
    assert.deepEqual(report.kind === 'full' && report.items, []);
    assert.deepEqual(client.inactive, []);
  });

  it('follow the configuration, directives not included', async () => {
    await start();
    const engine = createEngine({ kernel: miniKernel });
    try {
      const path = join(folder, 'real.c');
      const lines = ['#ifdef CONFIG_NOBODY_HAS_THIS', 'int off;', '#else', 'int on;', '#endif', '#if 0', 'prose', '', '#endif'];
      engine.openDocument(path, lines.join('\n'), 1);
      writeFileSync(path, '');
      await engine.analyze(path, { detail: 'brief' });
      assert.deepEqual(await engine.inactiveLines?.(path), [
        { first: 1, last: 1 },
        { first: 6, last: 7 },
      ]);
      assert.deepEqual(await engine.inactiveLines?.(join(folder, 'unknown.c')), []);
    } finally {
      engine.dispose();
    }
  });
});

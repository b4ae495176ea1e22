/** The server as it is shipped, dist/server.cjs, with the real engine on a driver written here. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DocumentDiagnosticReport } from 'vscode-languageserver-protocol';
import type { ReportResult } from '../../server/src/lsp/protocol';
import { skip } from '../support/skip';
import { eventually, TestClient } from './support/client';
import { demoDriver as driver } from './support/demoDriver';

const server = join(import.meta.dirname, '../../dist/server.cjs');

describe('the shipped language server', function () {
  this.timeout(60_000);
  let folder: string;
  let client: TestClient;
  const uri = (): string => `file://${folder}/demo.c`;

  before(async function () {
    if (!existsSync(server)) skip(this, 'dist/server.cjs is not built (npm run build)');
    folder = mkdtempSync(join(tmpdir(), 'fgft-real-'));
    writeFileSync(join(folder, 'demo.c'), driver);
    client = await TestClient.start([process.execPath, server, '--stdio'], {
      folder,
      initializationOptions: { cacheFolder: join(folder, 'cache'), commands: ['fgft.showReport'] },
    });
    await client.open(uri(), driver);
  });
  after(async () => {
    if (!client) return;
    const { status, milliseconds } = await client.stop();
    rmSync(folder, { recursive: true, force: true });
    assert.equal(status, 0);
    assert.ok(milliseconds < 1000, `it took ${milliseconds} ms to end`);
  });

  it('finds the entry points of a driver outside of any kernel tree', async () => {
    const { report, uris }: ReportResult = await client.request('fgft/report', { textDocument: { uri: uri() } });
    const names = report.drivers.flatMap((d) => d.entryPoints.map((e) => e.name));
    for (const name of ['demo_interrupt', 'demo_probe', 'demo_suspend'])
      assert.ok(names.includes(name), `${name} is not among ${names.join(', ')}`);
    assert.equal(uris[report.drivers[0].entryPoints[0].location.file], uri());
    const ready = await eventually(() => client.statuses.find((s) => s.state === 'ready'), 'a status');
    assert.equal(ready.entryPoints, names.length);
  });

  it('shows lenses, hovers, symbols and the page', async () => {
    const textDocument = { uri: uri() };
    const lenses = await client.request('textDocument/codeLens', { textDocument });
    assert.ok(
      lenses.some((l: any) => /platform_driver\.suspend.* · \d+ fields?, .*B in/.test(l.command.title)),
      JSON.stringify(lenses),
    );
    const line = driver.split('\n').findIndex((l) => l.startsWith('static int demo_suspend'));
    const hover = await client.request('textDocument/hover', { textDocument, position: { line, character: 12 } });
    assert.match(hover.contents.value, /`demo` › `mode`/);
    const field = await client.request('textDocument/hover', { textDocument, position: { line: line + 4, character: 8 } });
    assert.match(field.contents.value, /`demo` › `mode`[^]*`demo_suspend`/);
    const symbols = await client.request('textDocument/documentSymbol', { textDocument });
    assert.ok(symbols.some((s: any) => s.name === 'demo_suspend'));
    assert.match((await client.request('fgft/htmlReport', { textDocument })).html, /demo_suspend/);
  });

  it('reports the wait, and follows an edit', async () => {
    const pull = (previousResultId?: string): Promise<DocumentDiagnosticReport> =>
      client.request('textDocument/diagnostic', { textDocument: { uri: uri() }, previousResultId });
    const waits = (report: DocumentDiagnosticReport): number[] =>
      report.kind === 'full' ? report.items.filter((d) => d.code === 'resync/completion').map((d) => d.range.start.line) : [];
    const line = driver.split('\n').findIndex((l) => l.includes('wait_for_completion'));
    const first = await pull();
    assert.deepEqual(waits(first), [line]);
    assert.equal((await pull(first.resultId)).kind, 'unchanged');
    await client.change(uri(), driver.replace('\twait_for_completion(&demo->done);\n', ''), 2);
    assert.deepEqual(waits(await pull(first.resultId)), []);
    await client.change(uri(), driver, 3);
    assert.deepEqual(waits(await pull()), [line]);
  });

  it('marks an entry point, and sees that it is marked', async () => {
    const line = driver.split('\n').findIndex((l) => l.startsWith('static int demo_suspend'));
    const position = { line, character: 12 };
    const [action] = await client.request('textDocument/codeAction', {
      textDocument: { uri: uri() },
      range: { start: position, end: position },
      context: { diagnostics: [] },
    });
    assert.equal(action.title, "Mark 'demo_suspend' as suspect");
    const marked = driver
      .replace('static int demo_suspend', '__fgft_suspect static int demo_suspend')
      .replace('#include <linux/interrupt.h>\n', '$&#include <fgft.h>\n');
    await client.change(uri(), marked, 4);
    const { report }: ReportResult = await client.request('fgft/report', { textDocument: { uri: uri() } });
    const suspects = report.drivers.flatMap((d) => d.entryPoints.filter((e) => e.suspect).map((e) => e.name));
    assert.deepEqual(suspects, ['demo_suspend']);
    await client.change(uri(), driver, 5);
  });

  it('leaves nothing behind after 100 edits', async () => {
    const memory = async (): Promise<number> => (await client.request('fgft/memoryUsage', undefined)).engines[0].liveTrees;
    await client.request('fgft/report', { textDocument: { uri: uri() } });
    const before = await memory();
    for (let version = 6; version < 106; version++) {
      await client.change(uri(), driver.replace('demo->mode = 3', `demo->mode = ${version}`), version);
      if (version % 10 === 0) await client.request('textDocument/diagnostic', { textDocument: { uri: uri() } });
    }
    await client.request('fgft/report', { textDocument: { uri: uri() } });
    assert.equal(await memory(), before);
  });
});

/** Findings of other tools, cost thresholds and rule switches through the shipped server and the real engine. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DocumentDiagnosticReport, Hover } from 'vscode-languageserver-protocol';
import type { ImportFindingsResult, MarkSuspectsResult } from '../../server/src/lsp/protocol';
import { miniKernel } from '../fixtures/support/fixtures';
import { repositoryRoot } from '../support/repository';
import { skip } from '../support/skip';
import { TestClient } from './support/client';
import { demoDriver } from './support/demoDriver';

const server = join(repositoryRoot, 'dist/server.cjs');

describe('findings, costs and rules in the editor', function () {
  this.timeout(120_000);
  let folder: string;
  let client: TestClient;
  const uri = (): string => `file://${folder}/demo.c`;
  const textDocument = (): { uri: string } => ({ uri: uri() });
  const lineOf = (text: string): number => demoDriver.split('\n').findIndex((l) => l.includes(text));
  const start = async (settings: Record<string, unknown>): Promise<void> => {
    client = await TestClient.start([process.execPath, server, '--stdio'], {
      folder,
      initializationOptions: { cacheFolder: join(folder, 'cache') },
      settings: { kernelRoot: miniKernel, ...settings },
    });
    await client.open(uri(), demoDriver);
  };
  const rules = async (): Promise<string[]> => {
    const report: DocumentDiagnosticReport = await client.request('textDocument/diagnostic', { textDocument: textDocument() });
    return report.kind === 'full' ? report.items.map((d) => String(d.code)) : [];
  };

  before(function () {
    if (!existsSync(server)) skip(this, 'dist/server.cjs is not built (npm run build)');
    folder = mkdtempSync(join(tmpdir(), 'fgft-findings-'));
    writeFileSync(join(folder, 'demo.c'), demoDriver);
  });
  afterEach(async () => {
    await client?.stop();
  });
  after(() => {
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  it('ranks the entry points that findings lie in, and marks those that are chosen', async () => {
    await start({});
    const text = `demo.c:${lineOf('demo->mode = 3') + 1}:2: warning: bad mode [-Wdemo]\nelsewhere.c:3: error: not ours\n`;
    const result: ImportFindingsResult = await client.request('fgft/importFindings', { text, textDocument: textDocument() });
    assert.equal(result.findings, 2);
    assert.equal(result.unplaced.length, 1);
    assert.deepEqual(
      result.suspects.map((s) => [s.name, s.uri, s.severity, s.findings]),
      [['demo_suspend', uri(), 'warning', ['bad mode [-Wdemo]']]],
    );
    const marks = [
      { uri: uri(), name: 'demo_suspend', predicate: null },
      { uri: uri(), name: 'demo_probe', predicate: 'pdev != NULL' },
      { uri: uri(), name: 'no_such_function', predicate: null },
    ];
    const { sources }: MarkSuspectsResult = await client.request('fgft/markSuspects', { marks });
    assert.equal(sources.length, 1);
    assert.deepEqual(
      sources[0].edits.map((e) => [e.range.start.line, e.newText.trim()]),
      [
        [lineOf('linux/interrupt.h'), '#include <fgft.h>'],
        [lineOf('static int demo_suspend'), '__fgft_suspect'],
        [lineOf('static int demo_probe'), '__fgft_suspect_if(pdev != NULL)'],
      ],
    );
  });

  it('says when an entry point is dearer than a threshold, and what its cost is made of', async () => {
    await start({ cost: { threshold: 1 } });
    const found = await rules();
    assert.ok(found.includes('cost/threshold'), found.join(', '));
    const position = { line: lineOf('static int demo_suspend'), character: 13 };
    const hover: Hover = await client.request('textDocument/hover', { textDocument: textDocument(), position });
    const { value } = hover.contents as { value: string };
    for (const part of ['call', 'ranges', 'checks', 'bytes', 'crossings']) assert.match(value, new RegExp(`^\\| ${part} \\|`, 'm'));
    assert.match(value, /Estimated from: .*fitted from isolated drivers/);
  });

  it('hides what settings switch off, thresholds included', async () => {
    await start({ cost: { threshold: 1 }, rules: { 'cost/threshold': 'off', 'resync/completion': 'off' } });
    const found = await rules();
    assert.ok(!found.includes('cost/threshold') && !found.includes('resync/completion'), found.join(', '));
  });
});

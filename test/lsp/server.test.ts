/** The bundled server over stdio, with an engine that needs no kernel. */
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  CodeAction,
  DocumentDiagnosticReport,
  DocumentSymbol,
  Hover,
  InitializeResult,
  TextDocumentEdit,
  WorkspaceDiagnosticReport,
} from 'vscode-languageserver-protocol';
import { createProtocolConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-languageserver-protocol/node';
import { bareCapabilities, bundle, eventually, fullCapabilities, TestClient } from './support/client';

const driver = `#include <linux/module.h>

static int foo_open(struct foo *foo)
{
	foo->state = 1;
	wait_for_completion(&foo->done);
	return foo->buffer[0];
}

static const struct foo_ops ops = {
	.open = foo_open,
};
`;

describe('language server', function () {
  this.timeout(20_000);
  let server: Awaited<ReturnType<typeof bundle>>;
  let folder: string;
  let client: TestClient;
  let count = 0;

  before(async () => {
    server = await bundle('test/lsp/support/fakeServer.ts');
    folder = mkdtempSync(join(tmpdir(), 'fgft-drivers-'));
  });
  after(() => {
    server.remove();
    rmSync(folder, { recursive: true, force: true });
  });
  const start = async (options: Parameters<typeof TestClient.start>[1] = {}): Promise<TestClient> => {
    client = await TestClient.start([process.execPath, server.file, '--stdio'], { folder, ...options });
    return client;
  };
  afterEach(async () => {
    const { status, milliseconds } = await client.stop();
    assert.equal(status, 0);
    assert.ok(milliseconds < 1000, `the server took ${milliseconds} ms to end`);
  });
  /** A new file with this text, on disk and not yet open. */
  const file = (text: string, name = `driver${count++}.c`): string => {
    writeFileSync(join(folder, name), text);
    return `file://${folder}/${name}`;
  };
  const pull = (uri: string, previousResultId?: string): Promise<DocumentDiagnosticReport> =>
    client.request('textDocument/diagnostic', { textDocument: { uri }, previousResultId });
  const hoverAt = (uri: string, text: string, needle: string, occurrence = 0): Promise<Hover | null> => {
    let at = text.indexOf(needle);
    for (let i = 0; i < occurrence; i++) at = text.indexOf(needle, at + 1);
    const before = text.slice(0, at).split('\n');
    const position = { line: before.length - 1, character: before[before.length - 1].length + 1 };
    return client.request('textDocument/hover', { textDocument: { uri }, position });
  };
  const markup = (hover: Hover | null): string => (hover?.contents as { value: string } | undefined)?.value ?? '';
  const actionsAt = (uri: string, line: number, extra: object = {}): Promise<CodeAction[]> =>
    client.request('textDocument/codeAction', {
      textDocument: { uri },
      range: { start: { line, character: 4 }, end: { line, character: 4 } },
      context: { diagnostics: [], ...extra },
    });

  it('tells what a file says by itself while its module is analysed, and the client to ask again', async () => {
    await start();
    const text = `// fake-delay: 1000 fake-first\n${driver}`;
    const uri = file(text);
    await client.open(uri, text);
    const begun = performance.now();
    const first = await pull(uri);
    assert.ok(performance.now() - begun < 900, 'the answer waited for the module');
    assert.deepEqual(first.kind === 'full' && first.items.map((d) => d.message), ['as far as this file tells (likely)']);
    // Numbers of a file without its module would be wrong.
    assert.equal(client.statuses.filter((s) => s.state === 'ready').length, 0);
    await eventually(() => client.requested.includes('workspace/diagnostic/refresh'), 'a refresh');
    const second = await pull(uri, first.kind === 'full' ? first.resultId : undefined);
    assert.deepEqual(second.kind === 'full' && second.items.map((d) => d.message), ['waits for another context (likely)']);
  });

  it('does not answer early who cannot be told to ask again', async () => {
    const { workspace, ...capabilities } = fullCapabilities;
    await start({ capabilities: { ...capabilities, workspace: { ...workspace, diagnostics: {} } } });
    const text = `// fake-delay: 300 fake-first\n${driver}`;
    const uri = file(text);
    await client.open(uri, text);
    const answer = await pull(uri);
    assert.deepEqual(answer.kind === 'full' && answer.items.map((d) => d.message), ['waits for another context (likely)']);
  });

  it('answers pulled diagnostics with result ids and `unchanged`', async () => {
    await start();
    assert.equal(client.result.capabilities.positionEncoding, 'utf-16');
    const uri = file(driver);
    await client.open(uri, driver);
    const first = await pull(uri);
    assert.equal(first.kind, 'full');
    assert.equal(first.items.length, 1);
    const [diagnostic] = first.items;
    assert.equal(diagnostic.code, 'resync/completion');
    assert.equal(diagnostic.severity, 2);
    assert.deepEqual(diagnostic.range, { start: { line: 5, character: 1 }, end: { line: 5, character: 20 } });
    assert.equal(diagnostic.relatedInformation?.[0].message, 'the wait');
    assert.equal(diagnostic.relatedInformation?.[1].location.uri, uri);
    assert.equal((await pull(uri, first.resultId)).kind, 'unchanged');
    await client.change(uri, '\n' + driver, 2);
    const moved = await pull(uri, first.resultId);
    assert.equal(moved.kind, 'full');
    assert.equal(moved.items[0].range.start.line, 6);
    await client.change(uri, driver.replace('wait_for_completion', 'peek'), 3);
    assert.deepEqual(((await pull(uri, moved.resultId)) as { items: unknown[] }).items, []);
    assert.deepEqual(client.pushed, []);
  });

  it('reports siblings as related documents, and all of it to the workspace in parts', async () => {
    await start();
    const sibling = file(driver, 'sibling.c');
    const text = '/* fake-sibling: sibling.c */\n';
    const uri = file(text);
    await client.open(uri, text);
    const answer = await pull(uri);
    assert.equal(answer.kind, 'full');
    const related = answer.relatedDocuments?.[sibling];
    assert.ok(related?.kind === 'full' && related.items.length === 1);
    const whole: WorkspaceDiagnosticReport = await client.request('workspace/diagnostic', { previousResultIds: [] });
    assert.deepEqual(whole.items.map((i) => i.uri).sort(), [uri, sibling].sort());
    const previousResultIds = whole.items.map((item) => ({ uri: item.uri, value: item.resultId! }));
    const parts: WorkspaceDiagnosticReport[] = [];
    const progress = client.connection.onProgress({ method: '' } as any, 'parts', (part: any) => void parts.push(part));
    const rest: WorkspaceDiagnosticReport = await client.request('workspace/diagnostic', {
      previousResultIds: [...previousResultIds, { uri: 'file:///gone.c', value: 'x' }],
      partialResultToken: 'parts',
    });
    progress.dispose();
    assert.deepEqual(rest.items, []);
    const items = parts.flatMap((p) => p.items);
    assert.deepEqual(items.map((i) => i.kind).sort(), ['full', 'unchanged', 'unchanged']);
    await client.open(sibling, driver);
    const own = await pull(sibling);
    assert.ok(own.kind === 'full' && own.items.length === 1);
  });

  it('pushes with versions to clients that cannot pull', async () => {
    await start({ capabilities: bareCapabilities });
    assert.equal(client.result.capabilities.diagnosticProvider, undefined);
    const uri = file(driver);
    await client.open(uri, driver, 7);
    const first = await eventually(() => client.pushed.at(-1), 'pushed diagnostics');
    assert.deepEqual([first.uri, first.version, first.diagnostics.length], [uri, 7, 1]);
    assert.equal(first.diagnostics[0].relatedInformation, undefined);
    await client.change(uri, driver.replace('wait_for', 'no'), 8);
    const second = await eventually(() => client.pushed.find((p) => p.version === 8), 'pushed diagnostics of the change');
    assert.deepEqual(second.diagnostics, []);
    await client.change(uri, driver, 9);
    await eventually(() => client.pushed.find((p) => p.version === 9), 'pushed diagnostics of the second change');
  });

  it('shows the field set on an entry point, who marshals a field, and what an annotation means', async () => {
    await start({ initializationOptions: { commands: ['fgft.showReport'] } });
    const text = driver.replace('static int', '__fgft_suspect static int');
    const uri = file(text);
    await client.open(uri, text);
    const table = markup(await hoverAt(uri, text, 'foo_open'));
    assert.match(table, /\*\*foo\\_open\*\*: `fake_ops\.open`, process context, \*\*suspect\*\*/);
    assert.match(table, /\| `fake_private` › `state` \| out \| W \| 4 \| \[driver\d+\.c:5\]\(file:\/\/\/.*#L5\) \|/);
    assert.match(table, /Could not be told.*\n- the size of fake_private\.buffer/);
    assert.match(table, /`spin_lock` ×2/);
    assert.match(table, /≈1\.4 µs per isolated call/);
    assert.match(table, /command:fgft\.showReport\?/);
    assert.match(markup(await hoverAt(uri, text, 'state')), /`fake_private` › `state`, 4 bytes\s+marshaled by `foo_open` \(out\)/);
    assert.match(markup(await hoverAt(uri, text, '__fgft_suspect')), /fault-tolerant transaction/);
    assert.match(markup(await hoverAt(uri, text, 'foo_open', 1)), /fake_ops\.open/);
    assert.equal(await hoverAt(uri, text, 'return'), null);
    await client.change(uri, '\n\n' + text, 2);
    assert.match(markup(await hoverAt(uri, '\n\n' + text, 'state')), /marshaled by/);
  });

  it('answers a hover from the last details while newer ones are made', async () => {
    await start();
    const text = driver + '/* fake-full-delay: 0 */\n';
    const slow = '\n\n' + driver + '/* fake-full-delay: 4000 */\n';
    const uri = file(text);
    await client.open(uri, text);
    assert.match(markup(await hoverAt(uri, text, 'state')), /marshaled by/);
    await client.change(uri, slow, 2);
    const begun = performance.now();
    const diagnostics = await pull(uri);
    assert.equal(diagnostics.kind === 'full' && diagnostics.items[0].range.start.line, 7);
    assert.ok(performance.now() - begun < 1000, 'diagnostics do not wait for details');
    assert.match(markup(await hoverAt(uri, slow, 'state')), /marshaled by `foo_open`/);
    const took = performance.now() - begun;
    assert.ok(took < 3000, `the hover took ${took} ms`);
    await client.change(uri, '\n' + text, 3);
    const { report, upToDate } = await client.request('fgft/report', { textDocument: { uri } });
    assert.deepEqual([report.drivers[0].entryPoints[0].fields[0].locations[0].line, upToDate], [6, true]);
  });

  it('makes details once for unchanged text, and tells nobody', async () => {
    await start();
    const uri = file(driver);
    await client.open(uri, driver);
    await pull(uri);
    const analyses = async (): Promise<number> => (await client.request('fgft/memoryUsage', undefined)).engines[0].cachedFiles;
    assert.equal(await analyses(), 1);
    const { report } = await client.request('fgft/report', { textDocument: { uri } });
    assert.equal(report.drivers[0].entryPoints[0].fields.length, 3);
    await hoverAt(uri, driver, 'foo_open');
    await pull(uri);
    await client.request('textDocument/codeLens', { textDocument: { uri } });
    assert.match((await client.request('fgft/htmlReport', { textDocument: { uri } })).html, /1 drivers/);
    assert.equal(await analyses(), 2);
    assert.deepEqual(
      client.statuses.map((s) => s.state),
      ['analysing', 'ready'],
    );
  });

  it('answers a report that was asked for before anything was analysed with all details', async () => {
    for (const run of ['onType', 'onSave', 'manual']) {
      await start({ settings: { run } });
      const uri = file(driver + '/* fake-delay: 50 */\n');
      const answer = await client.request('fgft/report', { textDocument: { uri } });
      assert.equal(answer?.report.drivers[0].entryPoints[0].fields.length, run === 'manual' ? undefined : 3, run);
      if (run !== 'manual') await client.stop();
    }
  });

  it('speaks plain text to clients without Markdown, and limits the table', async () => {
    await start({ capabilities: { ...bareCapabilities, workspace: { configuration: true } }, settings: { hover: { maximumRows: 1 } } });
    const uri = file(driver);
    await client.open(uri, driver);
    const answer = await hoverAt(uri, driver, 'foo_open');
    assert.equal((answer?.contents as { kind: string }).kind, 'plaintext');
    assert.match(markup(answer), /^foo_open: fake_ops\.open/);
    assert.match(markup(answer), /fake_private > state: out, W, 4 B/);
    assert.match(markup(answer), /and 2 more fields/);
    assert.doesNotMatch(markup(answer), /[`|]/);
  });

  it('puts a lens above each entry point and asks to refresh what it answered too early', async () => {
    await start();
    const slow = driver + '/* fake-delay: 2600 */\n';
    const uri = file(slow);
    await client.open(uri, slow);
    assert.deepEqual(await client.request('textDocument/codeLens', { textDocument: { uri } }), []);
    await eventually(() => client.requested.includes('workspace/codeLens/refresh'), 'a refresh request');
    const [lens] = await client.request('textDocument/codeLens', { textDocument: { uri } });
    assert.equal(lens.command.title, 'fake_ops.open · 3 fields, ≥8 B in, ≥4 B out · 2 kernel calls · ≈1.4 µs per isolated call');
    assert.deepEqual(lens.command.arguments, [uri, 'foo_open']);
    assert.equal(lens.range.start.line, 2);
    assert.ok(client.progressTokens.length > 0, 'progress for long work');
  });

  it('says whose status it is, and analyses again when an own header changes', async () => {
    await start();
    const header = file('/* nothing */\n', 'own.h');
    const text = '#include "own.h"\n' + driver;
    const uri = file(text);
    await client.open(uri, text);
    const ready = await eventually(() => client.statuses.find((s) => s.state === 'ready'), 'a status');
    assert.deepEqual(ready.files.sort(), [uri, header].sort());
    await client.open(header, '/* nothing */\n');
    await client.change(header, '/* something */\n', 2);
    await eventually(() => client.statuses.filter((s) => s.state === 'ready').length === 2, 'a second status');
    const begun = client.statuses.filter((s) => s.state === 'analysing').at(-1);
    assert.deepEqual([begun?.uri, begun?.files.length], [uri, 2]);
  });

  it('lists entry points as symbols, nested or flat', async () => {
    await start();
    const uri = file(driver);
    await client.open(uri, driver);
    const [symbol]: DocumentSymbol[] = await client.request('textDocument/documentSymbol', { textDocument: { uri } });
    assert.deepEqual([symbol.name, symbol.detail], ['foo_open', 'fake_ops.open']);
    assert.deepEqual([symbol.range.start.line, symbol.range.end.line, symbol.selectionRange.start.character], [2, 7, 11]);
    await client.stop();
    await start({ capabilities: bareCapabilities });
    await client.open(uri, driver);
    const [flat] = await client.request('textDocument/documentSymbol', { textDocument: { uri } });
    assert.equal(flat.location.uri, uri);
  });

  it('marks and unmarks with a previewable edit, and refuses when the text has changed', async () => {
    await start();
    const uri = file(driver);
    await client.open(uri, driver);
    const [action] = await actionsAt(uri, 2);
    assert.equal(action.title, "Mark 'foo_open' as suspect");
    assert.equal(action.edit, undefined);
    const resolved: CodeAction = await client.request('codeAction/resolve', action);
    const [{ textDocument, edits }] = resolved.edit!.documentChanges as TextDocumentEdit[];
    assert.equal(textDocument.version, 1);
    assert.deepEqual(
      edits.map((e) => ('newText' in e ? e.newText : '')),
      ['\n#include <fgft.h>', '__fgft_suspect '],
    );
    // Editors preview annotated edits when asked to; they untick what needs confirmation, and applying then does nothing.
    assert.ok(Object.values(resolved.edit!.changeAnnotations!).every((a) => a.label && a.needsConfirmation === false));
    assert.equal(edits.length, Object.keys(resolved.edit!.changeAnnotations!).length);
    assert.deepEqual(await actionsAt(uri, 5), [], 'no bulb on every line of the body');
    assert.equal((await actionsAt(uri, 5, { only: ['refactor'] })).length, 1);
    const marked = driver.replace('static int', '__fgft_suspect static int');
    await client.change(uri, marked, 2);
    await assert.rejects(client.request('codeAction/resolve', action), /changed meanwhile/);
    await eventually(() => client.messages.some((m) => m.includes('changed meanwhile')), 'a message');
    assert.equal((await actionsAt(uri, 2))[0].title, "Unmark 'foo_open' as suspect");
    await client.change(uri, driver, 3);
    const report = await pull(uri);
    const diagnostics = report.kind === 'full' ? report.items : [];
    const fixes = await actionsAt(uri, 5, { diagnostics, only: ['quickfix'] });
    assert.deepEqual(
      fixes.map((f) => [f.title, f.kind]),
      [
        ["Mark 'foo_open' as suspect", 'quickfix'],
        ['Explain resync/completion', 'quickfix'],
      ],
    );
  });

  it('sends whole edits to clients that resolve nothing', async () => {
    await start({ capabilities: { textDocument: { codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } } } } });
    const uri = file(driver);
    await client.open(uri, driver);
    const [action] = await actionsAt(uri, 2);
    assert.equal(action.edit?.changes?.[uri].length, 2);
  });

  it('obeys settings, also when they change, and counts what they hide', async () => {
    await start({ settings: { rules: { 'resync/completion': 'error' }, lens: { enable: false }, run: 'sometimes' } });
    const uri = file(driver);
    await client.open(uri, driver);
    const first = await pull(uri);
    assert.equal(first.kind === 'full' && first.items[0].severity, 1);
    assert.deepEqual(await client.request('textDocument/codeLens', { textDocument: { uri } }), []);
    assert.ok(client.log.some((line) => line.includes('fgft.run') && line.includes('sometimes')));
    assert.ok(client.registrations.some((r) => r.method === 'workspace/didChangeWatchedFiles'));
    client.settings = { rules: { 'resync/completion': 'off' } };
    await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
    await eventually(() => client.requested.includes('workspace/diagnostic/refresh'), 'a diagnostics refresh');
    assert.deepEqual(((await pull(uri)) as { items: unknown[] }).items, []);
    await eventually(() => client.statuses.some((s) => s.state === 'ready' && s.hiddenFindings === 1), 'a status that counts');
    assert.equal((await client.request('textDocument/codeLens', { textDocument: { uri } })).length, 1);
  });

  it('waits for saving or for the command when told to', async () => {
    await start({ settings: { run: 'onSave' } });
    const uri = file(driver);
    await client.open(uri, driver);
    const first = await pull(uri);
    assert.equal(first.kind === 'full' && first.items.length, 1);
    await client.change(uri, '\n' + driver.replace('wait_for', 'no'), 2);
    const stale = await pull(uri);
    assert.equal(stale.kind === 'full' && stale.items[0].range.start.line, 6, 'carried over the edit');
    await client.connection.sendNotification('textDocument/didSave', { textDocument: { uri } });
    await eventually(() => client.requested.includes('workspace/diagnostic/refresh'), 'a refresh');
    assert.deepEqual(((await pull(uri)) as { items: unknown[] }).items, []);
    await client.stop();
    await start({ settings: { run: 'manual' } });
    await client.open(uri, driver);
    assert.deepEqual(((await pull(uri)) as { items: unknown[] }).items, []);
    assert.equal((await client.request('workspace/executeCommand', { command: 'fgft.analyze', arguments: [uri] })).entryPoints, 1);
    assert.equal(((await pull(uri)) as { items: unknown[] }).items.length, 1);
  });

  it('drops obsolete analyses and cancels requests', async () => {
    await start();
    const uri = file(driver);
    const slow = driver + '/* fake-delay: 5000 */\n';
    await client.open(uri, slow);
    const waiting = client.request('fgft/report', { textDocument: { uri } });
    await eventually(() => client.statuses.length > 0, 'the analysis to begin');
    const begun = performance.now();
    await client.change(uri, driver, 2);
    assert.equal((await waiting).report.summary.entryPoints, 1);
    assert.ok(performance.now() - begun < 3000);
    await client.change(uri, slow, 3);
    const token = {
      isCancellationRequested: false,
      onCancellationRequested: (listener: () => void) => (setTimeout(listener, 100), { dispose() {} }),
    };
    await assert.rejects(client.connection.sendRequest('fgft/report', { textDocument: { uri } }, token as any), /cancel/i);
  });

  it('answers its own requests', async () => {
    await start({ initializationOptions: { commands: ['fgft.showReport'] } });
    assert.ok(!client.result.capabilities.executeCommandProvider?.commands.includes('fgft.showReport'));
    const uri = file(driver);
    await client.open(uri, driver);
    const { report, uris, upToDate } = await client.request('fgft/report', { textDocument: { uri } });
    assert.equal(upToDate, true);
    assert.equal(uris[report.drivers[0].entryPoints[0].location.file], uri);
    const tree = await client.request('fgft/entryPoints', {});
    const [node] = tree.drivers[0].entryPoints;
    assert.deepEqual([node.name, node.uri, node.fields, node.findings, node.worst], ['foo_open', uri, 3, 1, 'warning']);
    assert.match((await client.request('fgft/doctor', { textDocument: { uri } })).text, /Kernel: none found/);
    assert.match((await client.request('fgft/htmlReport', { textDocument: { uri } })).html, /1 drivers/);
    assert.match((await client.request('fgft/explainRule', { rule: 'resync/poll' })).markdown, /resync\/poll/);
    assert.equal(await client.request('fgft/explainRule', { rule: 'toString' }), null);
    const open = await client.request('fgft/memoryUsage', undefined);
    assert.deepEqual([open.openDocuments, open.engines[0].liveTrees], [1, 1]);
    // The protocol lets a request leave out `params`; the library then hands over none.
    assert.equal((await client.connection.sendRequest<any>('fgft/memoryUsage')).openDocuments, 1);
    assert.deepEqual((await client.connection.sendRequest<any>('fgft/entryPoints')).drivers.length, 1);
    const ready = await eventually(() => client.statuses.find((s) => s.state === 'ready'), 'a status');
    assert.deepEqual([ready.entryPoints, ready.kernel?.release, ready.findings], [1, '6.1.0', 1]);
    await client.close(uri);
    const closed = await client.request('fgft/memoryUsage', undefined);
    assert.deepEqual([closed.openDocuments, closed.engines[0].liveTrees], [0, 0]);
  });

  it('does not fail on what is missing, broken, unsaved or outside', async () => {
    await start();
    const crash = file(driver + '// fake-crash\n');
    await client.open(crash, driver + '// fake-crash\n');
    assert.deepEqual(((await pull(crash)) as { items: unknown[] }).items, []);
    await eventually(() => client.log.some((l) => l.includes('told to crash') && !l.includes('\n')), 'one line in the log');
    await eventually(() => client.statuses.some((s) => s.state === 'failed'), 'a failed status');
    const untitled = 'untitled:Untitled-1';
    await client.open(untitled, driver);
    const report = await pull(untitled);
    assert.equal(report.kind === 'full' && report.items.length, 1);
    assert.equal((await client.request('textDocument/codeLens', { textDocument: { uri: untitled } }))[0].command.arguments[0], untitled);
    const gone = `file://${folder}/gone/away.c`;
    await client.open(gone, driver + '// fake-problem\n');
    assert.deepEqual(((await pull(gone)) as { items: unknown[] }).items, []);
    await eventually(() => client.messages.some((m) => m.includes('away.c cannot be read')), 'a message');
    assert.equal(await client.request('fgft/report', { textDocument: { uri: 'file:///nowhere/x.txt' } }), null);
    await client.open('file:///x.py', 'print()', 1, 'python');
    assert.deepEqual(((await pull('file:///x.py')) as { items: unknown[] }).items, []);
    assert.equal(await hoverAt('file:///never-opened.c', driver, 'foo_open'), null);
    await client.open('not a uri', driver);
    await pull('not a uri');
    // Still alive.
    const uri = file(driver);
    await client.open(uri, driver);
    assert.equal(((await pull(uri)) as { items: unknown[] }).items.length, 1);
  });

  it('analyses again when files change on disk', async () => {
    await start();
    const sibling = file(driver, 'watched.c');
    const text = '/* fake-sibling: watched.c */\n';
    const uri = file(text);
    await client.open(uri, text);
    await pull(uri);
    writeFileSync(join(folder, 'watched.c'), '/* empty */\n');
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: sibling, type: 2 }] });
    await eventually(() => client.requested.includes('workspace/diagnostic/refresh'), 'a refresh');
    const answer = await pull(uri);
    assert.ok(
      answer.kind === 'full' && Object.values(answer.relatedDocuments ?? {}).every((r) => r.kind === 'full' && r.items.length === 0),
    );
  });

  it('speaks over node-ipc as well', async () => {
    await start();
    const child = fork(server.file, ['--node-ipc'], { silent: true });
    const connection = createProtocolConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
    connection.listen();
    const result = await connection.sendRequest<InitializeResult>('initialize', { processId: null, rootUri: null, capabilities: {} });
    assert.equal(result.serverInfo?.name, 'fgft');
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await connection.sendRequest('shutdown');
    await connection.sendNotification('exit');
    assert.equal(await ended, 0);
    connection.dispose();
  });

  it('keeps the client silent about capabilities it lacks', async () => {
    await start({ capabilities: {} });
    const uri = file(driver);
    await client.open(uri, driver);
    await eventually(() => client.pushed.at(-1), 'pushed diagnostics');
    assert.deepEqual([client.registrations, client.requested, client.progressTokens], [[], [], []]);
    assert.deepEqual(await actionsAt(uri, 2), []);
    assert.ok(fullCapabilities.textDocument);
  });
});

/** Isolating through the shipped server and the real engine: what is shown, what is written, what stays, and how it is taken back. */
import assert from 'node:assert/strict';
import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CodeAction, DocumentDiagnosticReport, Hover } from 'vscode-languageserver-protocol';
import type { ApplyIsolationResult, EntryPointsResult, IsolationPreview, ReadLogResult } from '../../server/src/lsp/protocol';
import { repositoryRoot } from '../support/repository';
import { skip } from '../support/skip';
import { TestClient } from './support/client';

const server = join(repositoryRoot, 'dist/server.cjs');
const name = 'sample_set_wol';
/** An entry point that nobody isolates. */
const probe = `\n#include <linux/platform_device.h>\nstatic int sample_probe(struct platform_device *pdev)\n{\n\treturn 0;\n}\nstatic struct platform_driver sample_driver = { .probe = sample_probe };\n`;

describe('isolating in the editor', function () {
  this.timeout(120_000);
  let scratch: string;
  let client: TestClient;
  let text: string;
  let version = 1;
  const uri = (): string => `file://${scratch}/sample/sample.c`;
  const folder = (): string => join(scratch, 'sample/fgft-isolated/sample');
  const isolate = (mode: string, entryPoint?: string): Promise<IsolationPreview> =>
    client.request('fgft/isolate', { textDocument: { uri: uri() }, entryPoint, mode });
  const apply = (token: string, overwriteEdited = false): Promise<ApplyIsolationResult> =>
    client.request('fgft/applyIsolation', { token, overwriteEdited });
  const edit = async (to: string): Promise<void> => client.change(uri(), (text = to), ++version);
  const position = (): { line: number; character: number } => {
    const line = text.split('\n').findIndex((l) => l.includes(`${name}(`) && !l.trimEnd().endsWith(';'));
    return { line, character: text.split('\n')[line].indexOf(name) + 2 };
  };
  const actions = async (diagnostics: unknown[] = []): Promise<CodeAction[]> => {
    const at = position();
    return client.request('textDocument/codeAction', {
      textDocument: { uri: uri() },
      range: { start: at, end: at },
      context: { diagnostics },
    });
  };
  const stale = async (): Promise<any[]> => {
    const report: DocumentDiagnosticReport = await client.request('textDocument/diagnostic', { textDocument: { uri: uri() } });
    return report.kind === 'full' ? report.items.filter((d) => d.code === 'stubs/stale') : [];
  };
  const hover = (): Promise<Hover> => client.request('textDocument/hover', { textDocument: { uri: uri() }, position: position() });

  before(async function () {
    if (!existsSync(server)) skip(this, 'dist/server.cjs is not built (npm run build)');
    scratch = mkdtempSync(join(tmpdir(), 'fgft-isolate-'));
    cpSync(join(repositoryRoot, 'test/fixtures/isolate/sample'), join(scratch, 'sample'), { recursive: true });
    appendFileSync(join(scratch, 'sample/sample.c'), probe);
    text = readFileSync(join(scratch, 'sample/sample.c'), 'utf8');
    client = await TestClient.start([process.execPath, server, '--stdio'], {
      folder: scratch,
      initializationOptions: { cacheFolder: join(scratch, 'cache'), commands: ['fgft.isolate', 'fgft.stopIsolating', 'fgft.regenerate'] },
      settings: { kernelRoot: join(repositoryRoot, 'test/fixtures/minikernel') },
    });
    await client.open(uri(), text);
  });
  after(async () => {
    await client?.stop();
    if (scratch) rmSync(scratch, { recursive: true, force: true });
  });

  it('offers to, and shows every file and edit before anything is written', async () => {
    const offered = (await actions()).map((a) => a.title);
    assert.ok(offered.includes(`Isolate '${name}'...`), offered.join(', '));
    const preview = await isolate('add', name);
    assert.equal(preview.refused, false);
    assert.deepEqual(preview.entryPoints, [name]);
    assert.equal(preview.folder, folder());
    assert.match(preview.sources[0].after, /^__fgft_suspect .*sample_set_wol\(/m);
    const paths = preview.files.map((f) => f.path);
    for (const path of ['native/sample.c', 'suspect/sample.c', 'Kbuild', 'Makefile', 'fgft_run.c', 'include/fgft.h'])
      assert.ok(paths.includes(path), path);
    assert.ok(preview.files.every((f) => f.change === 'added' && f.text !== null));
    assert.match(preview.files.find((f) => f.path === 'native/sample.c')!.text!, /fgft_native_sample_set_wol/);
    assert.ok(!existsSync(folder()), 'something was written before the yes');
  });

  it('does what was shown, and nothing else that was shown before', async () => {
    const first = await isolate('add', name);
    const second = await isolate('add', name);
    await assert.rejects(apply(first.token), /another change/);
    await apply(second.token);
    for (const { path, text: written } of second.files) assert.equal(readFileSync(join(folder(), path), 'utf8'), written);
    await edit(second.sources[0].after);
    assert.deepEqual(await stale(), [], 'what was made from the annotated text is not stale');
    const tree: EntryPointsResult = await client.request('fgft/entryPoints', { textDocument: { uri: uri() } });
    assert.deepEqual(
      tree.drivers.flatMap((d) => d.entryPoints.filter((e) => e.isolated).map((e) => e.name)),
      [name],
    );
    assert.ok((await actions()).some((a) => a.title === `Stop isolating '${name}'...`));
  });

  it('says on hover that it is isolated, with what was measured', async () => {
    assert.match(hoverText(await hover()), /\*\*Isolated\*\* in .*fgft-isolated\/sample/);
    const dump = `function: ${name}\nsource: sample.c:10\nmode: 1\ncalls: 4\nfaults: 1\nfallbacks: 0\nlatency_ns: 1024-2047 3\nlatency_ns: 4096-8191 1\n`;
    const log = `[   12.5] fgft: sample/sample.c:7: ${name}: write outside of what was shared, 4 bytes, at sample_set_wol+0x1/0x2 [sample]\n`;
    const result: ReadLogResult = await client.request('fgft/readLog', { text: dump + log });
    assert.equal(result.measured, 1);
    assert.deepEqual(
      result.faults.map((f) => [f.uri, f.range.start.line, f.entryPoint, f.isFallback]),
      [[uri(), 6, name, false]],
    );
    assert.match(hoverText(await hover()), /measured over 4 calls: half below 2\.0 µs, 99 % below 8\.2 µs; 1 fault/);
  });

  it('notices that the driver went on, and generates again', async () => {
    await edit(`${text}/* later */\n`);
    const found = await stale();
    assert.equal(found.length, 1);
    assert.match(found[0].message, /another text of sample\.c/);
    const fix = (await actions(found)).find((a) => a.title === 'Generate the isolated module again...');
    assert.equal(fix?.command?.command, 'fgft.regenerate');
    const preview = await isolate('refresh');
    assert.deepEqual(preview.sources, []);
    assert.ok(preview.files.some((f) => f.path === 'native/sample.c' && f.change === 'changed'));
    assert.ok(!preview.files.some((f) => f.path === 'fgft_run.c'), 'what stays as it is is not shown');
    await apply(preview.token);
    assert.deepEqual(await stale(), []);
  });

  it('leaves an edited file alone until told otherwise', async () => {
    appendFileSync(join(folder(), 'Makefile'), '# mine\n');
    await edit(text.replace('/* later */', '/* later still */'));
    const kept = await isolate('refresh');
    assert.deepEqual(kept.edited, ['Makefile']);
    assert.deepEqual((await apply(kept.token)).left, ['Makefile']);
    assert.match(readFileSync(join(folder(), 'Makefile'), 'utf8'), /# mine/);
    const again = await isolate('refresh');
    await apply(again.token, true);
    assert.doesNotMatch(readFileSync(join(folder(), 'Makefile'), 'utf8'), /# mine/);
  });

  it('refuses with the reason what cannot be isolated, and writes nothing', async () => {
    const preview = await isolate('add', 'sample_probe');
    assert.equal(preview.refused, true);
    const refusal = preview.refusals.find((r) => r.name === 'sample_probe');
    assert.match(refusal?.reason ?? '', /brings the device into being|comes or goes/);
    assert.deepEqual([preview.files, preview.sources.length > 0 && preview.token === ''], [[], false]);
    await assert.rejects(apply(preview.token), /another change/);
    await assert.rejects(isolate('add', 'no_such_function'), /no entry point no_such_function/);
  });

  it('takes the mark and the generated files away again', async () => {
    const preview = await isolate('remove', name);
    assert.deepEqual(preview.entryPoints, []);
    assert.ok(preview.files.length > 20 && preview.files.every((f) => f.change === 'removed'));
    assert.doesNotMatch(preview.sources[0].after, /__fgft_suspect|fgft\.h/);
    await apply(preview.token);
    assert.ok(!existsSync(folder()));
    await edit(preview.sources[0].after);
    assert.doesNotMatch(hoverText(await hover()), /Isolated/);
  });
});

function hoverText(hover: Hover): string {
  return (hover.contents as { value: string }).value;
}

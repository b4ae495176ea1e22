/**
 * The packaged extension in a real VS Code, handled as a user would: what stands on the screen, and what is on the disk after.
 * The cases share one window and build on each other. Their pictures are left in test-output/editor.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingParts } from '../../scripts/editor-setup.mjs';
import { repositoryRoot } from '../support/repository';
import { skip } from '../support/skip';
import { type CodeServer, startCodeServer } from './support/codeServer';
import { clearScreenshots, patience, until, Workbench } from './support/workbench';

/** A short wait inside a retry, in milliseconds: the retry has the patience. */
const soon = { timeout: 3000 };

describe('the packaged extension in VS Code', function () {
  this.timeout(4 * patience);
  // What an earlier case did not bring about, a later one would only wait for.
  this.bail(true);

  let scratch: string;
  let driver: string;
  let editor: CodeServer;
  let window: Workbench;

  const onDisk = (name: string) => readFileSync(join(driver, name), 'utf8');
  /** Where a text stands in a file of the driver, 1-based. */
  const placeOf = (name: string, wanted: string) => {
    const before = onDisk(name).split(wanted)[0].split('\n');
    return { line: before.length, column: before[before.length - 1].length + 1 };
  };
  const goTo = async (name: string, wanted: string) => {
    const { line, column } = placeOf(name, wanted);
    await window.goTo(line, column);
  };

  before(async function () {
    const missing = missingParts();
    if (missing.length > 0) skip(this, `${missing.join('; ')}: run node scripts/editor-setup.mjs`);
    clearScreenshots();
    scratch = mkdtempSync(join(tmpdir(), 'fgft-vscode-'));
    driver = join(scratch, 'fgft_demo_nic');
    cpSync(join(repositoryRoot, 'examples/fgft_demo_nic'), driver, { recursive: true });
    appendFileSync(join(driver, 'demo_nic_main.c'), '\n#ifdef CONFIG_FGFT_NEVER\nint switched_off;\n#endif\n');
    const vsix = join(scratch, 'fgft.vsix');
    execFileSync(process.execPath, ['scripts/package.mjs', '--no-build', '--out', vsix], { cwd: repositoryRoot, stdio: 'pipe' });
    editor = await startCodeServer(vsix);
    window = await Workbench.open(editor.urlOf(driver));
  });

  after(async () => {
    await window?.close();
    await editor?.stop();
    if (scratch) rmSync(scratch, { recursive: true, force: true });
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed' && window) await window.screenshot(`failed-${this.currentTest.title.replace(/\W+/g, '-')}`);
  });

  it('marks the wait that the interrupt handler ends', async () => {
    await window.openFile('demo_nic_main.c');
    await goTo('demo_nic_main.c', 'wait_for_completion_timeout(');
    await window.editor.locator('[class*="squiggly-"]').first().waitFor({ state: 'attached' });
    await window.page.keyboard.press('Control+Shift+M');
    // The list draws what is in sight alone.
    const filter = window.page.locator('input[placeholder^="Filter"]:visible').first();
    await filter.fill('resync/completion');
    const problem = window.page.locator('.markers-panel .monaco-list-row', { hasText: 'resync/completion' }).first();
    await problem.waitFor();
    await window.screenshot('problems');
    await filter.fill('');
    await window.page.keyboard.press('Control+J');
  });

  it('says in a lens what an isolated call would cost', async () => {
    await window.openFile('demo_nic_control.c');
    await goTo('demo_nic_control.c', 'demo_set_wol');
    const lens = window.editor.locator('.codelens-decoration', { hasText: 'ethtool_ops.set_wol' });
    await lens.waitFor();
    assert.match(
      (await lens.textContent()) ?? '',
      /\d+ fields?, ≥?\d+ B in, ≥?\d+ B out · \d+ kernel calls? · ≈[\d.]+ [nµm]s per isolated call/,
    );
    await window.screenshot('lens');
  });

  it('lists the field set on hover', async () => {
    const hover = window.page.locator('.monaco-hover:not(.hidden)', { hasText: 'demo_set_wol' });
    await until(
      () => window.run('Show or Focus Hover'),
      () => hover.locator('table').first().waitFor(soon),
    );
    const table = await hover.locator('table').first().innerText();
    assert.match(table, /direction/);
    assert.match(table, /demo_nic\s*›\s*wake_options/);
    assert.match(await hover.locator('table').nth(1).innerText(), /crossings/);
    await window.screenshot('hover');
    await window.page.keyboard.press('Escape');
  });

  it('shows every entry point in the tree, in the chosen order', async () => {
    await window.page.locator('.activitybar .action-label[aria-label^="FGFT"]').click();
    const rows = window.page.locator('.pane-body .monaco-list-row');
    const names = [
      'demo_open',
      'demo_interrupt',
      'demo_poll',
      'demo_ioctl',
      'coalesce_show',
      'registers_show',
      'demo_suspend',
      'demo_link_timer',
    ];
    for (const name of names) await rows.filter({ hasText: name }).first().waitFor();
    await window.run('FGFT: Sort Entry Points by Cost');
    const byCost = rows.filter({ hasText: '≈' });
    await byCost.first().waitFor();
    await window.screenshot('entry-points');
  });

  const markAction = () => window.page.locator('.action-widget .monaco-list-row', { hasText: "Mark 'demo_set_wol' as suspect" });
  const openLightBulb = async () => {
    await goTo('demo_nic_control.c', 'demo_set_wol');
    await until(
      async () => {
        await window.page.keyboard.press('Escape');
        await window.page.keyboard.press('Control+.');
      },
      () => markAction().waitFor(soon),
    );
  };

  it('previews "Mark as suspect" when asked to', async () => {
    await openLightBulb();
    await window.screenshot('light-bulb');
    await window.page.keyboard.press('Control+Enter');
    const preview = window.page.locator('.bulk-edit-panel');
    // Ticked: what is shown is what "Apply" does.
    for (const text of ['#include <fgft.h>', '__fgft_suspect']) {
      await preview
        .locator('.monaco-list-row', { hasText: text })
        .locator('input:checked, [aria-checked="true"], .checked')
        .first()
        .waitFor();
    }
    await window.screenshot('preview');
    await preview.locator('.monaco-button', { hasText: 'Discard' }).click();
    await preview.waitFor({ state: 'hidden' });
    assert.doesNotMatch(onDisk('demo_nic_control.c'), /fgft\.h/);
  });

  it('applies "Mark as suspect", and saves it', async () => {
    await openLightBulb();
    await markAction().click();
    const annotated = window.editor.locator('.view-line', { hasText: '__fgft_suspect' });
    await annotated.first().waitFor();
    await window.page.keyboard.press('Control+S');
    await window.page.locator('.tabs-container .tab.active:not(.dirty)', { hasText: 'demo_nic_control.c' }).waitFor();
    assert.match(onDisk('demo_nic_control.c'), /^__fgft_suspect static int demo_set_wol\(/m);
    assert.match(onDisk('demo_nic_control.c'), /^#include <fgft\.h>$/m);
    const marked = window.page.locator('.pane-body .monaco-list-row[aria-label*="suspect"]', { hasText: 'demo_set_wol' });
    await marked.waitFor();
    await window.screenshot('suspect');
  });

  const isolateAction = (verb: string) => window.page.locator('.action-widget .monaco-list-row', { hasText: `${verb} 'demo_set_wol'...` });
  const chooseAction = async (verb: string) => {
    await goTo('demo_nic_control.c', 'demo_set_wol');
    await until(
      async () => {
        await window.page.keyboard.press('Escape');
        await window.page.keyboard.press('Control+.');
      },
      () => isolateAction(verb).waitFor(soon),
    );
    await isolateAction(verb).click();
  };
  const isolated = (name: string) => join(driver, 'fgft-isolated/fgft_demo_nic', name);
  const question = () => window.page.locator('.notification-toast', { hasText: 'The editor shows every change' });
  const row = (words: string) => window.page.locator(`.pane-body .monaco-list-row[aria-label*="${words}"]`, { hasText: 'demo_set_wol' });

  it('isolates the entry point, after it has shown every file', async () => {
    await chooseAction('Isolate');
    await question().waitFor();
    const preview = window.page.locator('.multiDiffEntry, .multi-diff-editor, .multiDiffEditor').first();
    await preview.waitFor();
    await window.screenshot('isolate-preview');
    assert.ok(!existsSync(isolated('Kbuild')), 'something was written before the yes');
    await question().locator('.monaco-button', { hasText: 'Write' }).first().click();
    await window.page.locator('.notification-toast', { hasText: 'isolates demo_set_wol' }).waitFor();
    assert.match(readFileSync(isolated('Kbuild'), 'utf8'), /^obj-m := fgft_demo_nic\.o$/m);
    assert.match(readFileSync(isolated('native/demo_nic_control.c'), 'utf8'), /fgft_native_demo_set_wol/);
    assert.match(onDisk('demo_nic_control.c'), /^__fgft_suspect static int demo_set_wol\(/m);
    await window.run('Notifications: Clear All Notifications');
    await row('isolated').waitFor();
    await window.screenshot('isolated');
  });

  it('stops isolating it: the generated files and the mark go', async () => {
    await window.openFile('demo_nic_control.c');
    await chooseAction('Stop isolating');
    await question().waitFor();
    await window.screenshot('stop-isolating-preview');
    await question().locator('.monaco-button', { hasText: 'Write' }).first().click();
    await window.page.locator('.notification-toast', { hasText: 'is gone' }).waitFor();
    assert.ok(!existsSync(join(driver, 'fgft-isolated/fgft_demo_nic')));
    assert.doesNotMatch(onDisk('demo_nic_control.c'), /fgft/);
    await window.run('Notifications: Clear All Notifications');
  });

  it('dims what the configuration switches off', async () => {
    await window.openFile('demo_nic_main.c');
    const { line } = placeOf('demo_nic_main.c', '#ifdef CONFIG_FGFT_NEVER');
    await window.goTo(line + 1, 1);
    const opacities = () =>
      window.editor
        .locator('.view-line', { hasText: 'switched_off' })
        .locator('span')
        .evaluateAll((spans) => spans.map((span) => Number(span.ownerDocument.defaultView?.getComputedStyle(span).opacity)));
    await until(
      () => window.page.waitForTimeout(200),
      async () => assert.ok((await opacities()).some((opacity) => opacity < 1)),
    );
    await window.screenshot('inactive');
  });

  it('says what was analysed, and with which kernel', async () => {
    await window.page.locator('[id="status.languageStatus"]').hover();
    const status = window.page.locator('.hover-language-status', { hasText: 'fgft_demo_nic' }).first();
    await status.waitFor();
    assert.match(await status.innerText(), /fgft_demo_nic: \d+ entry points\s*Linux \d+\.\d+/);
    await window.screenshot('status');
    await window.run('FGFT: Doctor: Explain What Was Found');
    await window.page.locator('.tabs-container .tab.active', { hasText: 'Doctor' }).waitFor();
    await window.screenshot('doctor');
    await window.run('View: Close Editor');
  });

  it('shows the report beside the text', async () => {
    await window.run('FGFT: Show Report');
    const page = await window.webview('tr.entry');
    const rows = await page.locator('tr.entry').allInnerTexts();
    assert.ok(
      rows.some((row) => row.includes('demo_set_wol')),
      rows.join('\n'),
    );
    await page.locator('tr.entry button.toggle', { hasText: 'demo_set_wol' }).click();
    await page.locator('tr.details', { hasText: 'wake_options' }).waitFor();
    await window.screenshot('report');
  });

  it('says what the server holds in memory', async () => {
    await window.run('FGFT: Show Memory Usage');
    await window.page.locator('.view-line', { hasText: 'cached files' }).waitFor();
  });

  it('comes back after a restart of the server', async () => {
    await window.run('FGFT: Restart Server');
    await window.page.locator('.pane-body .monaco-list-row', { hasText: 'demo_set_wol' }).waitFor();
  });
});

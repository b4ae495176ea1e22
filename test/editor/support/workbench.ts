/** VS Code's window as a user sees and handles it: by keys, clicks and what stands on the screen. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Frame, type Locator, type Page } from 'playwright-core';
import { editorPaths } from '../../../scripts/editor-setup.mjs';
import { repositoryRoot } from '../../support/repository';

const screenshotFolder = join(repositoryRoot, 'test-output/editor');

const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** How long anything may take to appear, in milliseconds: the first analysis on a busy machine included. */
export const patience = 60_000;

/** So that what lies there after a run is of that run. */
export function clearScreenshots(): void {
  rmSync(screenshotFolder, { recursive: true, force: true });
}

export class Workbench {
  private constructor(
    private readonly browser: Browser,
    readonly page: Page,
  ) {}

  /** Opens the window on a folder; resolves when the workbench is drawn. */
  static async open(url: string): Promise<Workbench> {
    const browser = await chromium.launch({ executablePath: editorPaths().chromium ?? undefined, args: chromiumFlags });
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(patience);
    await page.goto(url);
    await page.locator('.monaco-workbench .explorer-folders-view').waitFor();
    return new Workbench(browser, page);
  }

  close(): Promise<void> {
    return this.browser.close();
  }

  /** Keeps a picture of the window; not for comparing, for looking at. */
  async screenshot(name: string, target?: Locator): Promise<void> {
    mkdirSync(screenshotFolder, { recursive: true });
    const path = join(screenshotFolder, `${name}.png`);
    // The caret's blinking and half-done animations make no two pictures alike.
    await (target ?? this.page).screenshot({ path, animations: 'disabled', caret: 'initial' });
  }

  /** The visible editor's text area part. */
  get editor(): Locator {
    return this.page.locator('.editor-instance .monaco-editor').first();
  }

  /** Runs a command of the palette by its full title. */
  async run(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    const input = this.page.locator('.quick-input-widget input.input');
    await input.waitFor();
    await input.fill(`>${title}`);
    const rows = this.page.locator('.quick-input-list .monaco-list-row');
    await rows
      .filter({ has: this.page.getByText(title, { exact: true }) })
      .first()
      .click();
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  /** Opens a file of the folder by its name. */
  async openFile(name: string): Promise<void> {
    const tab = this.page.locator('.tabs-container .tab', { hasText: name }).first();
    // The list may still change when the key comes: then another file opens, or none. It also remembers files that are gone.
    await until(
      async () => {
        await this.page.keyboard.press('Escape');
        if ((await tab.count()) > 0) return tab.click();
        await this.page.keyboard.press('Control+P');
        await this.page.locator('.quick-input-widget input.input').fill(name);
        await this.page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first().waitFor();
        await this.page.keyboard.press('Enter');
      },
      () => this.page.locator('.tabs-container .tab.active', { hasText: name }).waitFor({ timeout: 5000 }),
    );
    await this.editor.locator('.view-line').first().waitFor();
  }

  /** Puts the caret at a place of the active editor (both 1-based) and brings it into view. */
  async goTo(line: number, column: number): Promise<void> {
    await this.page.keyboard.press('Control+G');
    const input = this.page.locator('.quick-input-widget input.input');
    await input.fill(`:${line}:${column}`);
    await this.page.keyboard.press('Enter');
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  /** The document of the webview that is on the screen, once `selector` is in it. */
  async webview(selector: string): Promise<Frame> {
    const outer = await this.page.waitForSelector('iframe.webview.ready');
    const frame = await outer.contentFrame();
    const inner = await frame?.waitForSelector('iframe#active-frame');
    const document = await inner?.contentFrame();
    if (!document) throw new Error('the webview has no document');
    await document.waitForSelector(selector);
    return document;
  }
}

/**
 * Tries an action until what it should bring about is there: for what the editor may refuse at first, such as a light bulb before
 * its provider has answered. Rejects with the last error after the patience is used up.
 */
export async function until(action: () => Promise<unknown>, arrived: () => Promise<unknown>): Promise<void> {
  const deadline = Date.now() + patience;
  for (;;) {
    await action();
    try {
      await arrived();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}

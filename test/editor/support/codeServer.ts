/** A real VS Code for the tests: code-server with an extension installed, in throw-away folders. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { editorPaths } from '../../../scripts/editor-setup.mjs';

export interface CodeServer {
  /** Where a browser finds it with a folder open. */
  urlOf(folder: string): string;
  /** Where the extension was unpacked to. */
  extensionsFolder: string;
  /** What it printed, for messages. */
  output(): string;
  stop(): Promise<void>;
}

/** Quiet, and with nothing on the screen that the tests do not look at. */
const userSettings = {
  'workbench.colorTheme': 'Default Dark Modern',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.layoutControl.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'window.commandCenter': false,
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'security.workspace.trust.enabled': false,
  'git.enabled': false,
  'editor.minimap.enabled': false,
  'editor.hover.delay': 100,
  'editor.stickyScroll.enabled': false,
  'files.autoSave': 'off',
};

/** Installs the extension and starts the editor; resolves when it answers. Rejects with what it printed when it does not within a minute. */
export async function startCodeServer(vsix: string): Promise<CodeServer> {
  const { node, codeServer } = editorPaths();
  const home = mkdtempSync(join(tmpdir(), 'fgft-editor-'));
  const extensionsFolder = join(home, 'extensions');
  const userData = join(home, 'user');
  mkdirSync(join(userData, 'User'), { recursive: true });
  writeFileSync(join(userData, 'User/settings.json'), JSON.stringify(userSettings, null, 2));
  const folders = ['--user-data-dir', userData, '--extensions-dir', extensionsFolder];
  const environment = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|VSCODE_|NODE_OPTIONS|ELECTRON_)/.test(name))),
    // Nothing of the tests' own home, its settings file above all.
    HOME: home,
    PATH: `${dirname(node)}:${process.env.PATH}`,
  };
  await promisify(execFile)(node, [codeServer, ...folders, '--install-extension', vsix], { env: environment });

  const port = await freePort();
  const child = spawn(
    node,
    [
      codeServer,
      ...folders,
      ...['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, '--disable-telemetry', '--disable-update-check'],
      ...['--disable-workspace-trust', '--disable-getting-started-override'],
      // Else every page load leaves an extension host and a language server behind for hours.
      ...['--reconnection-grace-time', '5'],
    ],
    { env: environment, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (printed += data.toString()));
  const stop = async () => {
    await ended(child);
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await answers(`http://127.0.0.1:${port}/healthz`, child, () => printed);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    urlOf: (folder) => `http://127.0.0.1:${port}/?folder=${encodeURIComponent(folder)}`,
    extensionsFolder,
    output: () => printed,
    stop,
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}

async function answers(url: string, child: ChildProcess, printed: () => string): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`code-server ended with status ${child.exitCode}:\n${printed()}`);
    try {
      if ((await fetch(url)).ok) return;
    } catch {
      // Not listening yet.
    }
    if (Date.now() > deadline) throw new Error(`code-server did not answer within a minute:\n${printed()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Asks a process to end, and makes it after five seconds. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
  await gone;
  clearTimeout(timer);
}

/** The language server's process: `--stdio`, `--node-ipc`, `--socket=PORT` or `--pipe=NAME`, with the analysis in a thread of its own. */
import { join } from 'node:path';
// First: what is loaded below takes time, in which the thread gets ready.
import { spareThread, workerScript } from './spareThread';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { defaultCacheFolder } from '../engine/cacheFolder';
import { VERSION } from '../engine/version';
import { createWorkerEngine } from '../engine/workerEngine';
import { renderPage } from '../report/page/page';
import { startServer } from './server';

const transports = /^--(stdio|node-ipc|socket|pipe)(=|$)/;

// An editor that forgets to say how to talk gets the usual way; `fgft lsp` in a terminal too.
if (!process.argv.some((argument) => transports.test(argument))) process.argv.push('--stdio');

startServer(createConnection(ProposedFeatures.all), {
  createEngine: (options) =>
    createWorkerEngine({ ...options, cacheFolder: options.cacheFolder ?? defaultCacheFolder() }, workerScript, spareThread),
  version: VERSION,
  ruleFolder: join(__dirname, '..', 'docs', 'rules'),
  renderHtml: (report) => renderPage(report),
});

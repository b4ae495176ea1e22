/** The real server over an engine that is not: bundled by the tests, never shipped. */
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { startServer } from '../../../server/src/lsp/server';
import { createFakeEngine } from './fakeEngine';

startServer(createConnection(ProposedFeatures.all), {
  createEngine: createFakeEngine,
  version: 'test',
  renderHtml: (report) => `<html><title>${report.drivers.length} drivers</title></html>`,
});

/** What the server tells the client that it can do. */
import { CodeActionKind, PositionEncodingKind, type ServerCapabilities, TextDocumentSyncKind } from 'vscode-languageserver';
import type { ClientAbilities } from './clientAbilities';
import { isolateActionKind, suspectActionKind } from './codeActions';
import { offeredCommands } from './commands';
import { diagnosticSource } from './diagnostics';

export function serverCapabilities(abilities: ClientAbilities, clientCommands: ReadonlySet<string>): ServerCapabilities {
  return {
    // The only one that every client must know; the report counts UTF-16 units too.
    positionEncoding: PositionEncodingKind.UTF16,
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
    hoverProvider: true,
    codeLensProvider: {},
    documentSymbolProvider: { label: 'FGFT entry points' },
    codeActionProvider: {
      codeActionKinds: [CodeActionKind.QuickFix, suspectActionKind, isolateActionKind],
      resolveProvider: abilities.codeActionResolveEdit,
    },
    executeCommandProvider: { commands: offeredCommands(clientCommands) },
    ...(abilities.pullDiagnostics && {
      diagnosticProvider: { identifier: diagnosticSource, interFileDependencies: true, workspaceDiagnostics: true },
    }),
    ...(abilities.workspaceFolders && { workspace: { workspaceFolders: { supported: true, changeNotifications: true } } }),
  };
}

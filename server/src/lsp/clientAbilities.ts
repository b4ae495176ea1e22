/** What the client said that it can do, reduced to the questions that the server asks. */
import { type ClientCapabilities, MarkupKind } from 'vscode-languageserver';

export interface ClientAbilities {
  pullDiagnostics: boolean;
  relatedDocuments: boolean;
  relatedInformation: boolean;
  diagnosticTags: boolean;
  codeDescription: boolean;
  diagnosticData: boolean;
  /** The push notification may carry a version. */
  publishVersion: boolean;
  diagnosticRefresh: boolean;
  lensRefresh: boolean;
  markdownHover: boolean;
  hierarchicalSymbols: boolean;
  codeActionLiterals: boolean;
  codeActionResolveEdit: boolean;
  documentChanges: boolean;
  changeAnnotations: boolean;
  configuration: boolean;
  configurationNotification: boolean;
  watchFiles: boolean;
  workDoneProgress: boolean;
  showDocument: boolean;
  workspaceFolders: boolean;
}

export function clientAbilities(capabilities: ClientCapabilities): ClientAbilities {
  const { textDocument, workspace, window } = capabilities;
  const action = textDocument?.codeAction;
  const diagnostics = textDocument?.diagnostic ?? textDocument?.publishDiagnostics;
  return {
    pullDiagnostics: textDocument?.diagnostic !== undefined,
    relatedDocuments: textDocument?.diagnostic?.relatedDocumentSupport === true,
    // Clients that pull often describe what they show under publishDiagnostics only.
    relatedInformation: diagnostics?.relatedInformation === true || textDocument?.publishDiagnostics?.relatedInformation === true,
    diagnosticTags: (textDocument?.publishDiagnostics?.tagSupport ?? textDocument?.diagnostic?.tagSupport) !== undefined,
    codeDescription:
      textDocument?.publishDiagnostics?.codeDescriptionSupport === true || textDocument?.diagnostic?.codeDescriptionSupport === true,
    diagnosticData: textDocument?.publishDiagnostics?.dataSupport === true || textDocument?.diagnostic?.dataSupport === true,
    publishVersion: textDocument?.publishDiagnostics?.versionSupport === true,
    diagnosticRefresh: workspace?.diagnostics?.refreshSupport === true,
    lensRefresh: workspace?.codeLens?.refreshSupport === true,
    markdownHover: textDocument?.hover?.contentFormat?.includes(MarkupKind.Markdown) === true,
    hierarchicalSymbols: textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true,
    codeActionLiterals: action?.codeActionLiteralSupport !== undefined,
    codeActionResolveEdit: action?.dataSupport === true && action.resolveSupport?.properties.includes('edit') === true,
    documentChanges: workspace?.workspaceEdit?.documentChanges === true,
    changeAnnotations: workspace?.workspaceEdit?.documentChanges === true && workspace.workspaceEdit.changeAnnotationSupport !== undefined,
    configuration: workspace?.configuration === true,
    configurationNotification: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    watchFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    workDoneProgress: window?.workDoneProgress === true,
    showDocument: window?.showDocument?.support === true,
    workspaceFolders: workspace?.workspaceFolders === true,
  };
}

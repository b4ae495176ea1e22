/** `textDocument/documentSymbol`: the entry points, with what registers them. */
import {
  type CancellationToken,
  type DocumentSymbol,
  type DocumentSymbolParams,
  type SymbolInformation,
  SymbolKind,
} from 'vscode-languageserver';
import { definitionOf } from './annotationEdits';
import { analysisFor, entryPointsIn, mapperFor, type ServerContext } from './context';
import { outlineOf } from './functionOutline';
import { mapRange, nameRange } from './positions';
import { registrationPhrase } from './summary';

export async function documentSymbols(
  context: ServerContext,
  params: DocumentSymbolParams,
  token: CancellationToken,
): Promise<DocumentSymbol[] | SymbolInformation[]> {
  const found = await analysisFor(context, params.textDocument.uri, token);
  if (!found || token.isCancellationRequested) return [];
  const { document, path, analysis } = found;
  const outline = outlineOf(document.getText());
  const map = mapperFor(context, analysis, path);
  const symbols = entryPointsIn(analysis, path).map(({ entryPoint }): DocumentSymbol => {
    let selectionRange = mapRange(nameRange(entryPoint.location, entryPoint.name.length), map);
    let range = selectionRange;
    const definition = definitionOf(outline, entryPoint.name);
    if (definition) {
      // The text as it is now is certain; the report may be of an earlier one.
      const at = definition.nameOffsets[definition.names.indexOf(entryPoint.name)];
      selectionRange = { start: document.positionAt(at), end: document.positionAt(at + entryPoint.name.length) };
      range = { start: document.positionAt(definition.start), end: document.positionAt(definition.end) };
    }
    const detail = registrationPhrase(entryPoint) + (entryPoint.suspect ? ' · suspect' : '');
    return { name: entryPoint.name, detail, kind: SymbolKind.Function, range, selectionRange };
  });
  if (context.abilities.hierarchicalSymbols) return symbols;
  return symbols.map((symbol) => ({
    name: symbol.name,
    kind: symbol.kind,
    containerName: symbol.detail,
    location: { uri: params.textDocument.uri, range: symbol.range },
  }));
}

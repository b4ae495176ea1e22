/** The open documents, as the client spells them, and the paths under which the engine knows them. */
import { type Connection, TextDocuments } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { LineIndex } from '../text/lines';
import { lineMapper } from './lineMapper';
import { fileUriOfPath, pathOfFileUri } from './positions';

/** Folder of the paths given to documents that are no files. Nothing is ever read or written there. */
const virtualFolder = '/fgft-untitled';

const cSource = /\.c$/i;
const cHeader = /\.h$/i;

export class Documents {
  readonly open = new TextDocuments(TextDocument);
  private readonly uriOfPath = new Map<string, string>();
  private readonly virtualUris = new Map<string, string>();
  private readonly mappers = new WeakMap<TextDocument, { version: number; before: string; map: (line: number) => number }>();
  private readonly lineIndexes = new WeakMap<TextDocument, { version: number; lines: LineIndex }>();

  listen(connection: Connection): void {
    this.open.onDidOpen(({ document }) => this.uriOfPath.set(this.pathOf(document.uri), document.uri));
    this.open.onDidClose(({ document }) => this.uriOfPath.delete(this.pathOf(document.uri)));
    this.open.listen(connection);
  }

  /** An absolute path for any URI: that of a file, else a made-up one that ends in `.c` or `.h`. */
  pathOf(uri: string): string {
    const path = pathOfFileUri(uri);
    if (path !== undefined) return path;
    const name = encodeURIComponent(uri);
    const made = `${virtualFolder}/${cSource.test(uri) || cHeader.test(uri) ? name : name + '.c'}`;
    this.virtualUris.set(made, uri);
    return made;
  }

  /** The URI of a path, spelled as the client spelled it when the document is open. */
  uriOf(path: string): string {
    return this.uriOfPath.get(path) ?? this.virtualUris.get(path) ?? fileUriOfPath(path);
  }

  get(uri: string): TextDocument | undefined {
    return this.open.get(uri);
  }

  atPath(path: string): TextDocument | undefined {
    const uri = this.uriOfPath.get(path);
    return uri === undefined ? undefined : this.open.get(uri);
  }

  /** Whether a document is C that we analyse: by language, or by name, as editors take headers for C++ and other things. */
  isAnalysed(document: TextDocument): boolean {
    if (document.languageId === 'c') return true;
    const path = this.pathOf(document.uri);
    return cHeader.test(path) || (cSource.test(path) && pathOfFileUri(document.uri) !== undefined);
  }

  isHeader(path: string): boolean {
    return cHeader.test(path);
  }

  lines(document: TextDocument): LineIndex {
    const known = this.lineIndexes.get(document);
    if (known && known.version === document.version) return known.lines;
    const lines = new LineIndex(document.getText());
    this.lineIndexes.set(document, { version: document.version, lines });
    return lines;
  }

  /** Where lines of an earlier text of a document are now. Kept for the last such text: hundreds of positions ask in turn. */
  mapperFrom(before: string, document: TextDocument): (line: number) => number {
    const known = this.mappers.get(document);
    if (known && known.version === document.version && known.before === before) return known.map;
    const map = lineMapper(before, document.getText());
    this.mappers.set(document, { version: document.version, before, map });
    return map;
  }
}

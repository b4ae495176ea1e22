/** Between the report's file names and 1-based positions and the protocol's URIs and 0-based ones. */
import type { Range } from 'vscode-languageserver';
import { URI } from 'vscode-uri';
import type { Location, RangeLocation } from '../report/model';
import type { LineIndex } from '../text/lines';

/** The absolute path of a `file:` URI; undefined for any other scheme or a malformed one. */
export function pathOfFileUri(uri: string): string | undefined {
  // Without a scheme the library assumes `file`.
  if (!/^file:/i.test(uri)) return undefined;
  try {
    const parsed = URI.parse(uri);
    return parsed.scheme === 'file' ? parsed.fsPath.replace(/\\/g, '/') : undefined;
  } catch {
    return undefined;
  }
}

export function fileUriOfPath(path: string): string {
  return URI.file(path).toString();
}

/**
 * Makes a function that turns the report's file names into absolute paths. They are relative to the kernel's root or to the
 * working directory, and the report does not say which: the document that was analysed does, as its path ends with one of them.
 */
export function fileResolver(analysedPath: string, moduleFiles: string[], workingDirectory: string): (file: string) => string {
  let base = workingDirectory;
  let matched = 0;
  for (const file of moduleFiles) {
    const clean = file.replace(/^\.\//, '');
    if (!clean.startsWith('/') && analysedPath.endsWith('/' + clean) && clean.length > matched) {
      matched = clean.length;
      base = analysedPath.slice(0, analysedPath.length - clean.length - 1);
    }
  }
  return (file) => (file.startsWith('/') ? file : normalise(`${base}/${file}`));
}

/** Resolves `.` and `..` of an absolute path. */
function normalise(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return '/' + parts.join('/');
}

/** The range of a name of `length` units at a report location. */
export function nameRange(location: Location, length: number): Range {
  const line = Math.max(0, location.line - 1);
  const character = Math.max(0, location.column - 1);
  return { start: { line, character }, end: { line, character: character + length } };
}

/** The range of a finding; one without an end covers the rest of its line when the lines are known, else nothing. */
export function findingRange(location: RangeLocation, lines?: LineIndex): Range {
  const start = { line: Math.max(0, location.line - 1), character: Math.max(0, location.column - 1) };
  if (location.endLine > location.line || (location.endLine === location.line && location.endColumn > location.column)) {
    return { start, end: { line: location.endLine - 1, character: Math.max(0, location.endColumn - 1) } };
  }
  if (!lines) return { start, end: start };
  const end = lines.position(lines.offset(start.line, Number.MAX_SAFE_INTEGER));
  return { start, end: { line: start.line, character: Math.max(start.character, end.column) } };
}

/** Moves a range with its first line. */
export function mapRange(range: Range, map: (line: number) => number): Range {
  const line = map(range.start.line);
  const delta = line - range.start.line;
  if (delta === 0) return range;
  return { start: { ...range.start, line }, end: { ...range.end, line: Math.max(line, range.end.line + delta) } };
}

/** `textDocument/hover`: on an entry point's name, a field's use, or one of our annotations. */
import { type CancellationToken, type Hover, type HoverParams, MarkupKind, type Position, type Range } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { DriverReport, Field, Location } from '../report/model';
import type { ModuleAnalysis } from './moduleAnalysis';
import { annotationDocs } from './annotationDocs';
import { analysisFor, mapperFor, reverseMapperFor, type ServerContext } from './context';
import { distinctFindings, shownSeverity } from './findings';
import { splitHover } from './checkpointText';
import { annotationHover, costBreakdown, entryPointHover, fieldHover, type FieldUse, type HoverFormat } from './hoverText';
import { isolatedModule } from './isolatedModule';
import { measurementText } from './measurements';
import { commands } from './protocol';

/** A hover that comes late is worse than none: milliseconds to wait for an analysis. */
const hoverPatience = 1000;

export async function hover(context: ServerContext, params: HoverParams, token: CancellationToken): Promise<Hover | null> {
  const uri = params.textDocument.uri;
  const open = context.documents.get(uri);
  if (!open || !context.documents.isAnalysed(open)) return null;
  const word = wordAt(context, open, params.position);
  if (!word) return null;
  const settings = await context.configuration.for(uri);
  const format: HoverFormat = {
    markdown: context.abilities.markdownHover,
    maximumRows: Number(settings.get('fgft.hover.maximumRows')),
    uriOf: () => undefined,
  };
  const documentation = annotationDocs.find((d) => d.name === word.text);
  if (documentation) return answer(annotationHover(documentation, format), word.range, format);
  const found = await analysisFor(context, uri, token, hoverPatience, true);
  if (!found || token.isCancellationRequested) return null;
  const { path, analysis } = found;
  const line = reverseMapperFor(context, analysis, path)(params.position.line) + 1;
  const uses = fieldUses(analysis, path, line, params.position.character + 1, word.text);
  format.uriOf = (location) => placeUri(context, analysis, location);
  if (uses.length > 0) return answer(fieldHover(uses, format), word.range, format);
  if (word.afterMemberOperator) return null;
  for (const driver of analysis.report.drivers) {
    const entryPoint = driver.entryPoints.find((e) => e.name === word.text);
    if (!entryPoint) continue;
    if (context.clientCommands.has(commands.showReport)) {
      format.reportLink = `command:${commands.showReport}?${encodeURIComponent(JSON.stringify([uri, entryPoint.name]))}`;
    }
    const findings = distinctFindings(analysis).filter(
      (f) => f.entryPoints.includes(entryPoint.name) && shownSeverity(f, analysis.settings) !== 'off',
    );
    const split = splitHover(driver, entryPoint.name, format);
    const isolated = isolatedLine(context, analysis, driver, entryPoint.name, format);
    const breakdown = costBreakdown(entryPoint, driver.costSource, format);
    const blocks = [isolated, entryPointHover(entryPoint, findings, format), breakdown, split].filter((block) => block !== null);
    return answer(blocks.join('\n\n'), word.range, format);
  }
  for (const driver of analysis.report.drivers) {
    const split = splitHover(driver, word.text, format);
    if (split !== null) return answer(split, word.range, format);
  }
  return null;
}

/** Says that an entry point runs isolated, and what was measured of it; null when no module was generated that isolates it. */
function isolatedLine(
  context: ServerContext,
  analysis: ModuleAnalysis,
  driver: DriverReport,
  name: string,
  format: HoverFormat,
): string | null {
  const module = isolatedModule(analysis, driver);
  if (!module?.entries.includes(name)) return null;
  const measurement = context.measurements.of(driver.name, module.folder, name);
  const what = format.markdown ? '**Isolated**' : 'Isolated';
  return `${what} in ${module.folder}${measurement ? `; ${measurementText(measurement)}` : ''}.`;
}

function answer(value: string, range: Range, format: HoverFormat): Hover {
  return { contents: { kind: format.markdown ? MarkupKind.Markdown : MarkupKind.PlainText, value }, range };
}

/** `file:///…#L12`, the line as it is in the open text; parentheses would end a Markdown link. */
function placeUri(context: ServerContext, analysis: ModuleAnalysis, location: Location): string {
  const path = analysis.resolve(location.file);
  const line = mapperFor(context, analysis, path)(location.line - 1) + 1;
  return `${context.documents.uriOf(path).replace(/\(/g, '%28').replace(/\)/g, '%29')}#L${line}`;
}

interface Word {
  text: string;
  range: Range;
  afterMemberOperator: boolean;
}

function wordAt(context: ServerContext, document: TextDocument, position: Position): Word | undefined {
  const text = document.getText();
  const offset = context.documents.lines(document).offset(position.line, position.character);
  let start = offset;
  let end = offset;
  while (start > 0 && /\w/.test(text[start - 1])) start--;
  while (end < text.length && /\w/.test(text[end])) end++;
  if (start === end || /\d/.test(text[start])) return undefined;
  return {
    text: text.slice(start, end),
    range: {
      start: { line: position.line, character: position.character - (offset - start) },
      end: { line: position.line, character: position.character + (end - offset) },
    },
    afterMemberOperator:
      /(?:->|\.)\s*$/.test(text.slice(Math.max(0, start - 20), start)) && !/\.\.\.\s*$/.test(text.slice(Math.max(0, start - 20), start)),
  };
}

interface IndexedUse extends FieldUse {
  column: number;
}

/** Field uses by file and line, made once per analysis. */
const indexes = new WeakMap<ModuleAnalysis, Map<string, IndexedUse[]>>();

function indexOf(analysis: ModuleAnalysis): Map<string, IndexedUse[]> {
  const known = indexes.get(analysis);
  if (known) return known;
  const index = new Map<string, IndexedUse[]>();
  for (const driver of analysis.report.drivers) {
    for (const entryPoint of driver.entryPoints) {
      for (const field of entryPoint.fields) {
        for (const location of field.locations) {
          const key = `${analysis.resolve(location.file)}\0${location.line}`;
          const uses = index.get(key);
          const use: IndexedUse = { driver, entryPoint, field, column: location.column };
          if (uses) uses.push(use);
          else index.set(key, [use]);
        }
      }
    }
  }
  indexes.set(analysis, index);
  return index;
}

/**
 * The uses of the field that is named at a place. A touch's column may be that of the member or of the expression around it, and
 * two fields of one name may stand on a line: an exact hit wins, else the record whose touch begins nearest before the place.
 */
function fieldUses(analysis: ModuleAnalysis, path: string, line: number, column: number, word: string): FieldUse[] {
  const uses = (indexOf(analysis).get(`${path}\0${line}`) ?? []).filter((use) => use.field.field === word);
  if (uses.length === 0) return [];
  const exact = uses.filter((use) => column >= use.column && column <= use.column + word.length);
  const candidates = exact.length > 0 ? exact : nearest(uses, column);
  const of = candidates[0].field;
  // The place may belong to several entry points; what else they do with the same field elsewhere is not of this place.
  return candidates.filter((use) => sameField(use.field, of));
}

function nearest(uses: IndexedUse[], column: number): IndexedUse[] {
  const before = uses.filter((use) => use.column <= column);
  const pool = before.length > 0 ? before : uses;
  const best = Math.max(...pool.map((use) => use.column));
  return pool.filter((use) => use.column === best);
}

function sameField(a: Field, b: Field): boolean {
  return a.record === b.record && a.field === b.field;
}

/**
 * "Isolate", "Stop isolating" and "Generate again": what would be written is worked out and shown first, and what is then written is
 * exactly that. The generated files are written here, the driver's own text by the editor.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CancellationToken, LSPErrorCodes, ResponseError, type TextEdit, type WorkspaceEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { GeneratedFile } from '../codegen/model';
import { changedFiles, editedFiles, generatedFilesOf, removeGenerated, writeGenerated } from '../engine/generatedFolder';
import { isolationFolder } from '../engine/isolationFolder';
import type { RefusedEntry } from '../report/isolation/model';
import type { DriverReport } from '../report/model';
import { applyEdits, markEdits, unmarkEdits } from './annotationEdits';
import type { ServerContext } from './context';
import type { ModuleAnalysis } from './moduleAnalysis';
import { fileUriOfPath, nameRange } from './positions';
import type { ApplyIsolationParams, ApplyIsolationResult, IsolateParams, IsolationPreview, IsolationRefusal } from './protocol';

/** What was shown last, and waits for a yes. */
interface Prepared {
  preview: IsolationPreview;
  folder: string;
  /** null: the generated module goes. */
  files: GeneratedFile[] | null;
  /** The driver's text that changes, as it was; null when none does. */
  source: { path: string; before: string; edits: TextEdit[] } | null;
}

export class Isolations {
  private prepared: Prepared | undefined;
  private count = 0;

  /** `fgft/isolate`: works out a change and remembers it until the next is asked for. Writes nothing. */
  async prepare(context: ServerContext, params: IsolateParams, token: CancellationToken): Promise<IsolationPreview> {
    const { driver, analysis } = await driverOf(context, params, token);
    const suspects = driver.entryPoints.filter((e) => e.suspect).map((e) => e.name);
    const { mode, entryPoint: name } = params;
    const wanted =
      mode === 'refresh' || name === undefined
        ? suspects
        : mode === 'add'
          ? [...new Set([...suspects, name])]
          : suspects.filter((s) => s !== name);
    const source = mode === 'refresh' || name === undefined ? null : sourceOf(context, analysis, driver, name, mode);
    const first = analysis.resolve(driver.files[0]);
    const folder = isolationFolder(String(analysis.settings.get('fgft.isolate.folder') ?? ''), driver.name, first);
    const preview: IsolationPreview = {
      token: String(++this.count),
      module: driver.name,
      folder,
      entryPoints: wanted,
      sources: source ? [{ uri: context.documents.uriOf(source.path), after: source.after, edits: source.edits }] : [],
      files: [],
      edited: [],
      refusals: [],
      refused: false,
    };
    let files: GeneratedFile[] | null = null;
    if (wanted.length > 0) {
      const made = await generate(context, first, driver.name, wanted, source ? [[source.path, source.after]] : [], analysis);
      files = made.files;
      preview.refusals = made.refused.flatMap((r) => refusalsOf(context, analysis, r));
      preview.entryPoints = made.isolated;
      preview.refused = made.isolated.length === 0 || (mode === 'add' && name !== undefined && !made.isolated.includes(name));
      if (preview.refused && preview.refusals.every((r) => r.name !== name)) preview.refusals.push(withoutReason(name ?? wanted[0]));
    }
    if (!preview.refused) {
      preview.files = files ? fileChanges(folder, files) : removals(folder);
      preview.edited = files ? editedFiles(folder, files) : generatedFilesOf(folder).edited;
      this.prepared = { preview, folder, files, source };
    }
    return preview;
  }

  /** `fgft/applyIsolation`: does what was shown. Refused when something else was shown since, or the driver's text has changed. */
  apply(context: ServerContext, params: ApplyIsolationParams): ApplyIsolationResult {
    const { prepared } = this;
    if (!prepared || prepared.preview.token !== params.token)
      throw new ResponseError(LSPErrorCodes.RequestFailed, 'another change was prepared meanwhile: ask again');
    const { folder, files, source, preview } = prepared;
    if (source && textOf(context, source.path) !== source.before)
      throw new ResponseError(LSPErrorCodes.ContentModified, 'the driver has changed meanwhile: ask again');
    this.prepared = undefined;
    const keep = new Set(params.overwriteEdited ? [] : preview.edited);
    if (files) writeGenerated(folder, files, keep);
    const left = files ? [...keep] : removeGenerated(folder);
    // The engines read what is there; not every client watches files.
    context.pool.filesChanged([join(folder, 'Kbuild')]);
    context.analyses.everythingChanged();
    return { folder, left, edit: source ? editOf(context, source) : null };
  }
}

/** The driver that a request is about, analysed as its text is now. */
async function driverOf(
  context: ServerContext,
  params: IsolateParams,
  token: CancellationToken,
): Promise<{ analysis: ModuleAnalysis; driver: DriverReport }> {
  const { uri } = params.textDocument;
  const analysis = uri.startsWith('file:') ? await context.analyses.fresh(context.documents.pathOf(uri), token) : undefined;
  const { entryPoint } = params;
  const drivers = analysis?.report.drivers ?? [];
  const driver = entryPoint === undefined ? drivers[0] : drivers.find((d) => d.entryPoints.some((e) => e.name === entryPoint));
  if (!analysis || !driver)
    throw new ResponseError(LSPErrorCodes.RequestFailed, `there is no entry point ${entryPoint ?? ''} in the driver of this file`);
  return { analysis, driver };
}

/** The file that defines the entry point, with the edits that mark it or take its mark away; null when nothing is to be edited. */
function sourceOf(
  context: ServerContext,
  analysis: ModuleAnalysis,
  driver: DriverReport,
  name: string,
  mode: 'add' | 'remove',
): (NonNullable<Prepared['source']> & { after: string }) | null {
  const entry = driver.entryPoints.find((e) => e.name === name)!;
  const path = analysis.resolve(entry.location.file);
  const before = textOf(context, path);
  const edits = before === undefined ? undefined : mode === 'add' ? markEdits(before, name) : unmarkEdits(before, name);
  if (before === undefined || !edits || edits.length === 0) return null;
  const document = context.documents.atPath(path) ?? TextDocument.create(fileUriOfPath(path), 'c', 0, before);
  const textEdits = edits.map((edit): TextEdit => ({
    range: { start: document.positionAt(edit.start), end: document.positionAt(edit.end) },
    newText: edit.text,
  }));
  return { path, before, after: applyEdits(before, edits), edits: textEdits };
}

/** As the editor holds it, else as it is on disk. */
function textOf(context: ServerContext, path: string): string | undefined {
  const document = context.documents.atPath(path);
  if (document) return document.getText();
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

interface Made {
  files: GeneratedFile[];
  isolated: string[];
  refused: RefusedEntry[];
}

async function generate(
  context: ServerContext,
  path: string,
  module: string,
  entries: string[],
  texts: [string, string][],
  analysis: ModuleAnalysis,
): Promise<Made> {
  const engine = context.pool.for(analysis.settings);
  if (!engine.isolate) throw new ResponseError(LSPErrorCodes.RequestFailed, 'this server cannot generate modules');
  const answer = await engine.isolate(path, { entries, texts });
  const kernel = answer.problems.find((p) => p.kind === 'no-kernel-tree');
  if (kernel) throw new ResponseError(LSPErrorCodes.RequestFailed, `${kernel.message}: without it the layout of the records is unknown`);
  const found = answer.modules.find((m) => m.plan.module === module) ?? answer.modules[0];
  if (!found) throw new ResponseError(LSPErrorCodes.RequestFailed, answer.problems.map((p) => p.message).join('; '));
  return { files: found.files, isolated: found.plan.entries.map((e) => e.name), refused: found.plan.refused };
}

function refusalsOf(context: ServerContext, analysis: ModuleAnalysis, refused: RefusedEntry): IsolationRefusal[] {
  return refused.refusals.map(({ reason, location, advice }) => {
    const at = location ?? refused.location;
    return {
      name: refused.name,
      reason,
      advice,
      uri: context.documents.uriOf(analysis.resolve(at.file)),
      range: nameRange(at, 1),
    };
  });
}

/** Init and exit functions are not planned at all. */
function withoutReason(name: string): IsolationRefusal {
  const reason = 'it runs once, when the module or its device comes or goes: there is no caller to give an error to';
  return { name, reason, advice: null, uri: null, range: null };
}

/** What becomes of the folder. Files that stay as they are are not listed. */
function fileChanges(folder: string, files: readonly GeneratedFile[]): IsolationPreview['files'] {
  const { added, changed, removed } = changedFiles(folder, files);
  const texts = new Map(files.map((f) => [f.path, f.text]));
  const row = (path: string, change: 'added' | 'changed'): IsolationPreview['files'][number] => ({
    path,
    uri: fileUriOfPath(join(folder, path)),
    change,
    text: texts.get(path) ?? '',
  });
  // What was made for this driver comes before the runtime, which is always the same.
  const first = (path: string): number =>
    /^(native|suspect)\/.*\.c$/.test(path) ? 0 : path.includes('/') || /^(Kbuild|Makefile)$/.test(path) ? 1 : 2;
  added.sort((a, b) => first(a) - first(b));
  return [...added.map((p) => row(p, 'added')), ...changed.map((p) => row(p, 'changed')), ...removed.map((p) => removal(folder, p))];
}

function removals(folder: string): IsolationPreview['files'] {
  return generatedFilesOf(folder).untouched.map((path) => removal(folder, path));
}

function removal(folder: string, path: string): IsolationPreview['files'][number] {
  return { path, uri: fileUriOfPath(join(folder, path)), change: 'removed', text: null };
}

function editOf(context: ServerContext, { path, edits }: NonNullable<Prepared['source']>): WorkspaceEdit {
  const document = context.documents.atPath(path);
  const uri = context.documents.uriOf(path);
  if (!context.abilities.documentChanges) return { changes: { [uri]: edits } };
  return { documentChanges: [{ textDocument: { uri, version: document?.version ?? null }, edits }] };
}

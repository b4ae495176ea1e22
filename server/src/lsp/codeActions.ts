/** `textDocument/codeAction` and its resolve: mark and unmark entry points as suspect, explain a finding. */
import {
  type CancellationToken,
  type ChangeAnnotation,
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type Command,
  LSPErrorCodes,
  ResponseError,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { DriverReport, EntryPoint, FindingFix } from '../report/model';
import { ruleCatalogue } from '../report/ruleCatalogue';
import { definitionOf, markEdits, type OffsetEdit, suspectAnnotations, unmarkEdits } from './annotationEdits';
import { analysisFor, entryPointsIn, type ServerContext } from './context';
import { type DiagnosticData, diagnosticSource } from './diagnostics';
import { outlineOf } from './functionOutline';
import { isolatedModule } from './isolatedModule';
import { annotateMemberEdits } from './memberEdits';
import { showMessage } from './messages';
import type { ModuleAnalysis } from './moduleAnalysis';
import { annotateParameterEdits } from './parameterEdits';
import { commands } from './protocol';

/** Kind of the mark and unmark actions away from a diagnostic. */
export const suspectActionKind = `${CodeActionKind.RefactorRewrite}.fgft.suspect`;

/** Kind of the actions that generate an isolated module, or take it away. */
export const isolateActionKind = `${CodeActionKind.RefactorRewrite}.fgft.isolate`;

/** What an unresolved action carries. */
interface ActionData {
  uri: string;
  version: number;
  mark: boolean;
  name: string;
  /** Set instead of a function's name: the annotation of a member or parameter. */
  fix?: FindingFix;
}

export async function codeActions(
  context: ServerContext,
  params: CodeActionParams,
  token: CancellationToken,
): Promise<(CodeAction | Command)[]> {
  if (!context.abilities.codeActionLiterals) return [];
  const found = await analysisFor(context, params.textDocument.uri, token);
  const document = context.documents.get(params.textDocument.uri);
  if (!document || token.isCancellationRequested) return [];
  const wanted = (kind: string): boolean =>
    !params.context.only || params.context.only.some((only) => kind === only || kind.startsWith(only + '.'));
  const actions: CodeAction[] = [];
  const outline = outlineOf(document.getText());
  const first = document.offsetAt(params.range.start);
  const last = document.offsetAt(params.range.end);

  const suspectAction = (name: string, kind: string): CodeAction | undefined => {
    const definition = definitionOf(outline, name);
    if (!definition) return undefined;
    const mark = suspectAnnotations(outline, definition).length === 0;
    const data: ActionData = { uri: document.uri, version: document.version, mark, name };
    const action: CodeAction = { title: mark ? `Mark '${name}' as suspect` : `Unmark '${name}' as suspect`, kind, data };
    if (!context.abilities.codeActionResolveEdit) {
      action.edit = editFor(context, document, data);
      delete action.data;
    }
    return action;
  };

  for (const diagnostic of params.context.diagnostics) {
    if (diagnostic.source !== diagnosticSource) continue;
    const data = diagnostic.data as Partial<DiagnosticData> | undefined;
    for (const name of wanted(CodeActionKind.QuickFix) ? (data?.entryPoints ?? []).slice(0, 3) : []) {
      const action = suspectAction(name, CodeActionKind.QuickFix);
      if (action?.title.startsWith('Mark')) actions.push({ ...action, diagnostics: [diagnostic] });
    }
    if (data?.fix && wanted(CodeActionKind.QuickFix)) {
      const action = annotateAction(context, document, data.fix);
      if (action) actions.push({ ...action, diagnostics: [diagnostic] });
    }
    const rule = String(diagnostic.code);
    if (rule === 'stubs/stale' && wanted(CodeActionKind.QuickFix)) {
      const title = 'Generate the isolated module again...';
      const command = { title, command: commands.regenerate, arguments: [document.uri] };
      actions.push({ title, kind: CodeActionKind.QuickFix, diagnostics: [diagnostic], isPreferred: true, command });
    }
    if (wanted(CodeActionKind.QuickFix) && Object.hasOwn(ruleCatalogue, rule)) {
      const title = `Explain ${rule}`;
      actions.push({
        title,
        kind: CodeActionKind.QuickFix,
        diagnostics: [diagnostic],
        command: { title, command: commands.explainRule, arguments: [rule] },
      });
    }
  }
  if (found && wanted(suspectActionKind)) {
    for (const { entryPoint } of entryPointsIn(found.analysis, found.path)) {
      const definition = definitionOf(outline, entryPoint.name);
      if (!definition || last < definition.start || first > definition.end) continue;
      // In a body the bulb would shine on every line: only who asks for refactorings gets it there.
      if (first > definition.body && !params.context.only) continue;
      const action = suspectAction(entryPoint.name, suspectActionKind);
      if (action) actions.push(action);
    }
  }
  if (found && wanted(isolateActionKind)) {
    const here = entryPointsIn(found.analysis, found.path).filter(({ entryPoint }) => {
      const definition = definitionOf(outline, entryPoint.name);
      return definition && last >= definition.start && first <= definition.end && (first <= definition.body || params.context.only);
    });
    actions.push(...here.flatMap(({ driver, entryPoint }) => isolateActions(context, document.uri, found.analysis, driver, entryPoint)));
  }
  return actions;
}

/** "Isolate" for what is not isolated yet, "Stop isolating" for what is. What they would write is shown before anything is written. */
function isolateActions(
  context: ServerContext,
  uri: string,
  analysis: ModuleAnalysis,
  driver: DriverReport,
  { name }: EntryPoint,
): CodeAction[] {
  if (!uri.startsWith('file:') || !context.pool.for(analysis.settings).isolate) return [];
  const isolated = isolatedModule(analysis, driver)?.entries.includes(name) === true;
  const title = isolated ? `Stop isolating '${name}'...` : `Isolate '${name}'...`;
  const command = { title, command: isolated ? commands.stopIsolating : commands.isolate, arguments: [uri, name] };
  return [{ title, kind: isolateActionKind, command }];
}

function annotationEdits(text: string, fix: FindingFix): OffsetEdit[] | undefined {
  return fix.kind === 'annotate-member'
    ? annotateMemberEdits(text, fix.record, fix.member, fix.annotation)
    : annotateParameterEdits(text, fix.function, fix.parameter, fix.annotation);
}

/** The quick fix that annotates a member or parameter; undefined when this document does not declare it, or the annotation is there. */
function annotateAction(context: ServerContext, document: TextDocument, fix: FindingFix): CodeAction | undefined {
  if (!annotationEdits(document.getText(), fix)) return undefined;
  const name = fix.kind === 'annotate-member' ? `${fix.record}.${fix.member}` : `${fix.parameter} of ${fix.function}`;
  const title = `Annotate ${name} with ${fix.annotation}`;
  const data: ActionData = { uri: document.uri, version: document.version, mark: true, name, fix };
  const action: CodeAction = { title, kind: CodeActionKind.QuickFix, data };
  if (!context.abilities.codeActionResolveEdit) {
    action.edit = editFor(context, document, data);
    delete action.data;
  }
  return action;
}

/** `codeAction/resolve`. Refused, with a message to the user, when the document is not the one that the action was made for. */
export function resolveCodeAction(context: ServerContext, action: CodeAction): CodeAction {
  const data = action.data as ActionData | undefined;
  if (!data || typeof data.uri !== 'string') return action;
  const document = context.documents.get(data.uri);
  if (!document || document.version !== data.version) {
    const message = `'${action.title}' was not done: the text has changed meanwhile. Ask for the actions again.`;
    showMessage(context.connection, 'warning', message);
    throw new ResponseError(LSPErrorCodes.ContentModified, message);
  }
  return { ...action, edit: editFor(context, document, data) };
}

function editFor(context: ServerContext, document: TextDocument, { mark, name, fix }: ActionData): WorkspaceEdit {
  const text = document.getText();
  const edits = (fix ? annotationEdits(text, fix) : mark ? markEdits(text, name) : unmarkEdits(text, name)) ?? [];
  const toEdit = (edit: OffsetEdit): TextEdit => ({
    range: { start: document.positionAt(edit.start), end: document.positionAt(edit.end) },
    newText: edit.text,
  });
  if (!context.abilities.documentChanges) return { changes: { [document.uri]: edits.map(toEdit) } };
  const textDocument = { uri: document.uri, version: document.version };
  if (!context.abilities.changeAnnotations) return { documentChanges: [{ textDocument, edits: edits.map(toEdit) }] };
  const annotated = edits.map((edit) => ({ ...toEdit(edit), annotationId: edit.part }));
  const changeAnnotations: Record<string, ChangeAnnotation> = {};
  for (const { part } of edits) changeAnnotations[part] = changeAnnotation(part, mark, name, fix);
  return { documentChanges: [{ textDocument, edits: annotated }], changeAnnotations };
}

function changeAnnotation(part: OffsetEdit['part'], mark: boolean, name: string, fix?: FindingFix): ChangeAnnotation {
  if (part === 'annotation' && fix)
    return { label: `Annotate ${name}`, description: `${fix.annotation} before its declaration`, needsConfirmation: false };
  if (part === 'annotation') {
    const label = mark ? `Mark ${name} as suspect` : `Unmark ${name}`;
    return { label, description: 'the annotation before the definition', needsConfirmation: false };
  }
  const label = mark ? 'Include fgft.h' : 'Remove the include of fgft.h';
  return {
    label,
    description: mark ? 'declares the annotations; empty in the normal build' : 'no annotation is left in this file',
    needsConfirmation: false,
  };
}

/**
 * Functions that save and restore the device, cut from the driver's own suspend and resume: their text with what stops or powers the
 * device left out, statement by statement, each with its reason. A call of which a part stays is a call of a copy that was cut alike.
 */
import type { DriverReport, SplitStatement } from '../report/model';
import { applyEdits, type DefinedFunction, type Edit, flattened, lineOf, type SourceFile } from './source';

/** What is read of a driver's report. */
export type CheckpointDriver = Pick<DriverReport, 'name' | 'powerManagement' | 'checkpoint'>;

export interface CheckpointInput {
  driver: CheckpointDriver;
  files: readonly SourceFile[];
  banner: string;
}

interface Cut {
  /** In front of the names of the functions that are made. */
  prefix: string;
  phase: SplitStatement['phase'];
  kept: 'checkpoint' | 'restore';
}

const CHECKPOINT: Cut = { prefix: 'fgft_save_', phase: 'suspend', kept: 'checkpoint' };
const QUIESCE: Cut = { prefix: 'fgft_quiesce_', phase: 'suspend', kept: 'restore' };
const RESTORE: Cut = { prefix: 'fgft_restore_', phase: 'resume', kept: 'restore' };

function definitionOf(files: readonly SourceFile[], name: string): { file: SourceFile; definition: DefinedFunction } | null {
  for (const file of files) {
    const definition = file.functions.find((f) => f.name === name);
    if (definition) return { file, definition };
  }
  return null;
}

/** Offset of a 1-based position. */
function offsetOf(text: string, line: number, column: number): number {
  let at = 0;
  for (let i = 1; i < line; i++) {
    const next = text.indexOf('\n', at);
    if (next < 0) return text.length;
    at = next + 1;
  }
  return at + column - 1;
}

/** Behind the semicolon that ends a statement. */
function endOfStatement(text: string, start: number): number {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    const c = text[i];
    if (c === '"' || c === "'") {
      for (i++; i < text.length && text[i] !== c; i++) if (text[i] === '\\') i++;
    } else if (c === '(' || c === '{' || c === '[') depth++;
    else if (c === ')' || c === '}' || c === ']') depth--;
    else if (c === ';' && depth <= 0) return i + 1;
  }
  return text.length;
}

/** Behind the brace that closes a body. */
function endOfBody(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    const c = text[i];
    if (c === '"' || c === "'") {
      for (i++; i < text.length && text[i] !== c; i++) if (text[i] === '\\') i++;
    } else if (c === '/' && text[i + 1] === '*') i = text.indexOf('*/', i + 2) + 1;
    else if (c === '/' && text[i + 1] === '/') i = text.indexOf('\n', i);
    else if (c === '{') depth++;
    else if (c === '}' && --depth === 0) return i + 1;
  }
  return text.length;
}

/** Is a statement of this use part of the cut? What neither saves nor restores stays beside its neighbours. */
function stays(statement: SplitStatement, cut: Cut): boolean {
  return statement.use === 'context' || statement.use === 'mixed' || statement.use === cut.kept;
}

/** A variable, perhaps declared at once, that a statement gives a value. */
const ASSIGNMENT = /^((?:[A-Za-z_]\w*[\s*]+)*)([A-Za-z_]\w*)\s*=(?!=)/;

/** What stands where a statement is left out. A result that is asked for later says that all went well. */
export function instead(statement: string): string {
  const assigned = ASSIGNMENT.exec(statement);
  return assigned ? `${assigned[1]}${assigned[2]} = 0;` : 'do { } while (0);';
}

function statementsOf(input: CheckpointInput, name: string, cut: Cut): readonly SplitStatement[] {
  return input.driver.checkpoint.split.filter((s) => s.phase === cut.phase && s.function === name);
}

/**
 * True when a cut of the function has something to do. A function that is not split, or whose text is not at hand, would run whole: it
 * may take part in a restore, but saving must not stop anything.
 */
function remains(input: CheckpointInput, name: string, cut: Cut, seen = new Set<string>()): boolean {
  if (seen.has(name)) return false;
  seen.add(name);
  const statements = statementsOf(input, name, cut);
  if (statements.length === 0 || !definitionOf(input.files, name)) return cut.kept === 'restore';
  return statements.some((s) => s.use === cut.kept || (s.use === 'mixed' && s.calls.some((callee) => remains(input, callee, cut, seen))));
}

/** A function of the driver cut down, after the functions that it needs; null when nothing of it is left or its text cannot be found. */
function cutFunction(input: CheckpointInput, name: string, cut: Cut, made: Map<string, string>): string | null {
  const newName = cut.prefix + name;
  if (made.has(newName)) return newName;
  const found = definitionOf(input.files, name);
  const statements = statementsOf(input, name, cut);
  if (!found || statements.length === 0 || !remains(input, name, cut)) return null;
  const { file, definition } = found;
  const edits: Edit[] = [{ start: definition.nameAt, end: definition.nameAt + name.length, text: newName }];
  if (!definition.isStatic) edits.push({ start: definition.start, end: definition.start, text: 'static ' });
  for (const statement of statements) {
    const start = offsetOf(file.text, statement.location.line, statement.location.column);
    const end = endOfStatement(file.text, start);
    // A declaration stays for what is left; so does a way out.
    if (/^(return|goto)\b/.test(statement.text)) continue;
    const isEmpty = statement.use === 'mixed' && !statement.calls.some((callee) => remains(input, callee, cut));
    if (isEmpty || !stays(statement, cut)) {
      edits.push({
        start,
        end,
        text: `${instead(flattened(statement.text))} /* ${statement.part}: ${flattened(statement.text).replace(/\*\//g, '* /')} */`,
      });
      continue;
    }
    if (statement.use !== 'mixed') continue;
    for (const callee of statement.calls) {
      const replaced = cutFunction(input, callee, cut, made);
      const at = file.text.slice(start, end).search(new RegExp(`\\b${callee}\\b`));
      if (replaced && at >= 0) edits.push({ start: start + at, end: start + at + callee.length, text: replaced });
    }
  }
  for (const sleep of input.driver.checkpoint.sleeps) {
    if (sleep.function !== name || sleep.replacement === null) continue;
    const start = offsetOf(file.text, sleep.location.line, sleep.location.column);
    const length = file.text.slice(start).startsWith(sleep.text) ? sleep.text.length : 0;
    if (length > 0) edits.push({ start, end: start + length, text: sleep.replacement });
  }
  const until = endOfBody(file.text, definition.bodyAt);
  const inside = edits
    .filter((e) => e.start >= definition.start && e.end <= until)
    .map((e) => ({ ...e, start: e.start - definition.start, end: e.end - definition.start }));
  const line = lineOf(file.text, definition.start);
  const cutText = unusedAllowed(applyEdits(file.text.slice(definition.start, until), inside));
  made.set(newName, `/* from ${file.display}:${line} */\n${cutText}\n`);
  return newName;
}

/** Variables that nothing uses any more after the cut are no mistake. */
const UNUSED_ALLOWED = ['variable', 'but-set-variable'].map((what) => `#pragma GCC diagnostic ignored "-Wunused-${what}"`);

function unusedAllowed(text: string): string {
  return ['#pragma GCC diagnostic push', ...UNUSED_ALLOWED, text, '#pragma GCC diagnostic pop'].join('\n');
}

/** The parameter list of a function, and how to name its first parameter. */
function parametersOf(input: CheckpointInput, name: string): { list: string; first: string; isDevice: boolean } | null {
  const found = definitionOf(input.files, name);
  if (!found) return null;
  const head = flattened(found.file.text.slice(found.definition.nameAt + name.length, found.definition.bodyAt));
  const list = head.replace(/^\s*\(/, '').replace(/\)[^)]*$/, '');
  const first = /(\w+)\s*(?:,|$)/.exec(list.split(',')[0])?.[1] ?? '';
  return { list, first, isDevice: /^(const )?struct device\b/.test(list.trim()) };
}

function caller(name: string, what: string, parameters: { list: string }, calls: readonly string[]): string {
  return [`/* ${what} */`, `static void __maybe_unused ${name}(${parameters.list})`, '{', ...calls.map((c) => `\t${c};`), '}', ''].join(
    '\n',
  );
}

/** What was cut from suspend and resume; names are null where nothing of a function is left. */
export interface CutCheckpoint {
  /** Text of the functions, in an order in which each stands before its callers. */
  functions: readonly string[];
  save: string | null;
  quiesce: string | null;
  restore: string | null;
  /** Of suspend, as written; names in order. */
  parameters: { list: string; names: readonly string[]; first: string; isDevice: boolean };
  /** A call of one of the functions, with what it takes of suspend's parameters. */
  call(made: string | null): string[];
}

/** Cuts suspend and resume; a reason when nothing can be derived from them. */
export function cutCheckpoint(input: CheckpointInput): CutCheckpoint | { reason: string } {
  const { checkpoint, powerManagement } = input.driver;
  if (checkpoint.status !== 'derivable' && checkpoint.status !== 'stateless') return { reason: checkpoint.reason };
  const { suspend, resume } = powerManagement;
  const parameters = suspend ? parametersOf(input, suspend) : resume ? parametersOf(input, resume) : null;
  if (!parameters) return { reason: 'the definition of suspend cannot be found in the text' };
  const made = new Map<string, string>();
  const save = suspend && cutFunction(input, suspend, CHECKPOINT, made);
  const quiesce = suspend && cutFunction(input, suspend, QUIESCE, made);
  const restore = resume && cutFunction(input, resume, RESTORE, made);
  const names = parameters.list.split(',').map((p) => /(\w+)\s*$/.exec(p.trim())?.[1] ?? '');
  return {
    functions: [...made.values()],
    save,
    quiesce,
    restore,
    parameters: { ...parameters, names },
    call: (f) => (f ? [`${f}(${argumentsFor(input, f, names)})`] : []),
  };
}

/** The text of the two functions and all they need; null with the reason when no checkpoint can be derived. */
export function checkpointText(input: CheckpointInput): { text: string } | { reason: string } {
  const cut = cutCheckpoint(input);
  if ('reason' in cut) return cut;
  const { checkpoint, name } = input.driver;
  const { parameters, call } = cut;
  const device = parameters.isDevice && checkpoint.bus?.save.startsWith('pci_') ? `to_pci_dev(${parameters.first})` : parameters.first;
  const stem = name.replace(/\W/g, '_');
  return {
    text: [
      input.banner,
      ...cut.functions,
      caller(`fgft_checkpoint_${stem}`, `Saves ${checkpoint.bus?.saves ?? 'what suspend saves'}; the device goes on working.`, parameters, [
        ...call(cut.save),
        ...(checkpoint.bus ? [`${checkpoint.bus.save}(${device})`] : []),
      ]),
      caller(`fgft_restore_${stem}`, 'Brings the device back to its checkpoint after a fault.', parameters, [
        ...call(cut.quiesce),
        ...(checkpoint.bus ? [`${checkpoint.bus.restore}(${device})`] : []),
        ...call(cut.restore),
      ]),
    ].join('\n'),
  };
}

/** Resume may take fewer parameters than suspend. */
function argumentsFor(input: CheckpointInput, made: string, names: readonly string[]): string {
  const original = made.replace(/^fgft_(save|quiesce|restore)_/, '');
  const own = parametersOf(input, original)?.list.split(',').length ?? names.length;
  return names.slice(0, own).join(', ');
}

/**
 * The two copies of a driver's file. Both keep every line where it was, so that `#line` leads all messages to the original.
 *
 * The native copy is what runs when nothing is isolated: entry points that are isolated get another name, and their stubs, which
 * stand behind the last line, take theirs. The suspect copy is what runs in transactions: it has no data of its own, every
 * variable is the native copy's, so that both see the same state and the same addresses.
 */
import { dataName, nativeName, shapeName } from './names';
import { applyEdits, type DefinedFunction, type DefinedVariables, type Edit, flattened, lineOf, type SourceFile } from './source';

/** The kernel's `inline` is an attribute that contradicts `noinline`; whoever stands in a table is called through it anyway. */
const INLINE = /\b(__always_inline|__inline__|__inline|inline)\b/g;

/** The head of a definition as a declaration: everything before the body. */
export function headOf(file: SourceFile, definition: DefinedFunction): string {
  return flattened(file.text.slice(definition.start, definition.bodyAt).replace(INLINE, ''));
}

/**
 * The file with the definitions of `entries` renamed. A declaration stands before each, because tables may follow before the stub does. They
 * stay functions of their own: the stub of one that is switched off is a branch and a jump.
 */
export function nativeCopy(file: SourceFile, entries: ReadonlySet<string>): string {
  const edits: Edit[] = [];
  for (const f of file.functions) {
    if (!entries.has(f.name)) continue;
    edits.push({ start: f.start, end: f.start, text: `${headOf(file, f)}; noinline ${f.isStatic ? '' : 'static '}` });
    for (const { index, 0: word } of file.text.slice(f.start, f.nameAt).matchAll(INLINE))
      edits.push({ start: f.start + index, end: f.start + index + word.length, text: '' });
    edits.push({ start: f.nameAt, end: f.nameAt + f.name.length, text: nativeName(f.name) });
  }
  return `#line 1 "${file.display}"\n${applyEdits(file.text, edits)}`;
}

/** The declarations, at the end of the native copy, that let the suspect copy use its static variables. */
export function sharedData(file: SourceFile, fileNumber: number): string[] {
  return file.variables
    .filter((v) => v.isStatic)
    .flatMap((v) => v.names)
    .filter((n) => !n.discarded)
    .map(({ name }) => `extern __typeof__(${name}) ${dataName(fileNumber, name)} __attribute__((alias("${name}")));`);
}

/** Variables that other files may name: the suspect object leaves them undefined, and the linker finds the native ones. */
export function exportedData(file: SourceFile): string[] {
  return file.variables.filter((v) => !v.isStatic).flatMap((v) => v.names.map((n) => n.name));
}

/** The file without data of its own. */
export function suspectCopy(file: SourceFile, fileNumber: number): string {
  const edits: Edit[] = file.variables.flatMap((v) => variableEdits(file, fileNumber, v));
  return `#line 1 "${file.display}"\n${applyEdits(file.text, edits)}`;
}

function variableEdits(file: SourceFile, fileNumber: number, declaration: DefinedVariables): Edit[] {
  const kept = declaration.names.filter((n) => !n.discarded);
  if (kept.length === 0) return [];
  const label = (name: string): string => (declaration.isStatic ? ` asm("${dataName(fileNumber, name)}")` : '');
  // A name that a macro makes cannot be renamed in the text: the macro stays, and its name is led to the native variable from here on.
  if (kept.some((n) => n.nameAt === null)) {
    const lines = kept.map(
      ({ name }) => `extern __typeof__(${name}) ${dataName(fileNumber, name)};\n#define ${name} ${dataName(fileNumber, name)}\n`,
    );
    const line = lineOf(file.text, declaration.end);
    return [{ start: declaration.end, end: declaration.end, text: `\n${lines.join('')}#line ${line} "${file.display}"\n` }];
  }
  const edits: Edit[] = kept.map((n) => ({ start: n.nameAt!, end: n.nameAt! + n.name.length, text: shapeName(n.name) }));
  if (!declaration.isStatic) edits.unshift({ start: declaration.start, end: declaration.start, text: 'static ' });
  const externs = kept.map((n) => ` extern __typeof__(${shapeName(n.name)}) ${n.name}${label(n.name)};`).join('');
  return [...edits, { start: declaration.end, end: declaration.end, text: externs }];
}

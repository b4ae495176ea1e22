/** A driver's file as the generator sees it: its text and where in it functions and variables are defined. Plain data; offsets count in the file's own text. */

export interface DefinedFunction {
  name: string;
  /** Where the definition starts, its storage class included. */
  start: number;
  nameAt: number;
  /** The opening brace of the body. */
  bodyAt: number;
  isStatic: boolean;
}

/** One declaration at file scope that makes variables. */
export interface DefinedVariables {
  start: number;
  /** Behind the semicolon. */
  end: number;
  isStatic: boolean;
  names: {
    name: string;
    /** Where the name stands; null when a macro makes it (`DEVICE_ATTR_RW(x)` makes `dev_attr_x`). */
    nameAt: number | null;
    /** Lives in memory that is given back when the module has started (`__initdata`). */
    discarded: boolean;
  }[];
}

export interface SourceFile {
  /** Absolute path, for includes. */
  path: string;
  /** As messages name it. */
  display: string;
  text: string;
  functions: readonly DefinedFunction[];
  variables: readonly DefinedVariables[];
  isHeader: boolean;
}

export interface Edit {
  start: number;
  end: number;
  text: string;
}

/** The text with all edits made. Edits must not overlap; one that does is left out. Edits at one place keep their order. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const sorted = edits.map((edit, order) => ({ edit, order })).sort((a, b) => a.edit.start - b.edit.start || a.order - b.order);
  let result = '';
  let done = 0;
  for (const { edit } of sorted) {
    if (edit.start < done) continue;
    result += text.slice(done, edit.start) + edit.text;
    done = edit.end;
  }
  return result + text.slice(done);
}

/** A piece of source on one line, comments left out. */
export function flattened(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/\/\/[^\n]*/g, ' ')
    .replace(/\\\n/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** 1-based line of an offset. */
export function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let i = text.indexOf('\n'); i >= 0 && i < offset; i = text.indexOf('\n', i + 1)) line++;
  return line;
}

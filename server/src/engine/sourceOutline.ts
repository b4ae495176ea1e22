/** Where functions and variables of a parsed file stand in its own text: what the generator edits. */
import type { DefinedFunction, DefinedVariables, SourceFile } from '../codegen/source';
import { childByField, Field } from '../syntax/nodeAccess';
import type { Item } from '../syntax/nodes';
import { originOf } from '../syntax/preprocessed';
import type { VariableDeclaration } from '../symbols/types';
import type { ParsedFile } from './parsedFile';

const IDENTIFIER = /^\w+/;
/** Attributes of data that is gone once the module has started, or that only another program reads. */
const DISCARDED = /^__(init|exit|devinit)/;

const STORAGE_BEFORE = /\bstatic\s+(const\s+)?$/;

/** The offset in the file, or null for text that came out of one of the driver's macros. */
function originalOffset(file: ParsedFile, masked: number): number | null {
  const { offset, macro } = originOf(file.preprocessed.segments, masked);
  return macro === null ? offset : null;
}

/** Where a name stands, provided that it really stands there. */
function nameOffset(file: ParsedFile, masked: number, name: string): number | null {
  const at = originalOffset(file, masked);
  return at !== null && file.text.slice(at).match(IDENTIFIER)?.[0] === name ? at : null;
}

/** The definition that an item is; null when a macro makes it, so that it does not stand in the file's own text. */
export function functionOf(file: ParsedFile, item: Item, index: number): DefinedFunction | null {
  const [declared] = file.declarations[index].functions.filter((f) => f.defined);
  if (!declared) return null;
  const body = childByField(item.nodes, 0, Field.body);
  const start = originalOffset(file, item.start);
  const nameAt = nameOffset(file, item.start + declared.place.offset, declared.name);
  const bodyAt = body ? originalOffset(file, item.start + item.nodes.start[body]) : null;
  if (start === null || nameAt === null || bodyAt === null || file.text[bodyAt] !== '{' || /^\s*#/m.test(file.text.slice(start, bodyAt)))
    return null;
  return { name: declared.name, start, nameAt, bodyAt, isStatic: declared.storage === 'static' };
}

/** Behind the use of a macro that stands at an offset, its semicolon included; null where none stands there. */
function endOfUse(text: string, offset: number): number | null {
  const head = /^\w+\s*/.exec(text.slice(offset))?.[0];
  if (head === undefined) return null;
  let at = offset + head.length;
  if (text[at] === '(') {
    let depth = 0;
    do {
      if (text[at] === '(') depth++;
      else if (text[at] === ')') depth--;
      at++;
    } while (depth > 0 && at < text.length);
  }
  return at + (/^\s*;/.exec(text.slice(at))?.[0].length ?? 0);
}

/** Variables that a macro of the driver makes: all that stands in the text is the macro's use. */
function madeByMacro(file: ParsedFile, item: Item, variables: readonly VariableDeclaration[]): DefinedVariables | null {
  const { offset, macro } = originOf(file.preprocessed.segments, item.start);
  const end = macro === null ? null : endOfUse(file.text, offset);
  if (end === null) return null;
  return {
    start: offset,
    end,
    isStatic: variables.every((v) => v.storage === 'static'),
    names: variables.map((v) => ({ name: v.name, nameAt: null, discarded: v.attributes.some((a) => DISCARDED.test(a.name)) })),
  };
}

function variablesOf(file: ParsedFile, item: Item, index: number): DefinedVariables | null {
  const variables = file.declarations[index].variables.filter((v) => v.storage !== 'extern');
  if (variables.length === 0) return null;
  const start = originalOffset(file, item.start);
  const last = originalOffset(file, Math.max(item.start, item.end - 1));
  if (start === null || last === null) return madeByMacro(file, item, variables);
  const semicolon = file.text.indexOf(';', last);
  if (semicolon < 0) return null;
  return {
    // Before a macro, the storage class is no part of the item.
    start: start - (STORAGE_BEFORE.exec(file.text.slice(Math.max(0, start - 40), start))?.[0].length ?? 0),
    end: semicolon + 1,
    isStatic: variables.every((v) => v.storage === 'static'),
    names: variables.map((v) => ({
      name: v.name,
      nameAt: nameOffset(file, item.start + v.place.offset, v.name),
      discarded: v.attributes.some((a) => DISCARDED.test(a.name)),
    })),
  };
}

/** What the generator needs to know of a file. */
export function sourceOutline(file: ParsedFile, display: string, isHeader: boolean): SourceFile {
  return {
    path: file.path,
    display,
    text: file.text,
    functions: file.items.flatMap((item, i) => (item.kind === 'function_definition' ? (functionOf(file, item, i) ?? []) : [])),
    variables: file.items.flatMap((item, i) => (item.kind === 'function_definition' ? [] : (variablesOf(file, item, i) ?? []))),
    isHeader,
  };
}

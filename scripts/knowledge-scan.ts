/**
 * Reads which functions, macros and records the kernel's headers declare, and with how many parameters. It tells declarations by
 * their shape alone: enough to check and complete the knowledge rows, far too coarse for analysing a driver.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { scan, TokenKind } from '../server/src/syntax/tokens';

export interface ScannedCallable {
  file: string;
  macro: boolean;
  /** -1: variadic; null: an object-like macro, or a name that a macro generates, whose parameters cannot be seen. */
  parameters: number | null;
  /** `#define cpu_to_le32 __cpu_to_le32`: the name that an object-like macro stands for. */
  alias?: string;
}

export interface KernelNames {
  callables: Map<string, ScannedCallable[]>;
  /** Every identifier in the body of a record, by the record's tag or typedef name: enough to see that a member exists. */
  records: Map<string, { file: string; identifiers: Set<string> }>;
}

/** Accessors of registers on other architectures, which drivers of their devices call. */
const FURTHER_FILES = ['arch/powerpc/include/asm/io.h', 'arch/sparc/include/asm/io_64.h'];
/** Folders that hold what drivers include. Sources of bus and subsystem cores declare a few exported names in headers of their own. */
const FOLDERS = ['include', 'arch/x86/include', 'sound', 'drivers', 'net', 'block', 'kernel', 'lib', 'mm', 'fs'];

function headersUnder(root: string, folder: string, found: string[]): void {
  let entries;
  try {
    entries = readdirSync(join(root, folder), { withFileTypes: true });
  } catch {
    return;
  }
  for (const entry of entries) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) headersUnder(root, path, found);
    else if (entry.name.endsWith('.h')) found.push(path);
  }
}

function parametersOfText(text: string): number {
  const trimmed = text.trim();
  if (trimmed === '') return 0;
  return /\.\.\.\s*$/.test(trimmed) ? -1 : trimmed.split(',').length;
}

const DEFINE = /^#\s*define\s+(\w+)(\(([^)]*)\))?/;
const ALIAS = /^#\s*define\s+\w+\s+([A-Za-z_]\w*)\s*(?:\/\*.*)?$/;
/** Words that stand before a parenthesis without declaring anything. */
const NOT_FUNCTIONS = new Set([
  'if',
  'while',
  'for',
  'switch',
  'return',
  'sizeof',
  'typeof',
  '__typeof__',
  '__attribute__',
  'void',
  'int',
  'defined',
  'asm',
  '_Generic',
]);

/** Adds what one header declares. `file` is kernel-relative. */
export function scanHeader(file: string, text: string, names: KernelNames): void {
  const { count, start, end, kind } = scan(text);
  const word = (i: number): string => (i >= 0 && i < count ? text.slice(start[i], end[i]) : '');
  const add = (name: string, macro: boolean, parameters: number | null, alias?: string): void => {
    const list = names.callables.get(name);
    const entry: ScannedCallable = alias ? { file, macro, parameters, alias } : { file, macro, parameters };
    if (!list) names.callables.set(name, [entry]);
    else if (!list.some((x) => x.file === file && x.macro === macro && x.parameters === parameters)) list.push(entry);
  };
  /** `ACPI_EXTERNAL_RETURN_STATUS(acpi_status acpi_get_handle(…))`: a prototype inside a macro call; else only names can be told. */
  const declaredThroughMacro = (open: number, close: number): void => {
    for (let j = open + 1; j < close; j++) {
      if (kind[j] !== TokenKind.Identifier || word(j).length <= 3) continue;
      if (word(j + 1) === '(' && (kind[j - 1] === TokenKind.Identifier || word(j - 1) === '*')) {
        const end = matching(j + 1, word, count);
        add(word(j), false, parametersBetween(j + 1, end, word));
        j = end;
      } else add(word(j), false, null);
    }
  };
  let depth = 0;
  for (let i = 0; i < count; i++) {
    if (kind[i] === TokenKind.Directive) {
      const directive = text.slice(start[i], end[i]).replace(/\\\n/g, ' ');
      const define = DEFINE.exec(directive);
      // Of object-like macros only aliases of functions (`#define readb readb`) matter; the rest are the kernel's half million constants.
      if (define?.[2] !== undefined) add(define[1], true, parametersOfText(define[3]));
      else if (define) {
        const alias = ALIAS.exec(directive)?.[1];
        if (alias && (/[a-z]|^_/.test(alias) || !/^[A-Z0-9_]+$/.test(define[1]))) add(define[1], true, null, alias);
      }
      continue;
    }
    const w = word(i);
    const column = start[i] === 0 || text[start[i] - 1] === '\n';
    // Conditionals can leave braces unbalanced: a word in column 0 is at file scope again.
    if (column && kind[i] === TokenKind.Identifier && word(i + 1) !== ':') depth = 0;
    if (w === '{') depth++;
    else if (w === '}') depth = Math.max(0, depth - 1);
    else if (depth === 0 && (w === 'struct' || w === 'union' || w === 'typedef')) {
      const record = recordAt(i, word, count);
      if (record) {
        const identifiers = new Set<string>();
        for (let j = record.open; j < record.close; j++) if (kind[j] === TokenKind.Identifier) identifiers.add(word(j));
        for (const name of record.names) if (!names.records.has(name)) names.records.set(name, { file, identifiers });
        i = record.close;
      }
    } else if (depth === 0 && w === '(' && kind[i - 1] === TokenKind.Identifier) {
      const close = matching(i, word, count);
      const name = word(i - 1);
      const before = word(i - 2);
      // A call of a declaring macro may follow another one without a semicolon between them.
      const declared =
        (kind[i - 2] === TokenKind.Identifier || before === '*' || before === ')') && !(before === ')' && /^[A-Z0-9_]+$/.test(name));
      if (declared && !NOT_FUNCTIONS.has(name) && before !== 'define') add(name, false, parametersBetween(i, close, word));
      else if (!declared) declaredThroughMacro(i, close);
      i = close;
    }
  }
}

function matching(open: number, word: (i: number) => string, count: number): number {
  let depth = 0;
  for (let i = open; i < count; i++) {
    const w = word(i);
    if (w === '(') depth++;
    else if (w === ')' && --depth === 0) return i;
  }
  return count;
}

function parametersBetween(open: number, close: number, word: (i: number) => string): number {
  if (close === open + 1 || (close === open + 2 && word(open + 1) === 'void')) return 0;
  if (word(close - 1) === '.') return -1;
  let parameters = 1;
  let depth = 0;
  for (let i = open + 1; i < close; i++) {
    const w = word(i);
    if (w === '(') depth++;
    else if (w === ')') depth--;
    else if (w === ',' && depth === 0) parameters++;
  }
  return parameters;
}

/** The body and the names of a record that is defined at token `i`; undefined for mere mentions. */
function recordAt(i: number, word: (i: number) => string, count: number): { names: string[]; open: number; close: number } | undefined {
  let at = i;
  const typedef = word(at) === 'typedef';
  if (typedef) {
    at++;
    if (word(at) !== 'struct' && word(at) !== 'union') {
      // `typedef u32 name;` or a function type: only the name is of use.
      let end = at;
      while (end < count && word(end) !== ';') end++;
      const name = /^\w+$/.test(word(end - 1)) ? word(end - 1) : '';
      return name ? { names: [name], open: at, close: at } : undefined;
    }
  }
  at++;
  const names: string[] = [];
  while (at < count && /^\w+$/.test(word(at))) names.push(word(at++));
  if (word(at) !== '{') return undefined;
  const open = at;
  let depth = 0;
  for (; at < count; at++) {
    if (word(at) === '{') depth++;
    else if (word(at) === '}' && --depth === 0) break;
  }
  const close = at;
  if (typedef) {
    let end = close;
    while (end < count && word(end) !== ';') if (/^\w+$/.test(word(++end))) names.push(word(end));
  }
  return { names, open, close };
}

/** Reads every header of a kernel source tree that a driver might include: about 4 s of one core for 6.1. */
export function scanKernel(root: string): KernelNames {
  const names: KernelNames = { callables: new Map(), records: new Map() };
  const files: string[] = [];
  for (const folder of FOLDERS) headersUnder(root, folder, files);
  files.push(...FURTHER_FILES.filter((file) => existsSync(join(root, file))));
  for (const file of files) {
    // Register tables of the GPU drivers are a third of all header text and declare no function.
    if (/\/asic_reg\/|drivers\/gpu\/drm\/(amd|nouveau|radeon|i915)\/|\/staging\//.test(file)) continue;
    scanHeader(file, readFileSync(join(root, file), 'utf8'), names);
  }
  addPastedNames(names);
  return names;
}

/** Every number of parameters that a name is declared with, aliases followed; empty when none can be seen. */
export function parameterCounts(names: KernelNames, name: string, depth = 4): Set<number> {
  const counts = new Set<number>();
  for (const found of names.callables.get(name) ?? []) {
    if (found.parameters !== null) counts.add(found.parameters);
    else if (found.alias && depth > 0) for (const count of parameterCounts(names, found.alias, depth - 1)) counts.add(count);
  }
  return counts;
}

/** Functions whose names the headers paste together from a list of types or members, which no scan by shape can see. */
function addPastedNames(names: KernelNames): void {
  const add = (file: string, name: string, parameters: number): void => {
    const list = names.callables.get(name);
    if (list) list.push({ file, macro: false, parameters });
    else names.callables.set(name, [{ file, macro: false, parameters }]);
  };
  for (const type of ['u8', 'u16', 'u32', 'u64', 'le16', 'le32', 'le64', 'be16', 'be32', 'be64']) {
    add('include/linux/bitfield.h', `${type}_get_bits`, 2);
    add('include/linux/bitfield.h', `${type}_encode_bits`, 2);
    add('include/linux/bitfield.h', `${type}_replace_bits`, 3);
    add('include/linux/bitfield.h', `${type}p_replace_bits`, 3);
  }
  for (const item of ['val', 'min', 'max', 'fuzz', 'flat', 'res']) {
    add('include/linux/input.h', `input_abs_get_${item}`, 2);
    add('include/linux/input.h', `input_abs_set_${item}`, 3);
  }
}

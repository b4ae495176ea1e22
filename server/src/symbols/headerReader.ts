/** The kernel's declarations by name: found through the index, read from the headers when asked for, kept. */
import { mask } from '../syntax/mask';
import type { Dialect } from '../syntax/marks';
import type { Parser } from '../syntax/parser';
import type { Configuration } from '../text/configuration';
import type { FileSystem } from '../text/fileSystem';
import { declarationsOf } from './declarations';
import { HeaderNameKind, type HeaderIndex, type HeaderPlace } from './headerIndex';
import { readHeaderText, type HeaderText } from './headerReaderConditionals';
import { HeaderMacros } from './headerReaderMacros';
import { declarationSlice, macroCallSlice, UNNAMED_BIT_FIELD } from './headerReaderSlice';
import { PRAGMA_PACK } from './layoutAttributes';
import type { KernelSymbols } from './scopeKernel';
import type { CType, ItemDeclarations, Place, RecordDeclaration } from './types';

export interface HeaderReaderOptions {
  fileSystem: Pick<FileSystem, 'read'>;
  index: HeaderIndex;
  /** Folder under `arch/`. */
  architecture: string;
  configuration: Configuration;
  dialect: Dialect;
  parser: Parser;
}

const GENERATED_KINDS: ReadonlySet<HeaderNameKind> = new Set([
  HeaderNameKind.Struct,
  HeaderNameKind.Union,
  HeaderNameKind.Typedef,
  HeaderNameKind.Function,
]);

/** Shorter words are no parts of names that a macro pastes together. */
const SHORTEST_PART = 3;
/** What no header declares under that very name. */
const NEVER_DECLARED = /^(int|char|long|short|signed|unsigned|void|const|volatile|inline|__builtin_\w*|__asm__|__volatile__|__auto_type)$/;

/**
 * Reads kernel declarations on demand. One reader serves all modules that are analysed against the same kernel tree and configuration;
 * make a new one when a header changes. Places are the header's path and the offset at which the declaration starts in it
 * (member offsets are not places in the header).
 */
export function createHeaderReader(options: HeaderReaderOptions): KernelSymbols {
  return new HeaderReader(options);
}

class HeaderReader implements KernelSymbols {
  private readonly headers = new Map<string, HeaderText | null>();
  private readonly slices = new Map<string, ItemDeclarations>();
  private readonly found = new Map<string, unknown>();
  /** Macro calls at file level by a word of their arguments: names have most of their parts in common. */
  private readonly calls = new Map<string, ReturnType<HeaderIndex['callsWith']>>();
  private readonly macros: HeaderMacros;

  constructor(private readonly options: HeaderReaderOptions) {
    this.macros = new HeaderMacros({
      index: options.index,
      header: (path) => this.header(path),
      architecture: options.architecture,
      configuration: (name) => options.configuration.value(name),
    });
  }

  record(tag: 'struct' | 'union', name: string): RecordDeclaration | undefined {
    const kind = tag === 'struct' ? HeaderNameKind.Struct : HeaderNameKind.Union;
    const found = this.first(kind, name, (d) => d.records.find((record) => record.tagged && record.name === name && record.tag === tag));
    if (found) return found;
    // `#define rcu_head callback_head`: another name for the tag.
    const body = this.macro(name)?.body;
    return body !== undefined && body !== name && /^[A-Za-z_]\w*$/.test(body)
      ? this.first(kind, body, (d) => d.records.find((record) => record.tagged && record.name === body && record.tag === tag))
      : undefined;
  }

  typedef(name: string): ItemDeclarations['typedefs'][number] | undefined {
    return this.first(HeaderNameKind.Typedef, name, (d) => d.typedefs.find((typedef) => typedef.name === name));
  }

  enumeration(name: string): ItemDeclarations['enums'][number] | undefined {
    return this.first(HeaderNameKind.Enum, name, (d) => d.enums.find((declaration) => declaration.name === name));
  }

  enumerationOfConstant(name: string): ItemDeclarations['enums'][number] | undefined {
    return this.first(HeaderNameKind.EnumConstant, name, (d) =>
      d.enums.find((declaration) => declaration.constants.some((constant) => constant.name === name)),
    );
  }

  function(name: string): ItemDeclarations['functions'][number] | undefined {
    return this.first(HeaderNameKind.Function, name, (d) => d.functions.find((declared) => declared.name === name));
  }

  variable(name: string): ItemDeclarations['variables'][number] | undefined {
    return this.first(HeaderNameKind.Variable, name, (d) => d.variables.find((variable) => variable.name === name));
  }

  macro(name: string): ReturnType<HeaderMacros['macro']> {
    const macro = this.macros.macro(name);
    // `#define name name` only tells other headers that a function of that name is there.
    return macro?.body === name ? undefined : macro;
  }

  configuration(name: string): string | undefined {
    return this.options.configuration.value(name);
  }

  release(): void {
    this.headers.clear();
    this.slices.clear();
    this.calls.clear();
    this.macros.release();
  }

  private first<T>(kind: HeaderNameKind, name: string, pick: (declarations: ItemDeclarations) => T | undefined): T | undefined {
    const key = kind + name;
    if (this.found.has(key)) return this.found.get(key) as T | undefined;
    let result: T | undefined;
    for (const place of this.macros.activePlaces(name, kind)) {
      result = pick(this.declarationsAt(place, name));
      if (result !== undefined) break;
    }
    if (result === undefined && GENERATED_KINDS.has(kind) && !this.macro(name) && !this.isOtherwiseDeclared(kind, name))
      result = this.generated(name, pick);
    this.found.set(key, result);
    return result;
  }

  /** Functions, types, variables and constants share one name space: what is one of them is no other. */
  private isOtherwiseDeclared(kind: HeaderNameKind, name: string): boolean {
    const isOrdinary = kind === HeaderNameKind.Function || kind === HeaderNameKind.Typedef;
    return isOrdinary && this.options.index.places(name, HeaderNameKind.Variable, HeaderNameKind.EnumConstant).length > 0;
  }

  /** What a macro call at file level declares under a name that it pastes together (`LOCKNAME(spinlock)` → `seqcount_spinlock_t`). */
  private generated<T>(name: string, pick: (declarations: ItemDeclarations) => T | undefined): T | undefined {
    if (NEVER_DECLARED.test(name)) return undefined;
    for (const place of this.callsThatMayDeclare(name)) {
      const header = this.header(place.file);
      if (!header || !this.macros.isActive(header, place.offset)) continue;
      const result = pick(
        this.slice(place, header, () => macroCallSlice(header, place.offset, { macros: this.macros, dialect: this.options.dialect })),
      );
      if (result !== undefined) return result;
    }
    return undefined;
  }

  /** Calls with the name itself or, where the macro pastes words together, a part of it in their arguments; longer parts first: they tell more. */
  private callsThatMayDeclare(name: string): HeaderPlace[] {
    const found = new Map<string, HeaderPlace>();
    for (const part of partsBetweenSeams(name)) {
      let calls = this.calls.get(part);
      if (!calls) this.calls.set(part, (calls = this.options.index.callsWith(part)));
      for (const call of calls) if (part.length === name.length || this.macros.pastes(call.name)) found.set(call.offset + call.file, call);
    }
    return [...found.values()];
  }

  private declarationsAt(place: HeaderPlace, name: string): ItemDeclarations {
    const header = this.header(place.file);
    if (!header) return noDeclarations();
    const isFunction = place.kind === HeaderNameKind.Function;
    return this.slice(place, header, () =>
      declarationSlice(header, place.offset, name, isFunction, { macros: this.macros, dialect: this.options.dialect }),
    );
  }

  private slice(place: HeaderPlace, header: HeaderText, cut: () => string | null): ItemDeclarations {
    const key = place.offset + place.file;
    const known = this.slices.get(key);
    if (known) return known;
    const text = cut();
    const declarations = text ? this.parse(text, place.file) : noDeclarations();
    finish(declarations, { file: place.file, offset: place.offset }, this.macros.packAt(header, place.offset));
    this.slices.set(key, declarations);
    return declarations;
  }

  /** Declarations in a text that stands alone. What the parser could not place is left out: half a record would be a guess. */
  private parse(text: string, file: string): ItemDeclarations {
    const { dialect, parser } = this.options;
    const masked = mask(text, dialect);
    const tree = parser.parse(masked.text);
    const items = parser.flatten(tree);
    tree.delete();
    const all = noDeclarations();
    for (const item of items) if (!item.hasError) append(all, declarationsOf(item, masked.text, text, masked.marks, file, 'kernel'));
    return all;
  }

  private header(path: string): HeaderText | undefined {
    let header = this.headers.get(path);
    if (header === undefined) {
      const text = this.options.fileSystem.read(path);
      header = text === undefined ? null : readHeaderText(path, text);
      this.headers.set(path, header);
    }
    return header ?? undefined;
  }
}

/** The parts of a name that two seams enclose, the longest first; of equal ones the leftmost. */
function partsBetweenSeams(name: string): string[] {
  const seams: number[] = [];
  for (let at = 0; at <= name.length; at++) if (isSeam(name, at)) seams.push(at);
  const parts: [start: number, end: number][] = [];
  for (let i = 0; i < seams.length; i++)
    for (let k = i + 1; k < seams.length; k++) if (seams[k] - seams[i] >= SHORTEST_PART) parts.push([seams[i], seams[k]]);
  parts.sort((a, b) => b[1] - b[0] - (a[1] - a[0]) || a[0] - b[0]);
  return parts.map(([start, end]) => name.slice(start, end));
}

/** Whether names are put together there: at an underscore, a capital or a digit (`seqcount_spinlock_t`, `SetPageDirty`), or where they end. */
function isSeam(name: string, at: number): boolean {
  return at === 0 || at === name.length || /[_\d][^_\d]|[^_][_\d]|.[A-Z]/.test(name.slice(at - 1, at + 1));
}

function noDeclarations(): ItemDeclarations {
  return { records: [], enums: [], typedefs: [], functions: [], variables: [], macroCalls: [] };
}

function append(all: ItemDeclarations, some: ItemDeclarations): void {
  all.records.push(...some.records);
  all.enums.push(...some.enums);
  all.typedefs.push(...some.typedefs);
  all.functions.push(...some.functions);
  all.variables.push(...some.variables);
}

/** Puts the header's place, and the `#pragma pack` in force, on everything that a slice declared. */
function finish(declarations: ItemDeclarations, place: Place, pack: number | undefined): void {
  const { records, enums, typedefs, functions, variables } = declarations;
  for (const declared of [...enums, ...typedefs, ...functions, ...variables]) declared.place = place;
  const visit = (record: RecordDeclaration): void => {
    record.place = place;
    if (pack !== undefined && !record.attributes.some((a) => a.name === PRAGMA_PACK))
      record.attributes.push({ name: PRAGMA_PACK, arguments: String(pack) });
    for (const member of record.members) {
      if (member.name === UNNAMED_BIT_FIELD) member.name = '';
      visitType(member.type);
    }
  };
  const visitType = (type: CType): void => {
    if (type.kind === 'record' && type.inline) visit(type.inline);
    else if (type.kind === 'enum' && type.inline) type.inline.place = place;
    else if (type.kind === 'array') visitType(type.of);
    else if (type.kind === 'pointer') visitType(type.to);
  };
  records.forEach(visit);
  for (const typedef of typedefs) visitType(typedef.type);
}

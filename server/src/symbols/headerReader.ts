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

/** Words of types and code, which are pasted into no name. */
const COMMON_WORDS = new Set(
  'unsigned signed char short int long void const volatile struct union enum static inline return type name true false memory bool __iomem __user'.split(
    ' ',
  ),
);
/** Trace events expand into their own machinery, which drivers never name. */
const NOT_GENERATING = /\/include\/trace\//;

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
  /** Macro calls at file level by the words in their first arguments: a name that one generates contains one of them. */
  private calls: Map<string, HeaderPlace[]> | undefined;
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

  private first<T>(kind: HeaderNameKind, name: string, pick: (declarations: ItemDeclarations) => T | undefined): T | undefined {
    const key = kind + name;
    if (this.found.has(key)) return this.found.get(key) as T | undefined;
    let result: T | undefined;
    for (const place of this.macros.activePlaces(name, kind)) {
      result = pick(this.declarationsAt(place, name));
      if (result !== undefined) break;
    }
    if (result === undefined && GENERATED_KINDS.has(kind) && !this.macro(name)) result = this.generated(name, pick);
    this.found.set(key, result);
    return result;
  }

  /** What a macro call at file level declares under a name that it pastes together (`LOCKNAME(spinlock)` → `seqcount_spinlock_t`). */
  private generated<T>(name: string, pick: (declarations: ItemDeclarations) => T | undefined): T | undefined {
    this.calls ??= this.macroCalls();
    for (const place of callsThatMayName(this.calls, name)) {
      const header = this.header(place.file);
      if (!header || !this.macros.isActive(header, place.offset)) continue;
      const result = pick(
        this.slice(place, header, () => macroCallSlice(header, place.offset, { macros: this.macros, dialect: this.options.dialect })),
      );
      if (result !== undefined) return result;
    }
    return undefined;
  }

  private macroCalls(): Map<string, HeaderPlace[]> {
    const calls = new Map<string, HeaderPlace[]>();
    for (const place of this.options.index.named(HeaderNameKind.MacroCall)) {
      const header = NOT_GENERATING.test(place.file) ? undefined : this.header(place.file);
      // The name comes first in nearly all of them; arguments further on are types and code.
      const text = header?.text.slice(place.offset + place.name.length, place.offset + place.name.length + 120) ?? '';
      const end = text.indexOf(';');
      const words = new Set((end < 0 ? text : text.slice(0, end)).match(/[A-Za-z_]\w\w+/g));
      // The first argument is the name's part even when it is a type's word (`DEFINE_HANDLE(char)`).
      const [first] = words;
      for (const word of words) {
        if (word !== first && COMMON_WORDS.has(word)) continue;
        const list = calls.get(word);
        if (list) list.push(place);
        else calls.set(word, [place]);
      }
    }
    return calls;
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

function callsThatMayName(calls: ReadonlyMap<string, HeaderPlace[]>, name: string): Set<HeaderPlace> {
  const found = new Set<HeaderPlace>();
  // Longer parts first: they tell more.
  for (let length = name.length; length >= 3; length--) {
    for (let start = 0; start + length <= name.length; start++)
      for (const place of calls.get(name.slice(start, start + length)) ?? []) found.add(place);
  }
  return found;
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

/** The driver's own names: tables over the declarations of a module's files, one per file and one for them all. */
import type { MacroDefinition } from '../syntax/preprocessed';
import type {
  EnumDeclaration,
  FunctionDeclaration,
  ItemDeclarations,
  MacroSummary,
  RecordDeclaration,
  TypedefDeclaration,
  VariableDeclaration,
} from './types';

/** What one file of the driver (a `.c` file or a header of its own) declares. */
export interface DriverFile {
  path: string;
  declarations: readonly ItemDeclarations[];
  macros: readonly MacroDefinition[];
  /** Paths of the driver's own headers that it includes, directly or through others: of two records of one name in a module it sees theirs. */
  includes?: readonly string[];
}

export interface NameTables {
  records: Map<string, RecordDeclaration>;
  enums: Map<string, EnumDeclaration>;
  enumConstants: Map<string, EnumDeclaration>;
  typedefs: Map<string, TypedefDeclaration>;
  functions: Map<string, FunctionDeclaration>;
  variables: Map<string, VariableDeclaration>;
  macros: Map<string, MacroSummary>;
}

export function recordKey(tag: 'struct' | 'union', name: string): string {
  return tag === 'struct' ? name : 'union ' + name;
}

/** Tables without a name. */
export function emptyTables(): NameTables {
  return {
    records: new Map(),
    enums: new Map(),
    enumConstants: new Map(),
    typedefs: new Map(),
    functions: new Map(),
    variables: new Map(),
    macros: new Map(),
  };
}

/** Tables of one file: a definition wins over a prototype, the first record over a later one of the same name. */
export function fileTables(file: DriverFile): NameTables {
  const tables = emptyTables();
  for (const item of file.declarations) {
    for (const record of item.records) if (record.tagged) addFirst(tables.records, recordKey(record.tag, record.name), record);
    for (const declaration of item.enums) {
      if (declaration.name !== '') addFirst(tables.enums, declaration.name, declaration);
      for (const constant of declaration.constants) addFirst(tables.enumConstants, constant.name, declaration);
    }
    for (const typedef of item.typedefs) addFirst(tables.typedefs, typedef.name, typedef);
    for (const declared of item.functions) addBetter(tables.functions, declared, betterFunction);
    for (const variable of item.variables) addBetter(tables.variables, variable, betterVariable);
  }
  for (const macro of file.macros) {
    tables.macros.set(macro.name, {
      name: macro.name,
      parameters: macro.parameters,
      variadic: macro.variadic,
      body: macro.body,
      place: { file: macro.file, offset: macro.offset },
    });
  }
  return tables;
}

/** Tables of the whole module, and which of its names several files declare: only those mean different things in different files. */
export interface ModuleTables extends NameTables {
  several: { readonly [K in keyof NameTables]: ReadonlySet<string> };
}

/** What is visible to the linker wins over what is `static` in one of the files. */
export function moduleTables(files: readonly NameTables[]): ModuleTables {
  const tables = emptyTables();
  for (const file of files) {
    for (const [key, record] of file.records) addFirst(tables.records, key, record);
    for (const [key, declaration] of file.enums) addFirst(tables.enums, key, declaration);
    for (const [key, declaration] of file.enumConstants) addFirst(tables.enumConstants, key, declaration);
    for (const [key, typedef] of file.typedefs) addFirst(tables.typedefs, key, typedef);
    for (const declared of file.functions.values()) addBetter(tables.functions, declared, betterFunction);
    for (const variable of file.variables.values()) addBetter(tables.variables, variable, betterVariable);
    for (const [key, macro] of file.macros) addFirst(tables.macros, key, macro);
  }
  return {
    ...tables,
    several: {
      records: declaredTwice(files.map((f) => f.records)),
      enums: declaredTwice(files.map((f) => f.enums)),
      enumConstants: declaredTwice(files.map((f) => f.enumConstants)),
      typedefs: declaredTwice(files.map((f) => f.typedefs)),
      functions: declaredTwice(files.map((f) => f.functions)),
      variables: declaredTwice(files.map((f) => f.variables)),
      macros: declaredTwice(files.map((f) => f.macros)),
    },
  };
}

function declaredTwice(tables: readonly ReadonlyMap<string, unknown>[]): Set<string> {
  const once = new Set<string>();
  const twice = new Set<string>();
  for (const table of tables) {
    for (const name of table.keys()) {
      if (once.has(name)) twice.add(name);
      else once.add(name);
    }
  }
  return twice;
}

function addFirst<T>(table: Map<string, T>, key: string, value: T): void {
  if (!table.has(key)) table.set(key, value);
}

function addBetter<T extends { name: string }>(table: Map<string, T>, value: T, isBetter: (a: T, b: T) => boolean): void {
  const known = table.get(value.name);
  if (!known || isBetter(value, known)) table.set(value.name, value);
}

function betterFunction(a: FunctionDeclaration, b: FunctionDeclaration): boolean {
  const rank = (f: FunctionDeclaration): number => (f.defined ? 2 : 0) + (f.storage === 'static' ? 0 : 1);
  return rank(a) > rank(b);
}

/** A definition with an initialiser tells most, an `extern` declaration least. */
function betterVariable(a: VariableDeclaration, b: VariableDeclaration): boolean {
  const rank = (v: VariableDeclaration): number =>
    (v.initializer ? 4 : 0) + (v.storage === 'extern' ? 0 : 2) + (v.storage === 'static' ? 0 : 1);
  return rank(a) > rank(b);
}

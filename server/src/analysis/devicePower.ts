/** Which functions suspend and resume devices: read from the tables that the module fills, whether the functions are its own or another module's. */
import type { Knowledge, DeclaringMacro } from '../knowledge/model';
import { powerTable } from '../knowledge/power';
import { fillTemplate } from '../symbols/declaringMacros';
import type { CType, Initializer, Scope } from '../symbols/types';
import { type DeclaredItem, expandMacro } from './entryPoints';
import type { FunctionPointers } from './functionPointers';

/** One table of power-management callbacks that the module fills. */
export interface PowerDeclaration {
  record: string;
  /** The variable that holds it; null for members that are stored at run time. */
  variable: string | null;
  file: string;
  /** In the masked text of `file`; null for members that are stored at run time. */
  offset: number | null;
  /** Names of functions by member. They may lie in another module. */
  members: ReadonlyMap<string, string>;
  /** Variables that members lead to (`.driver.pm = &foo_pm_ops`). */
  tables: ReadonlyMap<string, string>;
}

const IDENTIFIER = /[A-Za-z_]\w*/g;
/** Words of an initialiser that are no function and no table. `pm_ptr` and its like only choose whether there is one. */
const NO_NAME = /^(NULL|pm_ptr|pm_sleep_ptr|of_match_ptr|PTR_IF|IS_ENABLED|CONFIG_\w+|__maybe_unused|sizeof)$/;

interface Building {
  record: string;
  variable: string | null;
  file: string;
  offset: number | null;
  members: Map<string, string>;
  tables: Map<string, string>;
}

/** Finds all tables of power-management callbacks of a module, in the order of its text; those filled at run time last. */
export function powerDeclarations(
  items: readonly DeclaredItem[],
  scopeOf: (file: string) => Scope,
  knowledge: Knowledge,
  pointers: FunctionPointers,
): PowerDeclaration[] {
  const interesting = interestingMembers(knowledge);
  const found: Building[] = [];
  for (const { file, start, declarations } of items) {
    for (const variable of declarations.variables) {
      const { initializer } = variable;
      if (!initializer || !mentions(initializer, interesting, knowledge, 0)) continue;
      const reader = new TableReader(scopeOf(file), knowledge, file, start, variable.name);
      reader.read(initializer, variable.type, 0);
      found.push(...reader.found.values());
    }
    for (const call of declarations.macroCalls) {
      const macro = knowledge.declaringMacros.get(call.name);
      if (!macro || !macro.entryPoints.some((e) => knowledge.power.tables.has(recordOf(e.as)))) continue;
      const table = fromMacro(macro, call.arguments, file, start + call.place.offset);
      if (table.members.size > 0) found.push(table);
    }
  }
  return [...found.filter((d) => d.members.size + d.tables.size > 0), ...storedAtRunTime(knowledge, pointers)];
}

function recordOf(registration: string): string {
  return registration.slice(0, registration.indexOf('.'));
}

function interestingMembers(knowledge: Knowledge): Set<string> {
  return new Set([...knowledge.power.tables.values()].flatMap((t) => [...t.suspend, ...t.resume, ...t.pointers]));
}

/** A cheap look for members of the right names, so that types are followed in few tables only. */
function mentions(value: Initializer, names: ReadonlySet<string>, knowledge: Knowledge, depth: number): boolean {
  if (value.kind === 'call') return knowledge.declaringMacros.get(value.name)?.position === 'initializer';
  if (value.kind !== 'list' || depth > 4) return false;
  return value.entries.some(
    (e) => e.designators.some((d) => d.kind === 'field' && names.has(d.name)) || mentions(e.value, names, knowledge, depth + 1),
  );
}

function fromMacro(macro: DeclaringMacro, args: readonly string[], file: string, offset: number): Building {
  const template = macro.declares?.[0]?.variable;
  const table: Building = {
    record: recordOf(macro.entryPoints[0].as),
    variable: template === undefined ? null : fillTemplate(template, args),
    file,
    offset,
    members: new Map(),
    tables: new Map(),
  };
  addMacro(table, macro, args);
  return table;
}

function addMacro(table: Building, macro: DeclaringMacro, args: readonly string[]): void {
  for (const { function: name, as } of expandMacro(macro, args, table.record)) {
    const known = nameIn(name);
    if (known && recordOf(as) === table.record) table.members.set(as.slice(as.indexOf('.') + 1), known);
  }
}

/** The function or variable that an initialiser's text names. */
function nameIn(text: string): string | null {
  const names = (text.match(IDENTIFIER) ?? []).filter((n) => !NO_NAME.test(n));
  return names.length > 0 ? names[names.length - 1] : null;
}

class TableReader {
  readonly found = new Map<string, Building>();

  constructor(
    private readonly scope: Scope,
    private readonly knowledge: Knowledge,
    private readonly file: string,
    private readonly start: number,
    private readonly variable: string,
  ) {}

  /** Reads what stands in an initialiser of a type; `elements` of arrays are tables of their own. */
  read(value: Initializer, type: CType, depth: number): void {
    if (value.kind !== 'list' || depth > 6) return;
    const resolved = this.scope.resolve(type);
    if (resolved.kind === 'array') {
      for (const entry of value.entries) this.read(entry.value, resolved.of, depth + 1);
      return;
    }
    const record = this.recordName(type);
    if (record === null) return;
    const key = `${record}@${value.start}`;
    let position = 0;
    const members = this.scope.recordOf(type)?.members ?? [];
    for (const entry of value.entries) {
      if (entry.value.kind === 'call' && entry.designators.length === 0) {
        const macro = this.knowledge.declaringMacros.get(entry.value.name);
        if (macro?.position === 'initializer') addMacro(this.table(key, record, value.start), macro, entry.value.arguments);
        continue;
      }
      const names = entry.designators.flatMap((d) => (d.kind === 'field' ? [d.name] : []));
      if (names.length === 0) {
        const member = members[position++];
        if (member?.name) this.member(record, key, type, [member.name], entry.value, value.start, depth);
      } else {
        position = members.findIndex((m) => m.name === names[0]) + 1;
        this.member(record, key, type, names, entry.value, value.start, depth);
      }
    }
  }

  private recordName(type: CType): string | null {
    const resolved = this.scope.resolve(type);
    return this.scope.recordOf(type)?.name ?? (resolved.kind === 'record' ? resolved.name : null);
  }

  private table(key: string, record: string, at: number): Building {
    let table = this.found.get(key);
    if (!table) {
      table = { record, variable: this.variable, file: this.file, offset: this.start + at, members: new Map(), tables: new Map() };
      this.found.set(key, table);
    }
    return table;
  }

  /** One entry, `.driver.pm = …` included: the last name belongs to the record that the names before lead to. */
  private member(record: string, key: string, type: CType, names: readonly string[], value: Initializer, at: number, depth: number): void {
    let owner = record;
    let current = type;
    for (const [i, name] of names.entries()) {
      const declared = this.scope.recordOf(current);
      const found = declared && this.scope.member(declared, name);
      if (i > 0) owner = this.recordName(current) ?? owner;
      if (i < names.length - 1) {
        if (!found) return;
        current = found.member.type;
      } else this.last(owner, owner === record ? key : `${key}.${owner}`, name, found?.member.type ?? null, value, at, depth);
    }
  }

  private last(owner: string, key: string, name: string, type: CType | null, value: Initializer, at: number, depth: number): void {
    const known = powerTable(this.knowledge.power, owner);
    if (value.kind === 'list') {
      if (type) this.read(value, type, depth + 1);
      return;
    }
    if (!known) return;
    const named = nameIn(value.kind === 'call' ? value.arguments.join(' ') : value.text);
    if (named === null) return;
    if (known.pointers.includes(name)) this.table(key, owner, at).tables.set(name, named);
    else if (known.suspend.includes(name) || known.resume.includes(name)) this.table(key, owner, at).members.set(name, named);
  }
}

/** Members that are stored by assignments (`driver->suspend = foo_suspend`), one table per record. */
function storedAtRunTime(knowledge: Knowledge, pointers: FunctionPointers): PowerDeclaration[] {
  const tables = new Map<string, Building>();
  for (const store of pointers.stores) {
    const known = knowledge.power.tables.get(store.record);
    if (!store.site || !known || !(known.suspend.includes(store.field) || known.resume.includes(store.field))) continue;
    let table = tables.get(store.record);
    if (!table) {
      table = { record: store.record, variable: null, file: store.file, offset: null, members: new Map(), tables: new Map() };
      tables.set(store.record, table);
    }
    if (!table.members.has(store.field)) table.members.set(store.field, store.function);
  }
  return [...tables.values()];
}

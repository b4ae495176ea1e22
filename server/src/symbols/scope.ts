/** What names mean to one module: the driver's own declarations first, then the kernel's headers, read on demand. */
import { dataModel, isUnsignedBasicType, type DataModel } from './basicTypes';
import { evaluateConstant, type ConstantContext } from './constants';
import { LayoutEngine } from './layout';
import { typeOfExpression } from './scopeExpressions';
import { NO_KERNEL, type KernelSymbols } from './scopeKernel';
import { emptyTables, fileTables, moduleTables, type ModuleTables, recordKey, type DriverFile, type NameTables } from './scopeTables';
import { isTypeofWord, parseTypeName } from './typeNames';
import { UNKNOWN } from './types';
import type {
  CType,
  EnumDeclaration,
  FunctionDeclaration,
  MacroSummary,
  MemberDeclaration,
  MemberPath,
  RecordDeclaration,
  RecordLayout,
  Scope,
  TypedefDeclaration,
  VariableDeclaration,
} from './types';

export type { DriverFile, KernelSymbols };

export interface ScopeOptions {
  /** The module's files: `.c` files first, in link order, then the driver's own headers. */
  driver: readonly DriverFile[];
  /** Absent when no kernel tree was found: what the driver's text does not tell is unknown then. */
  kernel?: KernelSymbols;
  /** Folder under `arch/`. Sizes are known for `x86` (64 bits) and `arm64`. */
  architecture: string;
}

/** What names mean in one file of a module. */
export interface FileScope extends Scope {
  /**
   * The member path that a macro of this name stands for: `ifr_data` → `ifr_ifru`, `ifru_data`. Kernel macros are left as names in a
   * driver's text, so a member that is not found may be one of these. undefined when no macro of that name is a path.
   */
  memberAlias(name: string): string[] | undefined;
}

/** A module's scope, and views of it from one of its files. */
export interface ModuleScope extends FileScope {
  /** The same names as code in `file` sees them: its own `static` functions, macros and records first. */
  forFile(file: string): FileScope;
}

/** A chain of typedefs or anonymous members longer than this is a cycle. */
const CHAIN_LIMIT = 64;
const NAME = /^[A-Za-z_]\w*$/;

/** Makes the scope of a module. Cost: one pass over the driver's declarations; kernel names are read when they are asked for. */
export function createScope(options: ScopeOptions): ModuleScope {
  const kernel = options.kernel ?? NO_KERNEL;
  const model = dataModel(options.architecture);
  const perFile = new Map(options.driver.map((file) => [file.path, fileTables(file)]));
  const all = moduleTables([...perFile.values()]);
  const includesOf = new Map(options.driver.map((file) => [file.path, file.includes ?? []]));
  const views = new Map<string, FileScope>();
  const kernelScope = kernelScopeOf(kernel, options.architecture, model);
  const scope = new NameScope([all], all, kernel, model, kernelScope);
  return Object.assign(scope, {
    forFile: (file: string): FileScope => {
      const own = perFile.get(file);
      if (!own) return scope;
      let view = views.get(file);
      if (!view) {
        const seen = (includesOf.get(file) ?? []).flatMap((path) => perFile.get(path) ?? []);
        views.set(file, (view = new NameScope([own, ...seen, all], all, kernel, model, kernelScope)));
      }
      return view;
    },
  });
}

/** Scopes of the kernel's headers alone, one per reader and architecture: records of the kernel are laid out once for all modules. */
const kernelScopes = new WeakMap<KernelSymbols, Map<string, NameScope>>();

function kernelScopeOf(kernel: KernelSymbols, architecture: string, model: DataModel | undefined): NameScope {
  let scopes = kernelScopes.get(kernel);
  if (!scopes) kernelScopes.set(kernel, (scopes = new Map()));
  let scope = scopes.get(architecture);
  if (!scope) scopes.set(architecture, (scope = new NameScope([], null, kernel, model)));
  return scope;
}

type ValueOf<K extends keyof NameTables> = NameTables[K] extends Map<string, infer V> ? V : never;

class NameScope implements FileScope {
  private readonly engine: LayoutEngine;
  private readonly constants: ConstantContext;
  private readonly memberPaths = new Map<RecordDeclaration, Map<string, MemberPath>>();
  private readonly enumValueLists = new Map<EnumDeclaration, (bigint | null)[]>();
  private readonly evaluated = new Map<string, bigint | null>();
  private readonly evaluating = new Set<string>();
  /** Answers about names that several files declare. */
  private readonly resolved: NameTables = emptyTables();

  constructor(
    /** Tables in which names are looked up in turn: the file's own, those of the headers that it sees, the whole module's. */
    private readonly tables: readonly NameTables[],
    private readonly all: ModuleTables | null,
    private readonly kernel: KernelSymbols,
    private readonly model: DataModel | undefined,
    /** What names mean to the kernel's own declarations: a driver's names do not change them. */
    private readonly kernelScope?: NameScope,
  ) {
    this.engine = new LayoutEngine({
      model,
      typedef: (name) => this.typedef(name),
      record: (tag, name) => this.record(tag, name),
      kernelLayout: (record) => (this.kernelScope && record.origin === 'kernel' ? this.kernelScope.layout(record) : undefined),
      enumeration: (name) => this.enumeration(name),
      typeOf: (text) => this.typeOf(text),
      evaluate: (text) => this.evaluate(text),
      macroBody: (name) => this.macro(name)?.definition.body,
      enumValues: (declaration) => this.enumValues(declaration).map((value) => (value === null ? null : Number(value))),
    });
    this.constants = {
      macro: (name) => this.macro(name)?.definition,
      enumConstant: (name) => this.enumValue(name),
      sizeof: (text) => this.sizeof(this.typeOf(text)),
      alignof: (text) => this.engine.sizeAlign(this.typeOf(text)).align,
      offsetof: (type, member) => this.offsetof(type, member),
      integerType: (text) => this.integerType(text),
      configuration: (name) => this.kernel.configuration(name),
    };
  }

  record(tag: 'struct' | 'union', name: string): RecordDeclaration | undefined {
    if (name === '') return undefined;
    const key = recordKey(tag, name);
    return this.own('records', key) ?? this.kernel.record(tag, name);
  }

  typedef(name: string): TypedefDeclaration | undefined {
    return this.own('typedefs', name) ?? this.kernel.typedef(name);
  }

  enumeration(name: string): EnumDeclaration | undefined {
    if (name === '') return undefined;
    return this.own('enums', name) ?? this.kernel.enumeration(name);
  }

  enumConstant(name: string): number | null | undefined {
    const value = this.enumValue(name);
    return typeof value === 'bigint' ? exactNumber(value) : value;
  }

  function(name: string): FunctionDeclaration | undefined {
    // A file that only has the prototype calls what another file of the module defines.
    return this.first('functions', name, (f) => f.defined || f.storage === 'static') ?? this.kernel.function(name);
  }

  variable(name: string): VariableDeclaration | undefined {
    return this.first('variables', name, (v) => v.storage !== 'extern') ?? this.kernel.variable(name);
  }

  macro(name: string): { definition: MacroSummary; origin: 'driver' | 'kernel' } | undefined {
    const own = this.own('macros', name);
    if (own) return { definition: own, origin: 'driver' };
    const definition = this.kernel.macro(name);
    return definition && { definition, origin: 'kernel' };
  }

  resolve(type: CType): CType {
    let current = type;
    for (let i = 0; i < CHAIN_LIMIT; i++) {
      if (current.kind === 'typeof') {
        current = this.typeOf(current.text);
        if (current.kind === 'typeof') return UNKNOWN;
      } else if (current.kind === 'named') {
        const next = this.typedef(current.name)?.type;
        if (!next) return UNKNOWN;
        // `typedef struct x __percpu *p` keeps its own; a space on the use goes to the pointer that the typedef names.
        current = current.space && next.kind === 'pointer' && !next.space ? { ...next, space: current.space } : next;
      } else return current;
    }
    return UNKNOWN;
  }

  recordOf(type: CType): RecordDeclaration | undefined {
    const resolved = this.resolve(type);
    return resolved.kind === 'record' ? (resolved.inline ?? this.record(resolved.tag, resolved.name)) : undefined;
  }

  member(record: RecordDeclaration, name: string): MemberPath | undefined {
    if (this.kernelScope && record.origin === 'kernel') return this.kernelScope.member(record, name);
    let paths = this.memberPaths.get(record);
    if (!paths) {
      paths = new Map();
      this.collectMembers(record, record, paths, 0);
      this.memberPaths.set(record, paths);
    }
    return paths.get(name);
  }

  sizeof(type: CType): number | null {
    return this.engine.sizeAlign(type).size;
  }

  layout(record: RecordDeclaration): RecordLayout {
    return this.engine.layout(record);
  }

  evaluate(text: string): number | null {
    const value = this.evaluateInteger(text);
    return value === null ? null : exactNumber(value);
  }

  parseType(text: string): CType {
    const type = parseTypeName(text);
    return this.isExisting(type) ? type : UNKNOWN;
  }

  isKernelRecord(record: RecordDeclaration): boolean {
    return record.origin === 'kernel';
  }

  memberAlias(name: string): string[] | undefined {
    const definition = this.macro(name)?.definition;
    if (!definition || definition.parameters || definition.body === name || !/^[A-Za-z_]\w*(\s*\.\s*[A-Za-z_]\w*)*$/.test(definition.body))
      return undefined;
    return definition.body.split('.').map((step) => step.trim());
  }

  private own<K extends keyof NameTables>(kind: K, name: string): ValueOf<K> | undefined {
    return this.first(kind, name, () => true);
  }

  /**
   * The declaration of a name in the first table that has a good one, else in the first that has any. A large driver's file sees a thousand
   * headers: only names that several of them declare are looked for in each.
   */
  private first<K extends keyof NameTables>(kind: K, name: string, isGood: (found: ValueOf<K>) => boolean): ValueOf<K> | undefined {
    if (!this.all) return undefined;
    const anywhere = (this.all[kind] as Map<string, ValueOf<K>>).get(name);
    if (anywhere === undefined || !this.all.several[kind].has(name)) return anywhere;
    const known = this.resolved[kind] as Map<string, ValueOf<K>>;
    let best = known.get(name);
    if (best !== undefined) return best;
    for (const tables of this.tables) {
      const found = (tables[kind] as Map<string, ValueOf<K>>).get(name);
      if (found === undefined) continue;
      best ??= found;
      if (!isGood(found)) continue;
      best = found;
      break;
    }
    if (best !== undefined) known.set(name, best);
    return best;
  }

  /** False when the type rests on a typedef name that nobody declares: `x[2]` is an expression then. */
  private isExisting(type: CType): boolean {
    let base = type;
    while (base.kind === 'array' || base.kind === 'pointer' || base.kind === 'function')
      base = base.kind === 'array' ? base.of : base.kind === 'pointer' ? base.to : base.returns;
    return base.kind !== 'named' || base.name === '__builtin_va_list' || this.typedef(base.name) !== undefined;
  }

  private collectMembers(outer: RecordDeclaration, record: RecordDeclaration, paths: Map<string, MemberPath>, depth: number): void {
    if (depth > CHAIN_LIMIT) return;
    for (const member of record.members) {
      if (member.name !== '') {
        if (!paths.has(member.name)) paths.set(member.name, { record: outer, member });
        continue;
      }
      const inner = this.anonymousRecord(member);
      if (inner) this.collectMembers(outer, inner, paths, depth + 1);
    }
  }

  private anonymousRecord(member: MemberDeclaration): RecordDeclaration | undefined {
    return member.type.kind === 'record' ? (member.type.inline ?? this.record(member.type.tag, member.type.name)) : undefined;
  }

  private evaluateInteger(text: string): bigint | null {
    const known = this.evaluated.get(text);
    if (known !== undefined) return known;
    // `struct a { char x[sizeof(struct a)]; }` and macros with enum constants of their own enum come back here.
    if (this.evaluating.has(text) || this.evaluating.size > CHAIN_LIMIT) return null;
    const kernel = this.kernelValue(text);
    if (kernel !== null) {
      this.evaluated.set(text, kernel);
      return kernel;
    }
    this.evaluating.add(text);
    const value = evaluateConstant(text, this.constants);
    this.evaluating.delete(text);
    if (this.evaluating.size === 0 || value !== null) this.evaluated.set(text, value);
    return value;
  }

  /** The value of a macro of the kernel's, which is worked out once for all modules; null for anything else, and where the kernel's own names do not say it. */
  private kernelValue(text: string): bigint | null {
    if (!this.kernelScope || !NAME.test(text) || this.own('macros', text) || !this.kernel.macro(text)) return null;
    return this.kernelScope.evaluateInteger(text);
  }

  private enumValue(name: string): bigint | null | undefined {
    const own = this.own('enumConstants', name);
    // What the kernel's headers enumerate has the same values for all modules.
    if (!own && this.kernelScope) return this.kernelScope.enumValue(name);
    const declaration = own ?? this.kernel.enumerationOfConstant(name);
    if (!declaration) return undefined;
    const index = declaration.constants.findIndex((constant) => constant.name === name);
    return this.enumValues(declaration)[index] ?? null;
  }

  /** Values of an enum's constants; filled in order, so that a constant may name one before it. */
  private enumValues(declaration: EnumDeclaration): (bigint | null)[] {
    const known = this.enumValueLists.get(declaration);
    if (known) return known;
    const values: (bigint | null)[] = [];
    this.enumValueLists.set(declaration, values);
    let previous: bigint | null = -1n;
    for (const constant of declaration.constants) {
      if (constant.value !== null) previous = BigInt(constant.value);
      else if (constant.text !== undefined) previous = this.evaluateInteger(constant.text);
      else if (previous !== null) previous += 1n;
      values.push(previous);
    }
    return values;
  }

  /** The type of the text in `typeof(…)`, `sizeof(…)`: a type name, or an expression. */
  private typeOf(text: string): CType {
    const inner = withoutTypeof(text);
    const named = this.parseType(inner);
    if (named.kind === 'typeof') return named.text === text || named.text === inner ? UNKNOWN : this.typeOf(named.text);
    if (named.kind !== 'unknown') return named;
    return typeOfExpression(inner, {
      typeOfName: (name) => this.typeOfName(name),
      typeNamed: (typeText) => this.parseType(typeText),
      resolve: (type) => this.resolve(type),
      recordOf: (type) => this.recordOf(type),
      memberType: (record, name) => this.member(record, name)?.member.type ?? UNKNOWN,
    });
  }

  private typeOfName(name: string): CType {
    const variable = this.variable(name);
    if (variable) return variable.type;
    const called = this.function(name);
    return called ? { kind: 'function', returns: called.returns, parameters: called.parameters, variadic: called.variadic } : UNKNOWN;
  }

  private offsetof(typeText: string, path: string): number | null {
    let record = this.recordOf(this.parseType(typeText));
    let offset = 0;
    for (const step of path.split('.')) {
      const match = /^\s*(\w+)\s*((?:\[[^\]]*\]\s*)*)$/.exec(step);
      const member = match && record && this.layout(record).members.get(match[1]);
      if (!match || !record || !member || member.offset === null || member.bits !== undefined) return null;
      offset += member.offset;
      let type = this.member(record, match[1])?.member.type ?? UNKNOWN;
      for (const index of match[2].matchAll(/\[([^\]]*)\]/g)) {
        const array = this.resolve(type);
        const position = this.evaluate(index[1]);
        const size = array.kind === 'array' ? this.sizeof(array.of) : null;
        if (array.kind !== 'array' || size === null || position === null) return null;
        offset += size * position;
        type = array.of;
      }
      record = this.recordOf(type);
    }
    return offset;
  }

  private integerType(text: string): { size: number; unsigned: boolean } | null | undefined {
    const type = this.parseType(text);
    if (type.kind === 'unknown') return undefined;
    const resolved = this.resolve(type);
    const size = this.sizeof(resolved);
    if (resolved.kind === 'basic' && this.model && size !== null && !/float|double|^_Float|^__bf/.test(resolved.name)) {
      return { size, unsigned: isUnsignedBasicType(resolved.name, this.model) };
    }
    // Pointers as integers: `(void *)8`, and enums as the ints that they are.
    if (resolved.kind === 'pointer' && this.model) return { size: this.model.pointer, unsigned: true };
    return resolved.kind === 'enum' && size !== null ? { size, unsigned: false } : null;
  }
}

function exactNumber(value: bigint): number | null {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : null;
}

/** `typeof(x)` → `x`. A CType's text may carry the word or not. */
function withoutTypeof(text: string): string {
  const match = /^\s*(\w+)\s*\(/.exec(text);
  if (!match || !isTypeofWord(match[1]) || match[1].includes('member')) return text.trim();
  return text.slice(match[0].length, text.lastIndexOf(')')).trim();
}

/** Entry points: functions that the kernel or another context may call, with how they are registered and in which context they run. */
import type { DeclaringMacro, KnownContext, Knowledge } from '../knowledge/model';
import type { CType, Initializer, ItemDeclarations, Scope } from '../symbols/types';
import { fillTemplate } from '../symbols/declaringMacros';
import { UNKNOWN } from '../symbols/types';
import { askedMembers, type FunctionPointers, membersRead, type MemberStore, type PointerFacts } from './functionPointers';
import type { FunctionNode } from './model';

/** What one file of the module declares, per item. */
export interface DeclaredItem {
  file: string;
  /** Offset of the item in the file's masked text; offsets in `declarations` count from here. */
  start: number;
  declarations: ItemDeclarations;
}

export interface FoundRegistration {
  as: string;
  kind: 'ops' | 'call' | 'macro' | 'assign';
  file: string;
  /** In the masked text of `file`. */
  offset: number;
  context: KnownContext;
  /** Locks that the caller holds. */
  locks: string[];
}

export interface FoundEntryPoint {
  function: FunctionNode;
  registrations: FoundRegistration[];
  context: KnownContext;
}

/** Function pointers in initialisers at file scope, macros that declare tables included. */
export interface InitializedPointers {
  stores: MemberStore[];
  globals: { name: string; function: string }[];
  registrations: { function: string; file: string; registration: FoundRegistration }[];
}

const IDENTIFIER = /[A-Za-z_]\w*/g;

/** The member that an initialiser fills. */
interface Holder {
  record: string;
  field: string;
}

class InitializerWalk {
  readonly stores: MemberStore[] = [];
  readonly globals: { name: string; function: string }[] = [];
  readonly registrations: InitializedPointers['registrations'] = [];

  constructor(
    private readonly scope: Scope,
    private readonly knowledge: Knowledge,
    private readonly isFunction: (name: string) => boolean,
    private readonly file: string,
    private readonly itemStart: number,
    private readonly variable: string,
  ) {}

  walk(value: Initializer, type: CType, holder: Holder | null): void {
    if (value.kind === 'list') this.walkList(value, type, holder);
    else if (
      value.kind === 'call' &&
      this.declaringMacro(value.name, value.arguments, value.start, this.scope.recordOf(type)?.name ?? holder?.record)
    )
      return;
    else {
      const text = value.kind === 'call' ? value.arguments.join(' ') : value.text;
      for (const name of new Set(text.match(IDENTIFIER) ?? [])) if (this.isFunction(name)) this.found(name, holder, value.start);
    }
  }

  private found(name: string, holder: Holder | null, offset: number): void {
    if (holder)
      this.stores.push({
        record: holder.record,
        field: holder.field,
        function: name,
        site: null,
        file: this.file,
        offset: this.itemStart + offset,
      });
    else this.globals.push({ name: this.variable, function: name });
  }

  private walkList(list: Extract<Initializer, { kind: 'list' }>, type: CType, holder: Holder | null): void {
    const resolved = this.scope.resolve(type);
    const record = this.scope.recordOf(type);
    let position = 0;
    for (const entry of list.entries) {
      if (entry.designators.length > 0) {
        const target = this.designated(entry.designators, type, holder);
        this.walk(entry.value, target.type, target.holder);
        const first = entry.designators[0];
        if (record && first.kind === 'field') position = record.members.findIndex((m) => m.name === first.name) + 1;
        continue;
      }
      if (record) {
        const member = record.members[position++];
        if (entry.value.kind === 'call' && this.knowledge.declaringMacros.get(entry.value.name)?.position === 'initializer') {
          this.declaringMacro(entry.value.name, entry.value.arguments, entry.value.start, record.name);
        } else if (member) this.walk(entry.value, member.type, member.name ? { record: record.name, field: member.name } : holder);
        else this.walk(entry.value, UNKNOWN, holder);
      } else this.walk(entry.value, resolved.kind === 'array' ? resolved.of : resolved.kind === 'unknown' ? UNKNOWN : resolved, holder);
    }
  }

  /** A member of a table that the knowledge base describes, for when no header declares it. */
  private knownTable(type: CType, field: string | undefined): Holder | null {
    const resolved = this.scope.resolve(type);
    if (resolved.kind !== 'record' || field === undefined || this.scope.recordOf(type)) return null;
    return this.knowledge.tables.has(resolved.name) ? { record: resolved.name, field } : null;
  }

  private designated(
    designators: readonly { kind: string; name?: string }[],
    type: CType,
    holder: Holder | null,
  ): { type: CType; holder: typeof holder } {
    let current = type;
    let owner = holder;
    for (const designator of designators) {
      if (designator.kind === 'index') {
        const resolved = this.scope.resolve(current);
        current = resolved.kind === 'array' ? resolved.of : UNKNOWN;
        continue;
      }
      const record = this.scope.recordOf(current);
      const found = record && designator.name ? this.scope.member(record, designator.name) : undefined;
      owner = found ? { record: found.record.name, field: designator.name! } : this.knownTable(current, designator.name);
      current = found?.member.type ?? UNKNOWN;
    }
    return { type: current, holder: owner };
  }

  /** True when the macro is one that declares entry points by itself. */
  declaringMacro(name: string, args: readonly string[], offset: number, record?: string): boolean {
    const macro = this.knowledge.declaringMacros.get(name);
    if (!macro) return false;
    for (const registration of expandMacro(macro, args, record)) {
      if (this.isFunction(registration.function)) {
        this.registrations.push({
          function: registration.function,
          file: this.file,
          registration: {
            as: registration.as,
            kind: 'macro',
            file: this.file,
            offset: this.itemStart + offset,
            context: registration.context,
            locks: [],
          },
        });
      }
    }
    return true;
  }
}

/** The functions that a declaring macro registers, its templates filled in with the arguments. */
export function expandMacro(
  macro: DeclaringMacro,
  args: readonly string[],
  record?: string,
): { function: string; as: string; context: KnownContext }[] {
  const fill = (template: string): string => fillTemplate(template, args);
  return macro.entryPoints.map((e) => ({
    function: fill(e.function),
    as: fill(e.as).replace('$record', record ?? ''),
    context: e.context,
  }));
}

/** Reads the function pointers out of everything declared at file scope. */
export function initializedPointers(
  items: readonly DeclaredItem[],
  scopeOf: (file: string) => Scope,
  knowledge: Knowledge,
  isFunction: (name: string, file: string) => boolean,
): InitializedPointers {
  const all: InitializedPointers = { stores: [], globals: [], registrations: [] };
  for (const { file, start, declarations } of items) {
    const scope = scopeOf(file);
    const walkFor = (variable: string): InitializerWalk =>
      new InitializerWalk(scope, knowledge, (name) => isFunction(name, file), file, start, variable);
    const take = (walk: InitializerWalk): void => {
      all.stores.push(...walk.stores);
      all.globals.push(...walk.globals);
      all.registrations.push(...walk.registrations);
    };
    for (const variable of declarations.variables) {
      if (!variable.initializer) continue;
      const walk = walkFor(variable.name);
      walk.walk(variable.initializer, variable.type, null);
      take(walk);
    }
    for (const call of declarations.macroCalls) {
      const walk = walkFor(call.name);
      walk.declaringMacro(call.name, call.arguments, call.place.offset);
      take(walk);
    }
  }
  return all;
}

const CONTEXT_ORDER: Record<KnownContext, number> = { unknown: 0, process: 1, softirq: 2, hardirq: 3 };

/** The strictest of the contexts in which a function may run. */
export function strictest(contexts: readonly KnownContext[]): KnownContext {
  return contexts.reduce((a, b) => (CONTEXT_ORDER[b] > CONTEXT_ORDER[a] ? b : a), 'unknown' as KnownContext);
}

/** Calls that only print or compute with the functions they are given. */
function keepsNothing(knowledge: Knowledge, name: string): boolean {
  const effects = knowledge.functions.get(name)?.effects ?? [];
  return effects.includes('log') || effects.includes('pure');
}

export interface EntryPointInput {
  knowledge: Knowledge;
  pointers: FunctionPointers;
  pointerFacts: PointerFacts;
  initialized: InitializedPointers;
  nodes: readonly FunctionNode[];
  pointed(name: string, file: string): FunctionNode | undefined;
  /** True when the driver declares the record itself: its function pointers are the driver's own callbacks. */
  isDriverRecord(name: string): boolean;
  /** True when a header of the driver's folder declares the record: other modules of the folder may use it too. */
  isSharedRecord(name: string): boolean;
}

/**
 * Function pointers in records of a header of the driver's folder that the module fills and never looks at: the functions are for another
 * module, which calls them (`xhci_driver_overrides.reset`).
 */
function membersForOthers({ pointers, pointerFacts, nodes, isDriverRecord, isSharedRecord }: EntryPointInput): Set<string> {
  const asked = askedMembers(pointers.stores.filter(({ record }) => record && isDriverRecord(record) && isSharedRecord(record)));
  const members = new Set(asked.members);
  if (members.size === 0) return members;
  for (const { ir } of nodes) for (const name of membersRead(ir, asked, pointerFacts)) members.delete(name);
  return members;
}

export function findEntryPoints(input: EntryPointInput): FoundEntryPoint[] {
  const found = new Map<number, FoundEntryPoint>();
  const add = (name: string, file: string, registration: FoundRegistration): void => {
    const node = input.pointed(name, file);
    if (!node) return;
    let entry = found.get(node.id);
    if (!entry) found.set(node.id, (entry = { function: node, registrations: [], context: 'unknown' }));
    if (!entry.registrations.some((r) => r.as === registration.as)) entry.registrations.push(registration);
  };
  const foreign = membersForOthers(input);
  for (const store of input.pointers.stores) {
    if (!store.record || (input.isDriverRecord(store.record) && !foreign.has(`${store.record}.${store.field}`))) continue;
    const table = input.knowledge.tables.get(store.record);
    const member = table?.members[store.field];
    add(store.function, store.file, {
      as: `${store.record}.${store.field}`,
      kind: store.site ? 'assign' : 'ops',
      file: store.file,
      offset: store.site ? input.nodes[store.site.function].itemStart + store.offset : store.offset,
      context: member?.context ?? table?.context ?? 'unknown',
      locks: member?.locks ?? table?.locks ?? [],
    });
  }
  for (const { function: name, file, registration } of input.initialized.registrations) add(name, file, registration);
  for (const handed of input.pointers.handedOver) {
    const known = input.knowledge.registrations.get(handed.callee);
    if (!known && keepsNothing(input.knowledge, handed.callee)) continue;
    const node = input.nodes[handed.site.function];
    const callback = known?.callbacks.find((c) => c.argument === handed.argument);
    add(handed.function, node.file, {
      as: known?.as ?? `${handed.callee}:arg${handed.argument}`,
      kind: 'call',
      file: node.file,
      offset: node.itemStart + handed.site.at,
      context: callback?.context ?? 'unknown',
      locks: [],
    });
  }
  for (const entry of found.values()) entry.context = strictest(entry.registrations.map((r) => r.context));
  return [...found.values()].sort((a, b) => a.function.id - b.function.id);
}

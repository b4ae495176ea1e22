/** From the places that an entry point touches to the objects that hold them and how those are reached. */
import { type Effect, READ, WRITE } from '../../analysis/model';
import type { PathStep } from '../../analysis/paths';
import type { KernelFunction, Knowledge, PrivateAreaFunction } from '../../knowledge/model';
import { type CType, type Scope, UNKNOWN, type VariableDeclaration, VOID } from '../../symbols/types';
import { isFlexible, memberText, plannedField } from './fields';
import type { Extent, MemberStep, PlannedField, PlannedGlobal, PlannedIo, PlannedObject, Pointer } from './model';
import { everyNode, type PlaceNode } from './tree';
import { POINTER_BYTES, pointerSpace, recordByName, recordTypeName, typeName } from './types';

/** A place inside an object. */
interface Inside {
  object: number;
  members: MemberStep[];
  type: CType;
  /** The record that the last member belongs to. */
  record: string | null;
  /** In an array at the object's end, of a length that only the allocation knows. */
  atOpenEnd?: boolean;
}

export interface Unknown {
  effect: Effect;
  message: string;
  advice: string | null;
}

type Child<K extends PathStep['kind']> = PlaceNode & { step: Extract<PathStep, { kind: K }> };

function childrenOf<K extends PathStep['kind']>(node: PlaceNode, kind: K): Child<K>[] {
  return node.children.filter((c): c is Child<K> => c.step?.kind === kind);
}

/** Collects the objects of one entry point. */
export class ObjectPlanner {
  readonly objects: PlannedObject[] = [];
  readonly io: PlannedIo[] = [];
  readonly globals: PlannedGlobal[] = [];
  readonly unknown: Unknown[] = [];
  readonly notes: string[] = [];
  private readonly byKey = new Map<string, PlannedObject>();
  /** Pointer members that are read, and what they point to. */
  private readonly loaded: { field: PlannedField; pointer: Pointer; type: CType }[] = [];

  /** Something is stored where inline functions of the kernel point to (`ip_hdr(skb)->check = 0`). */
  writesThroughInlines = false;

  /** `withFields` false: only what cannot be told is asked for; objects get neither fields nor extents. */
  constructor(
    private readonly scope: Scope,
    private readonly knowledge: Knowledge,
    private readonly withFields = true,
  ) {}

  /** What a pointer of that type points to. */
  target(node: PlaceNode, pointer: Pointer, type: CType): void {
    const space = pointerSpace(this.scope, type);
    if (space === 'iomem') return this.device(pointer);
    // User memory is reached through the kernel's accessors alone, and per-CPU data through the processor's.
    if (space === 'user' || space === 'percpu') return;
    const resolved = this.scope.resolve(type);
    const to = resolved.kind === 'pointer' ? resolved.to : resolved.kind === 'array' ? resolved.of : VOID;
    const [around, ...others] = childrenOf(node, 'container');
    if (around) {
      this.container(node, around, pointer, to);
      for (const other of others) this.container({ ...node, children: [], effects: [] }, other, pointer, to);
      return;
    }
    const direct = { ...node, children: node.children.filter((c) => c.step?.kind !== 'index') };
    // Behind a `void *` that shows to be one record, a computed offset leads into that record (`*(u32 *)((char *)p + offset)`).
    if (!this.scope.recordOf(to) && direct.children.length > 0 && this.scope.recordOf(this.recordSeen(direct, to))) {
      if (childrenOf(node, 'index').every((c) => c.children.length === 0)) return this.single(node, pointer, to);
    }
    if (childrenOf(node, 'index').length > 0) this.array(node, pointer, to);
    if (direct.children.length > 0 || node.effects.some((e) => e.access & (READ | WRITE) || e.escapes)) this.single(direct, pointer, to);
  }

  /** A kernel record that the driver only hands on: inline functions of the kernel, which are part of the call, may read it. */
  handedOn(pointer: Pointer, type: CType): void {
    const resolved = this.scope.resolve(type);
    if (resolved.kind !== 'pointer' || pointerSpace(this.scope, type) !== null) return;
    const record = this.scope.recordOf(resolved.to);
    const name = typeName(this.scope, resolved.to);
    if (!record || record.origin === 'driver' || name === null || !this.scope.sizeof(resolved.to)) return;
    this.add(pointer, name, true, ONE).lenient = true;
  }

  /**
   * Pointer members that the driver loads only to hand them on, to inline functions that get such records. What those do with it is
   * not known, so it is used where it is; but where the call has copies of such records, it may be one of them.
   */
  loadedAndHandedOn(given: ReadonlySet<string>): void {
    for (const { field, pointer, type } of this.loaded) {
      const resolved = this.scope.resolve(type);
      const record = resolved.kind === 'pointer' ? this.scope.recordOf(resolved.to) : undefined;
      if (!record || !given.has(record.name)) continue;
      const name = resolved.kind === 'pointer' ? typeName(this.scope, resolved.to) : null;
      if (this.objects.some((o) => o.type === name)) this.handedOn(pointer, type);
      else field.handedOn = true;
    }
  }

  /** Where inline functions compute places in a record's buffer, what is stored there is stored in the buffer. */
  buffersWritten(): void {
    if (!this.writesThroughInlines) return;
    for (const { extent, pointer, fields } of this.objects) {
      if (extent.kind !== 'allocation' || pointer.kind !== 'held') continue;
      const holder = this.scope.recordOf(this.scope.parseType(this.objects[pointer.object].type));
      if (holder && this.scope.isKernelRecord(holder)) for (const field of fields) field.written = true;
    }
  }

  private device(pointer: Pointer): void {
    this.io.push({ kind: 'memory', pointer, text: pointerText(pointer, this.objects), read: true, written: true });
  }

  private add(pointer: Pointer, type: string, isRecord: boolean, extent: Extent, inside: number | null = null): PlannedObject {
    const key = `${type} ${JSON.stringify(pointer)}`;
    const known = this.byKey.get(key);
    if (known) {
      known.extent = wider(known.extent, extent);
      return known;
    }
    const object: PlannedObject = {
      number: this.objects.length,
      type,
      isRecord,
      bytes: this.withFields ? this.scope.sizeof(this.scope.parseType(type)) : null,
      declaredIn: this.withFields ? this.declaredIn(type) : null,
      mode: 'copy',
      because: null,
      pointer,
      inside,
      around: null,
      like: null,
      extent,
      fields: [],
      counts: [],
      lenient: false,
      list: null,
    };
    this.objects.push(object);
    this.byKey.set(key, object);
    return object;
  }

  /** A layout is looked up only where an object's extent is asked for. */
  private isBytes(type: CType): boolean {
    if (!this.withFields) return false;
    const resolved = this.scope.resolve(type);
    return resolved.kind !== 'record' && this.scope.sizeof(type) === 1;
  }

  private declaredIn(type: string): string | null {
    const record = this.scope.recordOf(this.scope.parseType(type));
    return record?.origin === 'driver' ? record.place.file : null;
  }

  /** `container_of`: the object is the outer record, what was pointed to lies inside it. */
  private container(node: PlaceNode, around: Child<'container'>, pointer: Pointer, inner: CType): void {
    const { record, member } = around.step;
    const name = recordTypeName(this.scope, record);
    const declared = recordByName(this.scope, record);
    if (name === null || !declared)
      return this.cannot(around, `the layout of ${record}, which is around ${pointerText(pointer, this.objects)}`);
    const outerPointer: Pointer = { kind: 'container', of: pointer, record: name, member };
    const [further] = childrenOf(around, 'container');
    const members = member.split('.').map((m): MemberStep => ({ member: m }));
    const inside = { ...node, step: node.step, children: node.children.filter((c) => c !== around) };
    if (further)
      return this.container({ ...around, children: [...around.children] }, further, outerPointer, {
        kind: 'record',
        tag: declared.tag,
        name: record,
      });
    const object = this.add(outerPointer, name, true, { kind: 'one' });
    const list = listHead(pointer, member);
    if (list) object.list = list;
    this.place(around, { object: object.number, members: [], type: { kind: 'record', tag: declared.tag, name: record }, record: null });
    if (list) return;
    // What is cast to `void *` first shows by the members that are touched.
    const seen = this.recordSeen(inside, inner);
    const innerName = typeName(this.scope, seen);
    const held = this.scope.member(declared, member)?.member.type;
    // A record that lives in an array of the outer one (`unsigned long hostdata[]`) is an object of its own.
    if (innerName !== null && held && this.scope.resolve(held).kind === 'array' && this.scope.recordOf(seen)) {
      const lodger = this.add({ kind: 'address', object: object.number, members }, innerName, true, ONE, object.number);
      this.place(inside, { object: lodger.number, members: [], type: seen, record: null });
      return;
    }
    this.place(inside, { object: object.number, members, type: inner, record });
  }

  private single(node: PlaceNode, pointer: Pointer, declared: CType): void {
    const type = this.recordSeen(node, declared);
    const name = typeName(this.scope, type);
    if (name === null || this.scope.resolve(type).kind === 'function') return;
    const isRecord = this.scope.recordOf(type) !== undefined;
    // Bytes are a buffer, whatever is laid over its first ones (a packet's headers).
    const buffer = name === 'void' || this.isBytes(type) || this.isBytes(declared);
    const object = this.add(pointer, name === 'void' ? 'char' : name, isRecord, buffer ? ALLOCATION : ONE);
    this.place(node, { object: object.number, members: [], type, record: null });
  }

  /** The record whose members are touched: the declared one, or another behind a `void *` or a cast. */
  private recordSeen(node: PlaceNode, declared: CType): CType {
    const [first] = childrenOf(node, 'field');
    const record = this.scope.recordOf(declared);
    if (!first) return record ? declared : (this.ownerOf(node) ?? declared);
    if (record && this.scope.member(record, first.step.field)) return declared;
    const seen = recordByName(this.scope, first.step.record);
    if (!seen) return declared;
    return seen.tagged ? { kind: 'record', tag: seen.tag, name: seen.name } : { kind: 'named', name: seen.name };
  }

  /** The record whose private area is used: an interrupt handler gets a `void *` and computes nothing but `netdev_priv()` from it. */
  private ownerOf(node: PlaceNode): CType | null {
    for (const { step } of childrenOf(node, 'private'))
      for (const { name, returns } of this.knowledge.functions.values()) {
        if (returns?.kind !== 'private-area' || returns.name !== step.name || returns.embedded !== true) continue;
        const taken = this.scope.function(name)?.parameters[returns.argument]?.type;
        const resolved = taken && this.scope.resolve(taken);
        if (resolved?.kind === 'pointer' && this.scope.recordOf(resolved.to)) return resolved.to;
      }
    return null;
  }

  private array(node: PlaceNode, pointer: Pointer, declared: CType): void {
    const elements = childrenOf(node, 'index');
    const merged: PlaceNode = { step: null, children: elements.flatMap((e) => e.children), effects: elements.flatMap((e) => e.effects) };
    const type = this.recordSeen(merged, declared);
    const name = typeName(this.scope, type);
    if (name === null) return this.cannot(merged, `the type of the elements behind ${pointerText(pointer, this.objects)}`);
    const last = elements.every((e) => e.step.at !== null) ? Math.max(...elements.map((e) => e.step.at!)) : null;
    const extent: Extent = last !== null && last >= 0 && !this.isBytes(type) ? { kind: 'elements', count: last + 1 } : ALLOCATION;
    const object = this.add(pointer, name === 'void' ? 'char' : name, this.scope.recordOf(type) !== undefined, extent);
    for (const element of elements)
      this.place(element, { object: object.number, members: [{ index: element.step.at }], type, record: null });
  }

  /** A place inside an object, and all that lies below it. */
  private place(node: PlaceNode, at: Inside): void {
    if (node.effects.length > 0) {
      const field = this.field(node.effects, at);
      // Registers may be reached by kernel functions alone (`memcpy_fromio(buffer, card->base, n)`).
      const onlyHandedOn = !node.children.some((c) => c.step?.kind === 'deref');
      if (onlyHandedOn && at.members.length > 0) {
        const pointer: Pointer = { kind: 'held', object: at.object, members: at.members };
        if (pointerSpace(this.scope, at.type) === 'iomem') this.device(pointer);
        else if (field && at.members.every((m) => 'member' in m)) this.loaded.push({ field, pointer, type: at.type });
      }
      // An integer that is followed is a pointer, whatever it was declared as (`unsigned long priv`).
      if (field && !onlyHandedOn && field.bytes === POINTER_BYTES && this.scope.resolve(at.type).kind === 'basic') field.pointer = true;
    }
    for (const child of node.children) {
      const step = child.step!;
      if (step.kind === 'field') this.member(child, step, at);
      else if (step.kind === 'index') {
        const type = this.scope.resolve(at.type);
        const atOpenEnd = at.atOpenEnd || isFlexible(this.scope, at.type);
        this.place(child, {
          ...at,
          members: [...at.members, { index: step.at }],
          type: type.kind === 'array' ? type.of : at.type,
          atOpenEnd,
        });
      } else if (step.kind === 'deref') this.target(child, { kind: 'held', object: at.object, members: at.members }, at.type);
      else if (step.kind === 'private') this.area(child, step.name, at);
      else this.around(child, step, at);
    }
  }

  private field(effects: Effect[], at: Inside): PlannedField | null {
    if (!this.withFields) return null;
    const field = plannedField({ scope: this.scope, knowledge: this.knowledge, effects, ...at });
    if (at.atOpenEnd) field.flexible = true;
    this.objects[at.object].fields.push(field);
    return field;
  }

  private member(node: PlaceNode, step: Extract<PathStep, { kind: 'field' }>, at: Inside): void {
    const record = this.scope.recordOf(at.type);
    const array = record ? null : this.scope.resolve(at.type);
    if (array?.kind === 'array') {
      // An array's name is its first element, and where that is used as a pointer, any.
      if (this.scope.recordOf(array.of)?.name === step.record)
        return this.member(node, step, {
          ...at,
          members: [...at.members, { index: null }],
          type: array.of,
          atOpenEnd: at.atOpenEnd || isFlexible(this.scope, at.type),
        });
      this.reused(node, step.record, at);
      return;
    }
    const found = (record && this.scope.member(record, step.field)?.member.type) ?? this.foreignMember(step);
    if (!found) {
      // What is known of a kernel function may come from a kernel whose records had other members.
      const declared = recordByName(this.scope, step.record);
      if (declared && this.scope.isKernelRecord(declared) && [...everyNode(node)].every((n) => n.effects.every((e) => e.kernel !== null)))
        return;
      return this.cannot(node, `the type of ${step.record}.${step.field}`);
    }
    // A member of another record than the declared one: the memory is used under another type.
    if (record && !this.scope.member(record, step.field)) {
      this.notes.push(`${memberText(at.members) || this.objects[at.object].type} is used as ${step.record}`);
      if (this.withFields)
        this.field(
          [...everyNode(node)].flatMap((n) => n.effects),
          at,
        );
      return;
    }
    this.place(node, { ...at, members: [...at.members, { member: step.field }], type: found, record: step.record });
  }

  /** An array that holds a record: `unsigned long hostdata[]`. */
  private reused(node: PlaceNode, record: string, at: Inside): void {
    const type = recordTypeName(this.scope, record);
    const declared = recordByName(this.scope, record);
    if (type === null || !declared) return this.cannot(node, `the layout of ${record}`);
    const object = this.add({ kind: 'address', object: at.object, members: at.members }, type, true, ONE, at.object);
    this.member(node, node.step as Extract<PathStep, { kind: 'field' }>, {
      object: object.number,
      members: [],
      type: { kind: 'record', tag: declared.tag, name: record },
      record: null,
    });
  }

  private foreignMember(step: Extract<PathStep, { kind: 'field' }>): CType | undefined {
    const record = recordByName(this.scope, step.record);
    return record && this.scope.member(record, step.field)?.member.type;
  }

  /** Memory that a kernel object keeps for the driver. */
  private area(node: PlaceNode, name: string, at: Inside): void {
    const record = this.scope.recordOf(at.type);
    const member = record && this.scope.member(record, name)?.member.type;
    // Newer kernels spell an area that is part of the object as an array at its end.
    if (member && this.scope.resolve(member).kind !== 'array') {
      const members = [...at.members, { member: name }];
      for (const child of node.children) {
        if (child.step?.kind === 'deref') this.target(child, { kind: 'held', object: at.object, members }, member);
        else this.target({ ...node, children: [child] }, { kind: 'held', object: at.object, members }, member);
      }
      return;
    }
    const accessor = this.accessorOf(name, at.type);
    if (!accessor) return this.cannot(node, `how to reach ${name} of ${typeName(this.scope, at.type) ?? 'this object'}`);
    const embedded = accessor.returns.embedded === true;
    const pointer: Pointer = { kind: 'accessor', function: accessor.name, of: this.addressOf(at) };
    if (!embedded) {
      for (const child of node.children)
        this.target(child.step?.kind === 'deref' ? child : { ...node, children: [child] }, pointer, VOID_POINTER);
      return;
    }
    const type = this.recordSeen(node, UNKNOWN);
    const typeText = typeName(this.scope, type);
    if (typeText === null) return this.cannot(node, `the type of ${name}`);
    const object = this.add(pointer, typeText, true, { kind: 'one' }, at.members.length === 0 ? at.object : null);
    this.place(node, { object: object.number, members: [], type, record: null });
  }

  private addressOf(at: Inside): Pointer {
    const { pointer } = this.objects[at.object];
    return at.members.length === 0 ? pointer : { kind: 'held', object: at.object, members: [...at.members, { member: '&' }] };
  }

  /** The kernel's function or macro that leads from an object of that type to its private area. */
  private accessorOf(name: string, type: CType): PrivateAreaFunction | undefined {
    let best: { known: PrivateAreaFunction; fit: number } | undefined;
    for (const known of this.knowledge.functions.privateAreas()) {
      if (known.returns.name !== name || known.parameters !== 1) continue;
      const fit = this.fit(known, known.returns.argument, type);
      if (fit > (best?.fit ?? 0)) best = { known, fit };
    }
    return best?.known;
  }

  /** How well a function's argument fits a type: 3 it is declared so, 2 for any pointer, 1 a macro, which declares nothing; 0 not at all. */
  private fit({ name }: KernelFunction, argument: number, type: CType): number {
    const declared = this.scope.function(name);
    if (!declared) return 1;
    const parameter = declared.parameters[argument]?.type;
    const resolved = parameter && this.scope.resolve(parameter);
    const wanted = resolved?.kind === 'pointer' ? this.scope.recordOf(resolved.to) : undefined;
    const given = this.scope.recordOf(type);
    if (!wanted || !given) return 2;
    return wanted.name === given.name ? 3 : 0;
  }

  private around(node: PlaceNode, step: Extract<PathStep, { kind: 'container' }>, at: Inside): void {
    const name = recordTypeName(this.scope, step.record);
    const declared = recordByName(this.scope, step.record);
    if (name === null || !declared) return this.cannot(node, `the layout of ${step.record}`);
    const object = this.add({ kind: 'around', object: at.object, members: at.members, record: name, member: step.member }, name, true, {
      kind: 'one',
    });
    this.place(node, { object: object.number, members: [], type: { kind: 'record', tag: declared.tag, name: step.record }, record: null });
  }

  /** A global variable of the driver; `type` is its own. */
  global(node: PlaceNode, variable: VariableDeclaration, type: CType, members: MemberStep[] = []): void {
    const { name } = variable;
    const use = {
      name,
      file: variable.place.file,
      constant: variable.constant,
      isStatic: variable.storage === 'static',
    };
    const access = node.effects.reduce((all, e) => all | e.access, 0);
    if (node.effects.length > 0) {
      // Whose address alone is taken is a lock or the like: kernel functions change it.
      const written = (access & WRITE) !== 0 || (access & READ) === 0;
      this.globals.push({
        ...use,
        members,
        text: `${name}${members.length > 0 && 'member' in members[0] ? '.' : ''}${memberText(members)}`,
        read: true,
        written,
      });
    }
    for (const child of node.children) {
      const step = child.step!;
      const resolved = this.scope.resolve(type);
      if (step.kind === 'field') {
        const record = this.scope.recordOf(type);
        const found = record && this.scope.member(record, step.field)?.member;
        // A bit-field has no address: the record around it has.
        const isBits = found !== undefined && (found.bits !== null || found.width !== undefined);
        if (isBits) {
          const written = child.effects.some((e) => (e.access & WRITE) !== 0);
          this.globals.push({ ...use, members, text: `${name}.${memberText(members)}`.replace(/\.$/, ''), read: true, written });
        } else if (found) this.global(child, variable, found.type, [...members, { member: step.field }]);
        else this.globals.push({ ...use, members, text: name, read: true, written: true });
      } else if (step.kind === 'index')
        this.global(child, variable, resolved.kind === 'array' ? resolved.of : UNKNOWN, [...members, { index: step.at }]);
      else if (step.kind === 'deref') this.target(child, { kind: 'global', name, members }, type);
      else this.cannot(child, `what lies around ${name}`);
    }
  }

  private cannot(node: PlaceNode, what: string): void {
    for (const n of everyNode(node)) {
      const effect = n.effects.find((e) => e.access & (READ | WRITE));
      if (effect) {
        this.unknown.push({ effect, message: `it cannot be told ${what}`, advice: null });
        return;
      }
    }
  }
}

const ONE: Extent = { kind: 'one' };
/** Nobody points to one byte. */
const ALLOCATION: Extent = { kind: 'allocation' };
const VOID_POINTER: CType = { kind: 'pointer', to: VOID };

/** One pointer that is used as one object and as an array leads to the array. */
function wider(a: Extent, b: Extent): Extent {
  if (a.kind === 'allocation' || b.kind === 'one') return a;
  return a.kind === 'elements' && b.kind === 'elements' && a.count > b.count ? a : b;
}

/** The head of the list that a pointer belongs to: the pointer is `head.next` of a `list_head`. */
function listHead(pointer: Pointer, member: string): PlannedObject['list'] {
  if (pointer.kind !== 'held') return null;
  const last = pointer.members.at(-1);
  if (!last || !('member' in last) || (last.member !== 'next' && last.member !== 'prev') || pointer.members.length < 2) return null;
  return { headObject: pointer.object, head: pointer.members.slice(0, -1), member };
}

/** A pointer as people write it. */
export function pointerText(pointer: Pointer, objects: readonly PlannedObject[]): string {
  switch (pointer.kind) {
    case 'parameter':
      return pointer.name;
    case 'held': {
      const inner = memberText(pointer.members.filter((m) => !('member' in m) || m.member !== '&'));
      const outer = pointerText(objects[pointer.object].pointer, objects);
      return inner.startsWith('[') ? outer + inner : `${outer}->${inner}`;
    }
    case 'address':
      return `&${pointerText(objects[pointer.object].pointer, objects)}->${memberText(pointer.members)}`;
    case 'global':
      return pointer.name + (pointer.members.length > 0 ? `.${memberText(pointer.members)}` : '');
    case 'container':
      return `container_of(${pointerText(pointer.of, objects)}, ${pointer.record}, ${pointer.member})`;
    case 'around':
      return `container_of(&${pointerText(objects[pointer.object].pointer, objects)}->${memberText(pointer.members)}, ${pointer.record}, ${pointer.member})`;
    case 'accessor':
      return `${pointer.function}(${pointerText(pointer.of, objects)})`;
  }
}

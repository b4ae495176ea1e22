/**
 * C that marshals the objects of one entry point: shapes that say which members travel, functions that share an object with the
 * call, and functions that follow a pointer when isolated code first loads it. Pointers are followed lazily, so a call costs what it
 * uses, and a list needs no bound.
 */
import { elementFollow, type ElementTarget, isOneOfMany, memberOfElement } from './elementFollow';
import { lvalue, membersText } from './memberText';
import { liveDeclarations, liveTest } from './unionFollow';
import { countsCheck, limitedField, limitName, valueFlags } from './values';
import type { EntryPlan, MemberStep, PlannedField, PlannedIo, PlannedObject, Pointer } from '../report/isolation/model';
import { POINTER_BYTES } from '../report/isolation/types';

/** What is stored where it is used, the log knows. */
const RIGHTS_IN_PLACE = 'FGFT_READ | FGFT_WRITE | FGFT_LOGGED';

function identifier(text: string): string {
  return text.replace(/[^A-Za-z0-9]+/g, '_').replace(/^_|_$/g, '') || 'self';
}

/** The container and accessor steps between a pointer and the value that it starts from. */
export function baseOf(pointer: Pointer): Pointer {
  return pointer.kind === 'container' || pointer.kind === 'accessor' ? baseOf(pointer.of) : pointer;
}

/** The object's address, as an expression over the address that its base pointer holds. */
function outward(pointer: Pointer, base: string): string {
  if (pointer.kind === 'container')
    return `(void *)((char *)${outward(pointer.of, base)} - offsetof(${pointer.record}, ${pointer.member}))`;
  if (pointer.kind === 'accessor') return `(void *)${pointer.function}(${outward(pointer.of, base)})`;
  return base;
}

/** Bytes from the object's start to the address that its base pointer holds; null when an accessor leads there. */
function inwardOffset(pointer: Pointer): string | null {
  if (pointer.kind === 'accessor') return null;
  if (pointer.kind !== 'container') return '';
  const inner = inwardOffset(pointer.of);
  return inner === null ? null : ` + offsetof(${pointer.record}, ${pointer.member})${inner}`;
}

/** Do members lead to the field or, through elements, into it? */
function leadsTo(members: readonly MemberStep[], field: Pick<PlannedField, 'members'>): boolean {
  if (members.length < field.members.length) return false;
  return field.members.every((step, i) => {
    const other = members[i];
    return 'member' in step
      ? 'member' in other && other.member === step.member
      : 'index' in other && (step.index === other.index || step.index === null);
  });
}

export class Marshaling {
  private readonly prefix: string;
  /** Objects whose types other files declare make the functions of all global: those files hold theirs. */
  private readonly linkage: string;
  private readonly reference: RegExp;
  private readonly text: ReadonlyMap<number, string[]>;

  constructor(
    private readonly plan: EntryPlan,
    /** The number of the file that sees the object's type. */
    private readonly homeOf: (object: PlannedObject) => number,
  ) {
    this.prefix = `fgft_${plan.name}`;
    this.reference = new RegExp(`\\b${this.prefix}_sh(?:are|ape)_(\\d+)\\b`, 'g');
    this.linkage = new Set(plan.objects.map(homeOf)).size > 1 ? '' : 'static ';
    this.text = new Map(plan.objects.map((o) => [o.number, this.object(o)]));
  }

  /** What one file holds of it: declarations of all functions, and those over types that the file sees. */
  linesFor(file: number): string[] {
    const used = this.used();
    return [
      ...used.flatMap((o) => this.declarations(o)),
      ...used.filter((o) => this.homeOf(o) === file).flatMap((o) => this.text.get(o.number) ?? []),
    ];
  }

  /** Objects that parameters and globals lead to. What only an element of an array leads to is met as plain memory. */
  private used(): PlannedObject[] {
    const found = new Set<number>();
    const visit = (number: number): void => {
      if (found.has(number)) return;
      found.add(number);
      for (const line of this.text.get(number) ?? []) for (const [, other] of line.matchAll(this.reference)) visit(Number(other));
    };
    for (const object of this.plan.objects) {
      const base = baseOf(object.pointer);
      if (object.inside === null && (base.kind === 'parameter' || object.pointer.kind === 'global')) visit(object.number);
    }
    return this.plan.objects.filter((o) => found.has(o.number));
  }

  /** Numbers of the files that hold parts of it. */
  files(): number[] {
    return [...new Set(this.used().map(this.homeOf))];
  }

  /** The function that makes an object known to the call; it returns the address that isolated code uses. */
  shareName(object: PlannedObject): string {
    return `${this.prefix}_share_${object.number}`;
  }

  private declarations(object: PlannedObject): string[] {
    return [
      `${this.linkage}void *${this.shareName(object)}(struct fgft_call *call, void *original)${this.linkage ? ' __maybe_unused' : ''};`,
    ];
  }

  /** Objects that are shadowed as one piece with this one: their accessor over `original`. */
  private areas(object: PlannedObject): { object: PlannedObject; accessor: string; of(original: string): string }[] {
    return this.plan.objects.flatMap((o) => {
      const accessor =
        o.around?.object === object.number && 'accessor' in o.around
          ? o.around.accessor
          : o.inside === object.number && o.pointer.kind === 'accessor'
            ? o.pointer.function
            : null;
      if (accessor !== null)
        return [{ object: o, accessor: `${accessor}()`, of: (original: string): string => `${accessor}(${original})` }];
      if (o.inside !== object.number || o.pointer.kind !== 'address') return [];
      const members = membersText(o.pointer.members);
      return [{ object: o, accessor: members, of: (original: string): string => `(void *)&((${object.type} *)${original})->${members}` }];
    });
  }

  private object(object: PlannedObject): string[] {
    return object.mode === 'copy' ? this.copied(object) : this.inPlace(object);
  }

  private copied(object: PlannedObject): string[] {
    const name = this.shareName(object);
    const { type } = object;
    if (!object.isRecord) {
      const rights = this.rights(
        object.fields.some((f) => f.read),
        object.fields.some((f) => f.written),
      );
      const pointer = object.fields.some((f) => f.pointer) ? ' | FGFT_SCAN' : '';
      const bytes = object.extent.kind === 'elements' ? `${object.extent.count} * sizeof(${type})` : `sizeof(${type})`;
      return [
        `${this.linkage}void *${name}(struct fgft_call *call, void *original)`,
        '{',
        `\treturn fgft_share_bytes(call, original, ${bytes}, ${rights}${pointer}, "${type}");`,
        '}',
        '',
      ];
    }
    const { fields, before } = this.fields(object);
    const shape = `${this.prefix}_shape_${object.number}`;
    const areas = this.areas(object);
    const check = countsCheck(object, `${this.prefix}_check_${object.number}`);
    const lines = [...before, ...(check ?? [])];
    if (fields.length > 0) lines.push(`static const struct fgft_field ${shape}_fields[] = {`, ...fields, '};', '');
    lines.push(
      `static struct fgft_shape ${shape} = {`,
      `\t.name = "${type}",`,
      `\t.size = sizeof(${type}),`,
      ...(fields.length > 0 ? [`\t.field_count = ARRAY_SIZE(${shape}_fields),`, `\t.fields = ${shape}_fields,`] : []),
      ...(object.lenient ? ['\t.lenient = true,'] : []),
      ...(check ? [`\t.check = ${this.prefix}_check_${object.number},`] : []),
      '};',
      '',
      `${this.linkage}void *${name}(struct fgft_call *call, void *original)`,
      '{',
    );
    if (areas.length > 0 || object.around) lines.push('\tvoid *copy;', '');
    if (areas.length > 0 || object.around) lines.push('\tif (!original)', '\t\treturn NULL;');
    if (object.around) {
      const { around } = object;
      const outer = this.plan.objects[around.object];
      const inner = 'accessor' in around ? `${around.accessor}(copy)` : `&((${outer.type} *)copy)->${membersText(around.members)}`;
      lines.push(
        `\tcopy = fgft_word_at(call, original, offsetof(${type}, ${this.holding(object, around.object)}));`,
        `\tif (copy && (void *)${inner} == original)`,
        `\t\t${this.shareName(outer)}(call, copy);`,
      );
    }
    areas.forEach((area, i) => {
      // What lies in the middle (`skb->cb`) makes it no longer, and least of all shorter.
      const least = i === 0 ? `sizeof(${type})` : `${shape}.size`;
      lines.push(
        `\t/* ${area.accessor} lies behind it, or in it: one piece of memory */`,
        `\tWRITE_ONCE(${shape}.size, max_t(u32, ${least}, (char *)${area.of('original')} -`,
        `\t\t   (char *)original + sizeof(${area.object.type})));`,
      );
    });
    const call =
      object.extent.kind === 'elements'
        ? `fgft_share_array(call, &${shape}, original, ${object.extent.count})`
        : `fgft_share(call, &${shape}, original)`;
    if (areas.length > 0 || object.around) {
      lines.push(`\tcopy = ${call};`);
      for (const area of areas) {
        if (area.object.around) lines.push(`\tfgft_share(call, &${this.prefix}_shape_${area.object.number}, ${area.of('original')});`);
        else lines.push(`\t${this.shareName(area.object)}(call, ${area.of('original')});`);
      }
      lines.push('\treturn copy;');
    } else lines.push(`\treturn ${call};`);
    return [...lines, '}', ''];
  }

  /** The member of `object` that leads to the object around it. */
  private holding(object: PlannedObject, outer: number): string {
    const { pointer } = this.plan.objects[outer];
    return pointer.kind === 'held' && pointer.object === object.number ? membersText(pointer.members) : '';
  }

  private rights(read: boolean, written: boolean): string {
    if (!written) return 'FGFT_READ';
    return read ? 'FGFT_READ | FGFT_WRITE' : 'FGFT_WRITE';
  }

  private fields(object: PlannedObject): { fields: string[]; before: string[] } {
    const before: string[] = [];
    const fields: string[] = [];
    for (const field of object.fields) {
      const follow = this.follow(object, field);
      if (follow) before.push(...follow.lines);
      fields.push(this.field(object, field, follow?.name ?? null));
    }
    return { fields, before };
  }

  private flags(field: PlannedField): string {
    if (field.place && !field.written) return field.read ? 'FGFT_PLACE | FGFT_READ' : 'FGFT_PLACE';
    const flags = [this.rights(field.read, field.written)];
    if (field.pointer) flags.push('FGFT_POINTER');
    else if (field.function) flags.push('FGFT_FUNCTION');
    else if (field.place || (field.written && (field.bytes === null || field.bytes > POINTER_BYTES))) flags.push('FGFT_SCAN');
    if (field.isBits) flags.push('FGFT_BITS');
    flags.push(...valueFlags(field));
    return flags.join(' | ');
  }

  private field(object: PlannedObject, field: PlannedField, follow: string | null): string {
    const { type } = object;
    const how = this.flags(field);
    const followed = follow ? `, .follow = ${follow}` : '';
    if (field.isBits) return `\t{ ${this.storage(object, field)}, .flags = ${how}, .name = "${field.text}" },`;
    if (field.members.length === 0) return `\t{ .offset = 0, .length = sizeof(${type}), .flags = ${how}, .name = "${type}"${followed} },`;
    const text = membersText(field.members);
    const words = field.pointer || how.includes('FGFT_SCAN');
    // Elements travel one by one: what others changed in the rest of the array stays.
    const element = words && (field.bytes === null || field.bytes > POINTER_BYTES) ? `, .element = ${POINTER_BYTES}` : '';
    const limit = field.limit ? `, .limit = &${limitName(field.limit)}` : '';
    return `\t{ FGFT_MEMBER(${type}, ${text}), .flags = ${how}${element}${limit}${followed} },`;
  }

  /** Offset and length of a bit-field's storage: what lies between the members around it. */
  private storage(object: PlannedObject, field: PlannedField): string {
    const { type } = object;
    const outer = membersText(field.members.slice(0, -1));
    const inner = (name: string): string => (outer ? `${outer}.${name}` : name);
    if (!field.bits) return `.offset = 0, .length = sizeof(${type})`;
    const { before, after } = field.bits;
    const start = before ? `offsetofend(${type}, ${inner(before)})` : outer ? `offsetof(${type}, ${outer})` : '0';
    const end = after ? `offsetof(${type}, ${inner(after)})` : outer ? `offsetofend(${type}, ${outer})` : `sizeof(${type})`;
    return `.offset = ${start}, .length = ${end} - ${start === '0' ? '0' : `(${start})`}`;
  }

  private isIo(object: PlannedObject, field: PlannedField): PlannedIo | undefined {
    return this.plan.io.find(
      (io) => io.pointer.kind === 'held' && io.pointer.object === object.number && leadsTo(io.pointer.members, field),
    );
  }

  /** The objects that a pointer member leads to, where it stands and in the object whose pointers lead to the same ones. */
  private targets(object: PlannedObject, field: PlannedField): PlannedObject[] {
    return this.plan.objects.filter((o) => {
      if (o.inside !== null) return false;
      const base = baseOf(o.pointer);
      if (o.list && (object === o || object.like === o.number) && field.text.startsWith(`${o.list.member}.`)) return true;
      if (base.kind !== 'held' || (base.object !== object.number && base.object !== object.like)) return false;
      return (field.alternatives ?? [field]).some((a) => leadsTo(base.members, a));
    });
  }

  /** For each target of a pointer in a union when it is there; null: which of the union's members is there cannot be told. */
  private liveTests(object: PlannedObject, field: PlannedField, targets: readonly PlannedObject[]): Map<PlannedObject, string> | null {
    const tests = new Map<PlannedObject, string>();
    const { alternatives = [] } = field;
    for (const target of targets) {
      const base = baseOf(target.pointer);
      const held = alternatives.find((a) => base.kind === 'held' && leadsTo(base.members, a));
      const test = held && liveTest(object, held);
      if (test) tests.set(target, test);
    }
    const ambiguous = alternatives.some((a) => !a.pointer) || new Set(targets.map((t) => t.type)).size > 1;
    return alternatives.length > 1 && ambiguous && tests.size < targets.length ? null : tests;
  }

  /** The function that is called before isolated code first loads the member; null where its value needs nothing. */
  private follow(object: PlannedObject, field: PlannedField): { name: string; lines: string[] } | null {
    const io = this.isIo(object, field);
    const targets = this.targets(object, field);
    const name = `${this.prefix}_follow_${object.number}_${identifier(field.text)}`;
    const head = [`static void ${name}(struct fgft_call *call, void *field)`, '{'];
    if (io) {
      const ports = io.kind === 'ports';
      const rights = [
        io.read && (ports ? 'FGFT_PORT_READ' : 'FGFT_IO_READ'),
        io.written && (ports ? 'FGFT_PORT_WRITE' : 'FGFT_IO_WRITE'),
      ].filter(Boolean);
      const type = ports ? `typeof_member(${object.type}, ${membersText(field.members)})` : 'void __iomem *';
      const value = `*(${type}${ports ? ' ' : ''}*)field`;
      return {
        name,
        lines: [...head, `\tfgft_follow_${ports ? 'ports' : 'io'}(call, ${value}, ${rights.join(' | ') || 'FGFT_IO_READ'});`, '}', ''],
      };
    }
    if (targets.length === 0) {
      if (!field.pointer || !field.read || !(field.byKernelOnly || field.handedOn || object.lenient)) return null;
      return { name: 'fgft_follow_object', lines: [] };
    }
    // Elements that are records hold their pointers at places that only the record tells.
    const tests = this.liveTests(object, field, targets);
    if (!field.pointer || !tests) return field.members.length > 0 && field.read ? { name: 'fgft_follow_object', lines: [] } : null;
    const lines = [
      ...head,
      ...liveDeclarations(object, membersText(field.members), [...tests.values()]),
      '\tvoid **pointer = field;',
      '\tvoid *original = fgft_original(call, *pointer);',
      '\tvoid *copy;',
      '',
      '\tif (!original)',
      '\t\treturn;',
    ];
    const measured = targets.find((t) => t.extent.kind === 'member');
    if (measured?.extent.kind === 'member') {
      // The length stands beside the pointer, in the record as it is now.
      const holder = `(${object.type} *)((char *)field - offsetof(${object.type}, ${membersText(field.members)}))`;
      lines.push(
        `\tfgft_allow(call, original, (${holder})->${measured.extent.member},`,
        `\t\t   ${measured.fields.some((f) => f.written) ? 'FGFT_READ | FGFT_WRITE | FGFT_LOGGED' : 'FGFT_READ'});`,
      );
    }
    const isLink = targets.some((t) => t.list);
    if (isLink) {
      lines.push(
        "\t/* the list's head, or a node met before */",
        '\tcopy = fgft_copy_of(call, original);',
        '\tif (copy != original) {',
        '\t\t*pointer = copy;',
        '\t\treturn;',
        '\t}',
      );
    }
    for (const target of targets) {
      const offset = inwardOffset(target.pointer);
      const test = tests.get(target);
      const share = [`\tcopy = ${this.shareName(target)}(call, ${outward(target.pointer, 'original')});`];
      if (offset !== null && target.mode === 'copy')
        share.push('\tif (copy)', `\t\t*pointer = ${offset === '' ? 'copy' : `(char *)copy${offset}`};`);
      lines.push(...(test ? [`\tif (${test}) {`, ...share.map((l) => `\t${l}`), '\t}'] : share));
    }
    if (!lines.some((l) => l.includes('= copy') || l.includes('(char *)copy'))) {
      const unused = lines.indexOf('\tvoid *copy;');
      lines.splice(unused, 1);
      return { name, lines: [...lines.map((l) => l.replace(/^(\t+)copy = /, '$1')), '}', ''] };
    }
    return { name, lines: [...lines, '}', ''] };
  }

  /** The function that follows the pointers of elements that are used in place; null where nobody loads one. */
  private elementsFollow(object: PlannedObject): { name: string; lines: string[] } | null {
    const targets = this.plan.objects.flatMap((target): ElementTarget[] => {
      const member = target.inside === null && !target.list && target.mode === 'place' ? memberOfElement(object, target) : null;
      return member === null ? [] : [{ member, share: `${this.shareName(target)}(call, ${outward(target.pointer, 'original')});` }];
    });
    const name = `${this.prefix}_follow_${object.number}_elements`;
    if (targets.length > 0) return { name, lines: elementFollow(name, object.type, targets) };
    return object.fields.some((f) => f.pointer && f.read) ? { name: 'fgft_follow_object', lines: [] } : null;
  }

  private inPlace(object: PlannedObject): string[] {
    const { type } = object;
    const before: string[] = [];
    const body: string[] = [];
    const allow = (what: string, bytes: string, field: Pick<PlannedField, 'read' | 'written'>, follow: string | null): string => {
      const rights = field.written ? RIGHTS_IN_PLACE : 'FGFT_READ';
      return follow
        ? `\tfgft_allow_follow(call, ${what}, ${bytes}, ${rights}, ${follow});`
        : `\tfgft_allow(call, ${what}, ${bytes}, ${rights});`;
    };
    const isArray = object.fields.some((f) => f.members.length > 0 && 'index' in f.members[0]);
    const isMany = object.isRecord && isOneOfMany(this.plan.objects, object) && !object.fields.some((f) => f.flexible);
    if (object.isRecord && !isArray && !isMany && (object.extent.kind === 'one' || object.fields.some((f) => f.flexible))) {
      if (object.lenient) body.push('\tfgft_allow(call, object, sizeof(*object), FGFT_READ);');
      for (const field of object.fields) {
        const isPart = field.members.length > 0 && !field.flexible && !field.isBits;
        const follow = isPart ? this.follow(object, field) : null;
        if (follow) before.push(...follow.lines);
        if (field.flexible) {
          const at = `offsetof(${type}, ${membersText(field.members)})`;
          body.push(allow(`(char *)object + ${at}`, `fgft_extent(object) - ${at}`, field, null));
          continue;
        }
        if (field.members.length === 0 || (field.isBits && !field.bits)) {
          body.push(allow('object', 'sizeof(*object)', field, null));
          continue;
        }
        const written = { read: true, written: field.written || field.place };
        if (field.isBits) {
          const [start, length] = this.storage(object, field)
            .replace(/\.(offset|length) = /g, '')
            .split(/, (?=[^,]*$)/);
          body.push(allow(`(char *)object + ${start}`, length, written, null));
        } else if (field.limit || field.neverNull) {
          const limited = `${this.prefix}_limited_${object.number}_${identifier(field.text)}`;
          before.push(...limitedField(type, field, limited));
          const how = `&${lvalue('object', field.members)}, ${RIGHTS_IN_PLACE}`;
          body.push(`\tfgft_allow_limited(call, ${how}, ${follow?.name ?? 'NULL'}, &${limited});`);
        } else
          body.push(
            allow(`&${lvalue('object', field.members)}`, `sizeof(${lvalue('object', field.members)})`, written, follow?.name ?? null),
          );
      }
      for (const area of this.areas(object)) body.push(`\t${this.shareName(area.object)}(call, ${area.of('object')});`);
    } else {
      const bytes =
        object.extent.kind === 'elements'
          ? `${object.extent.count} * sizeof(*object)`
          : object.extent.kind === 'one'
            ? isMany
              ? 'max_t(unsigned long, fgft_extent(object), sizeof(*object))'
              : 'sizeof(*object)'
            : object.extent.kind === 'bytes'
              ? String(object.extent.bytes)
              : 'fgft_extent(object)';
      const written = isMany || object.fields.some((f) => f.written);
      const follow = this.elementsFollow(object);
      before.push(...(follow?.lines ?? []));
      body.push(allow('object', bytes, { read: true, written }, follow?.name ?? null));
      for (const area of this.areas(object)) body.push(`\t${this.shareName(area.object)}(call, ${area.of('object')});`);
      // A range has one function that follows its pointers; registers are no objects, so they are made known at once.
      for (const field of object.fields) {
        const follow =
          object.isRecord && field.members.every((m) => 'member' in m) && this.isIo(object, field) ? this.follow(object, field) : null;
        if (!follow || field.members.length === 0) continue;
        before.push(...follow.lines);
        body.push(`\t${follow.name}(call, &${lvalue('object', field.members)});`);
      }
    }
    return [
      ...before,
      `/* used where it is: ${object.because ?? 'as planned'} */`,
      `${this.linkage}void *${this.shareName(object)}(struct fgft_call *call, void *original)`,
      '{',
      ...(body.length > 0 ? [`\t${type} *object = original;`, '', '\tif (IS_ERR_OR_NULL(object))', '\t\treturn original;', ...body] : []),
      '\treturn original;',
      '}',
      '',
    ];
  }
}

/** A cast for a parameter that holds an address and is declared as a number (`unsigned long arg`). */
function asDeclared(plan: EntryPlan, name: string): string {
  const parameter = plan.parameters.find((p) => p.name === name);
  return parameter?.type && !parameter.isPointer ? `(${parameter.type})` : '';
}

/** Statements of the stub that share what a parameter points to, and give isolated code its address. */
export function shareParameters(plan: EntryPlan, marshaling: Marshaling): string[] {
  const lines: string[] = [];
  for (const object of plan.objects) {
    const base = baseOf(object.pointer);
    if (object.inside !== null || base.kind !== 'parameter') continue;
    const offset = inwardOffset(object.pointer);
    const shared = `${marshaling.shareName(object)}(arguments.call, ${outward(object.pointer, `(void *)${base.name}`)})`;
    if (offset === null || object.mode === 'place') lines.push(`\tif (${base.name})`, `\t\t${shared};`);
    else if (offset === '') lines.push(`\targuments.${base.name} = ${asDeclared(plan, base.name)}${shared};`);
    else
      lines.push(
        `\tif (${base.name})`,
        `\t\targuments.${base.name} = ${asDeclared(plan, base.name) || '(void *)'}((char *)${shared}${offset});`,
      );
  }
  return lines;
}

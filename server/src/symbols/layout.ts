/**
 * Sizes, alignments and offsets as gcc gives them on the LP64 ABIs we know (System V x86-64, AAPCS64).
 * What cannot be told is null, and stays null for everything that depends on it.
 */
import { basicTypeLayout, type DataModel } from './basicTypes';
import { alignedAttribute, expandedAttributes, isPacked, packLimit } from './layoutAttributes';
import type { AttributeUse, CType, EnumDeclaration, MemberDeclaration, RecordDeclaration, RecordLayout, TypedefDeclaration } from './types';

/** What the layout asks about names. Typically a scope. */
export interface LayoutContext {
  model: DataModel | undefined;
  typedef(name: string): TypedefDeclaration | undefined;
  record(tag: 'struct' | 'union', name: string): RecordDeclaration | undefined;
  enumeration(name: string): EnumDeclaration | undefined;
  /** The layout of a kernel record when somebody else lays those out; undefined: do it here. */
  kernelLayout?(record: RecordDeclaration): RecordLayout | undefined;
  /** Follows `typeof(…)`; UNKNOWN when it cannot be told. */
  typeOf(text: string): CType;
  evaluate(text: string): number | null;
  /** Body of an object-like macro, for attribute words of the driver's or a header's own (`CRYPTO_MINALIGN_ATTR`). */
  macroBody(name: string): string | undefined;
  /** Values of an enum's constants, in order; null where unknown. */
  enumValues(declaration: EnumDeclaration): (number | null)[];
}

/** Bytes; null where unknown. */
export interface SizeAlign {
  size: number | null;
  align: number | null;
}

const UNKNOWN_SIZE: SizeAlign = { size: null, align: null };
/** Typedef chains and nested arrays deeper than this are cycles. */
const DEPTH_LIMIT = 64;

type LayoutMember = { offset: number | null; bit?: number; bits?: number; size: number | null };

/** Lays out records, each once. Lives as long as the declarations that its context hands out. */
export class LayoutEngine {
  private readonly layouts = new Map<RecordDeclaration, RecordLayout>();
  private readonly inProgress = new Set<RecordDeclaration>();

  constructor(private readonly context: LayoutContext) {}

  /** Size and offsets of a record. A record that contains itself (which C forbids) is unknown. */
  layout(record: RecordDeclaration): RecordLayout {
    const known = this.layouts.get(record) ?? this.context.kernelLayout?.(record);
    if (known) return known;
    if (this.inProgress.has(record)) return { ...UNKNOWN_SIZE, members: new Map() };
    this.inProgress.add(record);
    const layout = new RecordBuilder(record, this, this.context).build();
    this.inProgress.delete(record);
    this.layouts.set(record, layout);
    return layout;
  }

  /** Size and alignment of a type; functions and `void` have none. */
  sizeAlign(type: CType, depth = 0): SizeAlign {
    const { model } = this.context;
    if (depth > DEPTH_LIMIT) return UNKNOWN_SIZE;
    switch (type.kind) {
      case 'basic':
        return (model && basicTypeLayout(type.name, model)) ?? UNKNOWN_SIZE;
      case 'pointer':
        return model ? { size: model.pointer, align: model.pointer } : UNKNOWN_SIZE;
      case 'array':
        return this.array(type, depth);
      case 'named':
        return this.named(type.name, depth);
      case 'record': {
        const record = type.inline ?? this.context.record(type.tag, type.name);
        if (!record) return UNKNOWN_SIZE;
        const { size, align } = this.layout(record);
        return { size, align };
      }
      case 'enum': {
        const declaration = type.inline ?? this.context.enumeration(type.name);
        return declaration ? this.enumeration(declaration) : UNKNOWN_SIZE;
      }
      case 'typeof': {
        const target = this.context.typeOf(type.text);
        return target.kind === 'typeof' ? UNKNOWN_SIZE : this.sizeAlign(target, depth + 1);
      }
      default:
        return UNKNOWN_SIZE;
    }
  }

  private array(type: Extract<CType, { kind: 'array' }>, depth: number): SizeAlign {
    const element = this.sizeAlign(type.of, depth + 1);
    const length = type.length ?? (type.bound !== undefined ? this.context.evaluate(type.bound) : type.flexible ? 0 : null);
    if (length === null || element.size === null || length < 0) return { size: length === 0 ? 0 : null, align: element.align };
    return { size: length * element.size, align: element.align };
  }

  private named(name: string, depth: number): SizeAlign {
    const builtin = this.context.model && basicTypeLayout(name, this.context.model);
    const typedef = this.context.typedef(name);
    if (!typedef) return builtin ?? UNKNOWN_SIZE;
    const target = this.sizeAlign(typedef.type, depth + 1);
    const aligned = this.aligned(typedef.attributes);
    // On a typedef the attribute replaces the alignment, down as well as up.
    return aligned === undefined ? target : { size: target.size, align: aligned };
  }

  /** gcc: an int, unless a value needs more or `packed` allows less. */
  private enumeration(declaration: EnumDeclaration): SizeAlign {
    const packed = this.isPacked(declaration.attributes);
    const values = this.context.enumValues(declaration);
    let low = 0;
    let high = 0;
    for (const value of values) {
      if (value === null) {
        // An unknown value of an enum is an int in all but freak cases, but how few bytes hold it cannot be told.
        if (packed) return UNKNOWN_SIZE;
        continue;
      }
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    const fits = (bits: number): boolean => (low < 0 ? low >= -(2 ** (bits - 1)) && high < 2 ** (bits - 1) : high < 2 ** bits);
    const size = packed && fits(8) ? 1 : packed && fits(16) ? 2 : fits(32) ? 4 : 8;
    return { size, align: size };
  }

  isPacked(attributes: readonly AttributeUse[] | undefined): boolean {
    return attributes !== undefined && isPacked(this.expanded(attributes));
  }

  private expanded(attributes: readonly AttributeUse[]): readonly AttributeUse[] {
    return expandedAttributes(attributes, (name) => this.context.macroBody(name));
  }

  /** The largest `aligned` among attributes in bytes; null when one cannot be evaluated, undefined when there is none. */
  aligned(attributes: readonly AttributeUse[] | undefined): number | null | undefined {
    return attributes && alignedAttribute(this.expanded(attributes), this.context.model, (text) => this.context.evaluate(text));
  }
}

/** Places the members of one record. Positions are in bits; null once something unknown was met. */
class RecordBuilder {
  private readonly members = new Map<string, LayoutMember>();
  private position: number | null = 0;
  /** Unions: bits of the largest member. */
  private extent: number | null = 0;
  private align: number | null = 1;
  private readonly packed: boolean;
  private readonly limit: number | undefined;

  constructor(
    private readonly record: RecordDeclaration,
    private readonly engine: LayoutEngine,
    private readonly context: LayoutContext,
  ) {
    this.packed = engine.isPacked(record.attributes);
    this.limit = packLimit(record.attributes);
  }

  build(): RecordLayout {
    if (!this.context.model) return { ...UNKNOWN_SIZE, members: this.unknownMembers() };
    for (const member of this.record.members) {
      if (this.record.tag === 'union') this.position = 0;
      const width = member.bits ?? (member.width !== undefined ? this.context.evaluate(member.width) : undefined);
      if (width === undefined) this.placeMember(member);
      else this.placeBitField(member, width);
      if (this.record.tag === 'union')
        this.extent = this.extent === null || this.position === null ? null : Math.max(this.extent, this.position);
    }
    this.raise(this.engine.aligned(this.record.attributes));
    const bits = this.record.tag === 'union' ? this.extent : this.position;
    const size = bits === null || this.align === null ? null : roundUp(Math.ceil(bits / 8), this.align);
    return { size, align: this.align, members: this.members };
  }

  private raise(align: number | null | undefined): void {
    if (align === undefined) return;
    this.align = align === null || this.align === null ? null : Math.max(this.align, align);
  }

  private placeMember(member: MemberDeclaration): void {
    const { size, align: natural } = this.engine.sizeAlign(member.type);
    let align = natural;
    if (this.packed || this.engine.isPacked(member.attributes)) align = 1;
    else if (this.limit !== undefined && align !== null) align = Math.min(align, this.limit);
    const asked = this.engine.aligned(member.attributes);
    if (asked !== undefined) align = asked === null || align === null ? null : Math.max(align, asked);
    const start = this.position === null || align === null ? null : roundUp(this.position, align * 8);
    this.add(member, start, size);
    this.position = start === null || size === null ? null : start + size * 8;
    this.raise(align);
  }

  private add(member: MemberDeclaration, start: number | null, size: number | null): void {
    const offset = start === null ? null : start / 8;
    if (member.name !== '') {
      this.members.set(member.name, { offset, size });
      return;
    }
    const inner = this.innerRecord(member.type);
    if (!inner) return;
    for (const [name, found] of this.engine.layout(inner).members) {
      this.members.set(name, { ...found, offset: offset === null || found.offset === null ? null : offset + found.offset });
    }
  }

  private innerRecord(type: CType): RecordDeclaration | undefined {
    return type.kind === 'record' ? (type.inline ?? this.context.record(type.tag, type.name)) : undefined;
  }

  /**
   * A bit-field of a type T takes the next bits, unless it would then span more units of T's alignment than T itself has;
   * then it starts at the next unit. Packed ones (also under `#pragma pack`) always take the next bits. Width 0 closes the unit.
   */
  private placeBitField(member: MemberDeclaration, width: number | null): void {
    const type = this.engine.sizeAlign(member.type);
    const packed = this.packed || this.engine.isPacked(member.attributes);
    const asked = this.engine.aligned(member.attributes);
    if (width === null || type.size === null || type.align === null || asked === null) {
      if (member.name !== '') this.members.set(member.name, { offset: null, size: null, ...(width !== null && { bits: width }) });
      this.position = null;
      this.align = null;
      return;
    }
    const unit = type.align * 8;
    if (this.position !== null) {
      if (width === 0) this.position = roundUp(this.position, unit);
      else {
        if (asked !== undefined) this.position = roundUp(this.position, asked * 8);
        if (!packed && this.limit === undefined && spans(this.position, width, unit) > (type.size * 8) / unit)
          this.position = roundUp(this.position, unit);
      }
    }
    const start = this.position;
    if (member.name !== '') {
      const bit = start === null ? undefined : start % 8;
      this.members.set(member.name, {
        offset: start === null ? null : Math.floor(start / 8),
        ...(bit !== undefined && { bit }),
        bits: width,
        size: bit === undefined ? null : Math.ceil((bit + width) / 8),
      });
    }
    if (start !== null) this.position = start + width;
    const counts = member.name !== '' || this.context.model?.unnamedBitFieldsAlign === true;
    if (counts) this.raise(width === 0 ? type.align : packed ? 1 : Math.min(type.align, this.limit ?? type.align));
    this.raise(asked);
  }

  private unknownMembers(): Map<string, LayoutMember> {
    for (const member of this.record.members) this.add(member, null, this.engine.sizeAlign(member.type).size);
    return this.members;
  }
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}

/** Units that `width` bits from `position` on touch. */
function spans(position: number, width: number, unit: number): number {
  return Math.ceil(((position % unit) + width) / unit);
}

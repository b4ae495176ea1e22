/** C types as plain data. `unknown` is a value: what cannot be told stays unknown and is never guessed. */
export type CType =
  | { kind: 'void' }
  /** A basic arithmetic type under its canonical name (`unsigned int`, `long`, `char`, `_Bool`, `double`). */
  | { kind: 'basic'; name: string }
  /** `space` is the kernel's address space attribute: `iomem`, `user`, `percpu`, `rcu`. `constant`: what it points to is const (`const T *`). */
  | { kind: 'pointer'; to: CType; space?: AddressSpace; constant?: boolean }
  /** `length` null: not told (`[]`, or a bound that could not be evaluated; `flexible` tells which). */
  | {
      kind: 'array';
      of: CType;
      length: number | null;
      flexible: boolean;
      /** The bound as written, set whenever `length` is null and a bound stands there: the scope evaluates it. */
      bound?: string;
    }
  /** A struct or union; look it up in the scope by tag and name, or by `inline` when it has no name. */
  | { kind: 'record'; tag: 'struct' | 'union'; name: string; inline?: RecordDeclaration }
  | { kind: 'enum'; name: string; inline?: EnumDeclaration }
  | { kind: 'function'; returns: CType; parameters: ParameterDeclaration[]; variadic: boolean }
  /** A typedef name, not yet looked up. */
  | { kind: 'named'; name: string; space?: AddressSpace }
  /** `typeof(expression)`; the text is kept. */
  | { kind: 'typeof'; text: string }
  | { kind: 'unknown' };

export type AddressSpace = 'iomem' | 'user' | 'percpu' | 'rcu';

export const UNKNOWN: CType = { kind: 'unknown' };
export const VOID: CType = { kind: 'void' };

export interface AttributeUse {
  name: string;
  arguments: string | null;
}

export interface ParameterDeclaration {
  name: string;
  type: CType;
  attributes: AttributeUse[];
}

/** A place in a file that a symbol was declared at. */
export interface Place {
  file: string;
  offset: number;
}

export interface MemberDeclaration {
  /** '' for an anonymous struct or union (whose members count as the outer record's) and for an unnamed bit-field. */
  name: string;
  type: CType;
  /** Width in bits; null when the member is not a bit-field (or when `width` holds what could not be evaluated without a scope). */
  bits: number | null;
  /** The width as written, set whenever it is no plain literal (`bits` is null then). */
  width?: string;
  attributes: AttributeUse[];
  /** Offset of the member's name in the record's file. */
  offset: number;
}

export interface RecordDeclaration {
  tag: 'struct' | 'union';
  /**
   * The tag; without one the typedef's name; else the name of the variable or member that declares it, which the reader of the
   * declarator fills in. Reports name records so.
   */
  name: string;
  tagged: boolean;
  members: MemberDeclaration[];
  attributes: AttributeUse[];
  place: Place;
  origin: 'driver' | 'kernel';
}

export interface EnumDeclaration {
  name: string;
  /**
   * `value` is null when the value is no plain literal and does not follow from one by counting; `text` is the explicit value as written
   * (absent: one more than the constant before), so that the scope can evaluate it.
   */
  constants: { name: string; value: number | null; text?: string }[];
  /** `packed` makes the enum as small as its values allow. */
  attributes?: AttributeUse[];
  place: Place;
}

export interface TypedefDeclaration {
  name: string;
  type: CType;
  /** `aligned` here also lowers an alignment (`compat_u64`). */
  attributes?: AttributeUse[];
  place: Place;
}

export interface FunctionDeclaration {
  name: string;
  returns: CType;
  parameters: ParameterDeclaration[];
  variadic: boolean;
  attributes: AttributeUse[];
  storage: 'static' | 'extern' | 'none';
  inline: boolean;
  defined: boolean;
  place: Place;
}

/** An initialiser kept as a small tree: enough to find function pointers in tables and string constants. */
export type Initializer =
  | { kind: 'list'; entries: { designators: Designator[]; value: Initializer }[]; start: number; end: number }
  /** Any other expression; `name` when it is a plain identifier or `&identifier`, also behind casts and parentheses. */
  | { kind: 'expression'; text: string; name: string | null; start: number; end: number }
  /** A macro or function call, e.g. `SET_SYSTEM_SLEEP_PM_OPS(a, b)` or `__ATTR(name, mode, show, store)`. */
  | { kind: 'call'; name: string; arguments: string[]; start: number; end: number };

export type Designator = { kind: 'field'; name: string } | { kind: 'index'; text: string };

export interface VariableDeclaration {
  name: string;
  type: CType;
  attributes: AttributeUse[];
  storage: 'static' | 'extern' | 'none';
  constant: boolean;
  initializer: Initializer | null;
  place: Place;
}

/** A macro call at file scope: `module_pci_driver(x);`, `static DEVICE_ATTR_RW(y);`, `MODULE_LICENSE("GPL");`. */
export interface FileMacroCall {
  name: string;
  arguments: string[];
  place: Place;
}

/**
 * What one top-level item declares. Offsets (`place.offset`, member offsets, initialiser ranges) are relative to the item's start in the masked text,
 * so that an item that only moved needs no new work.
 */
export interface ItemDeclarations {
  records: RecordDeclaration[];
  enums: EnumDeclaration[];
  typedefs: TypedefDeclaration[];
  functions: FunctionDeclaration[];
  variables: VariableDeclaration[];
  macroCalls: FileMacroCall[];
}

/** Result of looking a member up: the chain runs through anonymous records down to the member. */
export interface MemberPath {
  /** The innermost named record that holds the member, as the report names it. */
  record: RecordDeclaration;
  member: MemberDeclaration;
}

/** Size and offsets as the compiler makes them. null: unknown. */
export interface RecordLayout {
  size: number | null;
  align: number | null;
  /** By member name; members of anonymous members stand with the outer record. */
  members: Map<string, { offset: number | null; bit?: number; bits?: number; size: number | null }>;
}

/**
 * Everything that names mean to one module: the driver's own declarations first, then the kernel's headers, read on demand.
 * All members are total: what is not known is undefined, null or UNKNOWN.
 */
export interface Scope {
  record(tag: 'struct' | 'union', name: string): RecordDeclaration | undefined;
  typedef(name: string): TypedefDeclaration | undefined;
  enumConstant(name: string): number | null | undefined;
  /** An enum by its tag. */
  enumeration(name: string): EnumDeclaration | undefined;
  /** A function of the driver or a prototype or inline function of the kernel. */
  function(name: string): FunctionDeclaration | undefined;
  /** A global variable of the driver or an extern of the kernel. */
  variable(name: string): VariableDeclaration | undefined;
  /** 'driver', 'kernel', or undefined when no macro has that name. */
  macro(name: string): { definition: MacroSummary; origin: 'driver' | 'kernel' } | undefined;
  /** Follows typedefs (and typeof of plain names) to a type that is neither. */
  resolve(type: CType): CType;
  /** The record behind a type, typedefs followed; pointers are not. */
  recordOf(type: CType): RecordDeclaration | undefined;
  /** Finds a member, looking through anonymous members. */
  member(record: RecordDeclaration, name: string): MemberPath | undefined;
  /** Bytes of a type; null when unknown (also when no kernel tree is there). */
  sizeof(type: CType): number | null;
  layout(record: RecordDeclaration): RecordLayout;
  /** Evaluates an integer constant expression (literals, enum constants, object macros, sizeof); null when it cannot be told. */
  evaluate(text: string): number | null;
  /** Parses a type name such as `struct foo *` or `u32`; UNKNOWN when it is none. */
  parseType(text: string): CType;
  /** True when the record is declared in a kernel header (not in the driver's own text). */
  isKernelRecord(record: RecordDeclaration): boolean;
}

export interface MacroSummary {
  name: string;
  /** null for an object-like macro. A variadic last parameter is named (`args`) or `__VA_ARGS__`. */
  parameters: string[] | null;
  variadic?: boolean;
  body: string;
  place: Place;
}

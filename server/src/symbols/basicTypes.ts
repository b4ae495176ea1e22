/** The basic types of C: their sizes in the data models of the architectures we know. */

/** Sizes in bytes of what differs between data models. */
export interface DataModel {
  pointer: number;
  long: number;
  /** Alignment that `__attribute__((aligned))` without a number gives, the largest of any basic type. */
  biggestAlignment: number;
  /** `va_list` as gcc lays it out. */
  vaList: { size: number; align: number };
  /** The bit-field types' alignment counts for the record even when the bit-field has no name (AAPCS64 §5.9.4, not in the System V x86-64 ABI). */
  unnamedBitFieldsAlign: boolean;
  /** `char` is signed unless told otherwise. */
  signedChar: boolean;
}

const X86_64: DataModel = {
  pointer: 8,
  long: 8,
  biggestAlignment: 16,
  vaList: { size: 24, align: 8 },
  unnamedBitFieldsAlign: false,
  signedChar: true,
};
const ARM64: DataModel = {
  pointer: 8,
  long: 8,
  biggestAlignment: 16,
  vaList: { size: 32, align: 8 },
  unnamedBitFieldsAlign: true,
  signedChar: false,
};

/** Other architectures of 64 bits, all LP64 with types aligned to their size. `vaList`: of their ABI supplements. */
function lp64(vaList: number, signedChar: boolean): DataModel {
  return { ...X86_64, vaList: { size: vaList, align: 8 }, signedChar };
}

/** Architectures of 32 bits on which `long long` is aligned to eight bytes, as on no other. */
function ilp32(vaList: number, signedChar: boolean, unnamedBitFieldsAlign = false): DataModel {
  return { pointer: 4, long: 4, biggestAlignment: 8, vaList: { size: vaList, align: 4 }, unnamedBitFieldsAlign, signedChar };
}

const MODELS: Readonly<Record<string, DataModel>> = {
  x86: X86_64,
  x86_64: X86_64,
  arm64: ARM64,
  alpha: lp64(16, true),
  loongarch: lp64(8, true),
  mips: lp64(8, true),
  powerpc: lp64(8, false),
  riscv: lp64(8, false),
  s390: { ...lp64(32, false), biggestAlignment: 8 },
  sparc: lp64(8, true),
  arm: ilp32(4, false, true),
  parisc: ilp32(4, true),
  xtensa: ilp32(12, false),
};

/** The data model of a kernel architecture (the folder's name under `arch/`); undefined where we do not know it, so that sizes stay unknown. */
export function dataModel(architecture: string): DataModel | undefined {
  return MODELS[architecture];
}

const SIZES: Readonly<Record<string, number>> = {
  _Bool: 1,
  char: 1,
  short: 2,
  int: 4,
  'long long': 8,
  __int128: 16,
  float: 4,
  double: 8,
  'long double': 16,
  _Float16: 2,
  __bf16: 2,
};

/** Size and alignment in bytes of a basic type by its canonical name; undefined for a name that is none. */
export function basicTypeLayout(name: string, model: DataModel): { size: number; align: number } | undefined {
  if (name === '__builtin_va_list') return model.vaList;
  const plain = name.replace(/^(un)?signed /, '');
  const size = plain === 'long' ? model.long : SIZES[plain];
  return size === undefined ? undefined : { size, align: size };
}

/** True when values of the basic type are never negative. */
export function isUnsignedBasicType(name: string, model: DataModel): boolean {
  return name.startsWith('unsigned ') || name === '_Bool' || (name === 'char' && !model.signedChar);
}

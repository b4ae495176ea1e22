/** What gcc defines by itself when it compiles for an architecture; the folder's name under `arch/` stands for it. */

interface Target {
  /** Width of `long` and of pointers in bits. */
  bits: 32 | 64;
  bigEndian?: boolean;
  /** Macros that are 1, besides those of the width and the byte order. */
  names: readonly string[];
}

/** As `gcc -dM -E - </dev/null` prints them, for the ABI of Debian's port where there is one. */
const TARGETS: Readonly<Record<string, Target>> = {
  x86: { bits: 64, names: ['__x86_64__', '__x86_64', '__amd64__'] },
  arm64: { bits: 64, names: ['__aarch64__', '__AARCH64EL__', '__CHAR_UNSIGNED__'] },
  alpha: { bits: 64, names: ['__alpha__', '__alpha'] },
  arc: { bits: 32, names: ['__arc__'] },
  arm: { bits: 32, names: ['__arm__', '__ARMEL__', '__CHAR_UNSIGNED__'] },
  csky: { bits: 32, names: ['__csky__', '__CSKY__'] },
  hexagon: { bits: 32, names: ['__hexagon__'] },
  ia64: { bits: 64, names: ['__ia64__'] },
  loongarch: { bits: 64, names: ['__loongarch__'] },
  m68k: { bits: 32, bigEndian: true, names: ['__m68k__', '__mc68000__', '__mc68020__'] },
  microblaze: { bits: 32, names: ['__microblaze__', '__MICROBLAZE__', '__MICROBLAZEEL__'] },
  mips: { bits: 64, names: ['__mips__', '__MIPSEL__', '__mips64'] },
  nios2: { bits: 32, names: ['__nios2__'] },
  openrisc: { bits: 32, bigEndian: true, names: ['__OR1K__', '__or1k__'] },
  parisc: { bits: 32, bigEndian: true, names: ['__hppa__', '__hppa'] },
  powerpc: { bits: 64, names: ['__powerpc__', '__powerpc64__', '__PPC__', '__PPC64__', '__CHAR_UNSIGNED__'] },
  riscv: { bits: 64, names: ['__riscv', '__CHAR_UNSIGNED__'] },
  s390: { bits: 64, bigEndian: true, names: ['__s390__', '__s390x__', '__zarch__', '__CHAR_UNSIGNED__'] },
  sh: { bits: 32, names: ['__sh__', '__SH4__', '__LITTLE_ENDIAN__'] },
  sparc: { bits: 64, bigEndian: true, names: ['__sparc__', '__sparc_v9__', '__arch64__'] },
  xtensa: { bits: 32, names: ['__xtensa__', '__XTENSA__', '__XTENSA_EL__'] },
};

function targetOf(architecture: string): Target {
  return TARGETS[architecture === 'x86_64' ? 'x86' : architecture] ?? { bits: 64, names: [] };
}

/** The compiler's macros for the architecture, with their texts. An architecture that nobody described is taken for a little-endian one of 64 bits. */
export function compilerMacros(architecture: string): ReadonlyMap<string, string> {
  const { bits, bigEndian = false, names } = targetOf(architecture);
  return new Map([
    ...(bits === 64
      ? ([
          ['__LP64__', '1'],
          ['_LP64', '1'],
          ['__SIZEOF_INT128__', '16'],
          ['__LONG_MAX__', '9223372036854775807L'],
        ] as const)
      : ([['__LONG_MAX__', '2147483647L']] as const)),
    ['__SIZEOF_LONG__', String(bits / 8)],
    ['__SIZEOF_POINTER__', String(bits / 8)],
    ['__ORDER_LITTLE_ENDIAN__', '1234'],
    ['__ORDER_BIG_ENDIAN__', '4321'],
    ['__BYTE_ORDER__', bigEndian ? '4321' : '1234'],
    ...names.map((name): [string, string] => [name, '1']),
  ]);
}

/** Macros that gcc defines for some other architecture: here they are not, whatever a header says. */
export function foreignMacros(architecture: string): ReadonlySet<string> {
  const own = compilerMacros(architecture);
  const all = ['__i386__', ...Object.keys(TARGETS).flatMap((name) => [...compilerMacros(name).keys()])];
  return new Set(all.filter((name) => !own.has(name)));
}

/** Width of `long` and of pointers in bits. */
export function wordBits(architecture: string): 32 | 64 {
  return targetOf(architecture).bits;
}

export function isBigEndian(architecture: string): boolean {
  return targetOf(architecture).bigEndian ?? false;
}

/** The kernel's configuration: what `CONFIG_X` stands for. */
export interface Configuration {
  /** `auto.conf`: read from the kernel tree. `assumed`: no configured tree was found, see {@link assumedConfiguration}. */
  source: 'auto.conf' | 'assumed';
  /**
   * `y` built in, `m` module, any other text as it stands (numbers; strings without their quotes), undefined when off.
   * `name` is the whole symbol, `CONFIG_X`.
   */
  value(name: string): 'y' | 'm' | string | undefined;
}

/** Reads the text of `include/config/auto.conf` (or `.config`). Lines that assign nothing are ignored. */
export function parseConfiguration(text: string): Configuration {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    if (!line.startsWith('CONFIG_')) continue;
    const equals = line.indexOf('=');
    if (equals < 0) continue;
    const value = line.slice(equals + 1).trim();
    if (value === 'n') continue;
    const quoted = value.length >= 2 && value.startsWith('"') && value.endsWith('"');
    values.set(line.slice(0, equals), quoted ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value);
  }
  return { source: 'auto.conf', value: (name) => values.get(name) };
}

/** Symbols that are off in the assumed configuration, and why. First match wins over "everything is on". */
const ASSUMED_OFF: readonly { pattern: RegExp; reason: string }[] = [
  { pattern: /_MODULE$/, reason: 'what is on is built in, so that CONFIG_X and CONFIG_X_MODULE are not both defined' },
  { pattern: /DEBUG(?!FS|_FS\b)|VERBOSE|LOCKDEP|PROVE_(LOCKING|RCU)|LOCK_STAT/, reason: 'switches debugging code on' },
  { pattern: /K[ACM]SAN|UBSAN|KFENCE|KCOV|GCOV|FAULT_INJECTION|_FAIL_/, reason: 'instruments the code' },
  { pattern: /SELF_?TEST|KUNIT|COMPILE_TEST|_TESTS?$/, reason: 'test code' },
  { pattern: /BIG_ENDIAN|_BE$/, reason: 'x86-64 and arm64 distributions are little-endian' },
  { pattern: /^CONFIG_(32BIT|X86_32|M[3-6]86.*|X86_PAE|HIGHMEM.*|UML|TINY_RCU|SLOB|MATH_EMULATION)$/, reason: '32-bit or reduced kernels' },
  { pattern: /^CONFIG_(NOMMU|PREEMPT_RT|COMPILE_OLD.*|BROKEN|STAGING_BROKEN)$/, reason: 'not in a distribution kernel' },
  {
    pattern:
      /^CONFIG_(ARC|ALPHA|CSKY|HEXAGON|IA64|LOONGARCH|M68K|MICROBLAZE|MIPS|NIOS2|OPENRISC|PARISC|PPC|PPC32|PPC64|PPC_PSERIES|PPC_PMAC|PPC_OF|RISCV|S390|SH|SUPERH|SPARC|SPARC32|SPARC64|XTENSA|ARM)$/,
    reason: 'another architecture',
  },
  {
    pattern: /^CONFIG_(ATARI|AMIGA|MAC|SUN3|SUN3X|COLDFIRE|M5[24].*|BCM47XX|SGI_IP.*|LASI|GSC)$/,
    reason: 'a board of another architecture',
  },
];

/** Symbols whose value is a number that drivers compare or compute with; the values of Debian's amd64 kernels. */
const ASSUMED_VALUES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    CONFIG_HZ: '250',
    CONFIG_NR_CPUS: '8192',
    CONFIG_PGTABLE_LEVELS: '5',
    CONFIG_NODES_SHIFT: '10',
    CONFIG_X86_L1_CACHE_SHIFT: '6',
    CONFIG_X86_INTERNODE_CACHE_SHIFT: '6',
    CONFIG_L1_CACHE_SHIFT: '6',
    CONFIG_PAGE_SHIFT: '12',
    CONFIG_LOG_BUF_SHIFT: '17',
    CONFIG_MAX_SKB_FRAGS: '17',
    CONFIG_PHYSICAL_START: '0x1000000',
    CONFIG_ILLEGAL_POINTER_VALUE: '0xdead000000000000',
  }),
);

/**
 * The configuration that is used when the tree has none: every symbol is built in (`y`), so that as much of the driver as
 * possible is read, except those of {@link ASSUMED_OFF} and the other one of the two supported architectures.
 * `architecture` is the folder under `arch/`.
 */
export function assumedConfiguration(architecture = 'x86'): Configuration {
  const memo = new Map<string, string | undefined>();
  const other = architecture === 'arm64' ? /^CONFIG_X86(_|$)/ : /^CONFIG_ARM64(_|$)/;
  const decide = (name: string): string | undefined => {
    if (!name.startsWith('CONFIG_')) return undefined;
    const value = ASSUMED_VALUES.get(name);
    if (value !== undefined) return value;
    return other.test(name) || ASSUMED_OFF.some((off) => off.pattern.test(name)) ? undefined : 'y';
  };
  return {
    source: 'assumed',
    value: (name) => {
      if (!memo.has(name)) memo.set(name, decide(name));
      return memo.get(name);
    },
  };
}

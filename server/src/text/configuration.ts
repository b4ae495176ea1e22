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

/** What one architecture's kernels have in their configuration that others have not. Patterns are over whole symbols, `CONFIG_X`. */
export interface ArchitectureSymbols {
  /** On for this architecture, off for all others. */
  symbols: RegExp;
  /** On for it although {@link ConfigurationAssumptions.off} names it. */
  on: RegExp | null;
  /** Off for it although nothing else says so. */
  off: RegExp | null;
}

/** What an assumed configuration rests on: data of the knowledge base (`configuration.yaml`). */
export interface ConfigurationAssumptions {
  off: readonly RegExp[];
  /** Symbols whose value is a number that drivers compare or compute with. */
  values: ReadonlyMap<string, string>;
  /** By folder under `arch/`. */
  architectures: ReadonlyMap<string, ArchitectureSymbols>;
}

/** Nothing is known: every symbol is on. */
export const NO_ASSUMPTIONS: ConfigurationAssumptions = { off: [], values: new Map(), architectures: new Map() };

/**
 * The configuration that is used when the tree has none: every symbol is built in (`y`), so that as much of the driver as
 * possible is read, except those that the assumptions switch off and those of other architectures.
 * `architecture` is the folder under `arch/`.
 */
export function assumedConfiguration(assumptions: ConfigurationAssumptions, architecture = 'x86'): Configuration {
  const memo = new Map<string, string | undefined>();
  const own = assumptions.architectures.get(architecture);
  const others = [...assumptions.architectures].filter(([name]) => name !== architecture).map(([, { symbols }]) => symbols);
  const decide = (name: string): string | undefined => {
    if (!name.startsWith('CONFIG_')) return undefined;
    const value = assumptions.values.get(name);
    if (value !== undefined) return value;
    if (own?.off?.test(name)) return undefined;
    if (own?.on?.test(name)) return 'y';
    if (assumptions.off.some((off) => off.test(name))) return undefined;
    return !own?.symbols.test(name) && others.some((other) => other.test(name)) ? undefined : 'y';
  };
  return {
    source: 'assumed',
    value: (name) => {
      if (!memo.has(name)) memo.set(name, decide(name));
      return memo.get(name);
    },
  };
}

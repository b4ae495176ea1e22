import type { Configuration } from '../text/configuration';
import { compilerMacros, foreignMacros, isBigEndian, wordBits } from './compilerMacros';
import type { IncludeDirective, MacroDefinition } from './preprocessed';

/** What the preprocessor must be told about the world around a file. All members are pure: same question, same answer. */
export interface PreprocessEnvironment {
  configuration: Configuration;
  /** Folder under `arch/`: decides what the compiler defines. Default `x86`. */
  architecture?: string;
  /** Driver macros that are in force before the first line: `-D` flags, see {@link macrosOfDefines}. */
  macros?: readonly MacroDefinition[];
  /** Replacement text of an object-like macro of the kernel's headers (`LINUX_VERSION_CODE`), for arithmetic in `#if`; undefined if unknown. */
  predefined(name: string): string | undefined;
  /** Whether the kernel's headers define a macro of that name, for `#ifdef`. */
  isKernelMacro(name: string): boolean;
  /**
   * Called for an `#include` that is met between items: the macros that the header leaves in force when it is the driver's own
   * text (`Preprocessed.exported` of the header), undefined for a kernel header. `inForce` are those in force before it, by name.
   */
  headerMacros(
    include: IncludeDirective,
    inForce: ReadonlyMap<string, { readonly definition: MacroDefinition }>,
  ): readonly MacroDefinition[] | undefined;
  /** The text of an include of the driver's own text in the middle of an item (a table of X-macro calls in an initialiser); undefined if it cannot be had. */
  inlineText(include: IncludeDirective): { file: string; text: string } | undefined;
  /** Replace macros that stand for constants, too, as a compiler does. Default: they keep their name. */
  expandConstants?: boolean;
}

/** Macros for the `-D` flags of a module's Makefile. */
export function macrosOfDefines(defines: readonly { name: string; body: string }[], makefile: string): MacroDefinition[] {
  return defines.map(({ name, body }) => {
    const call = /^(\w+)\(([^)]*)\)$/.exec(name);
    const parameters = call ? call[2].split(',').map((p) => p.trim()) : null;
    return { name: call ? call[1] : name, parameters, variadic: false, body, file: makefile, offset: 0 };
  });
}

/** An environment that knows nothing: for text that stands alone. */
export function bareEnvironment(configuration: Configuration): PreprocessEnvironment {
  return {
    configuration,
    predefined: () => undefined,
    isKernelMacro: () => false,
    headerMacros: () => undefined,
    inlineText: () => undefined,
  };
}

/** Names that the compiler or Kbuild's command line defines whatever the architecture, with their text. They go before what headers say. */
const DEFINED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    __KERNEL__: '1',
    // Drivers are analysed as modules.
    MODULE: '1',
    __GNUC__: '12',
    __GNUC_MINOR__: '2',
    __GNUC_PATCHLEVEL__: '0',
    GCC_VERSION: '120200',
    __STDC__: '1',
    __STDC_VERSION__: '201112L',
    __linux__: '1',
    __CHAR_BIT__: '8',
    __OPTIMIZE__: '1',
    // Of headers whose text needs more than arithmetic to evaluate.
    BITS_PER_LONG_LONG: '64',
    PAGE_SHIFT: '12',
    PAGE_SIZE: '4096',
    L1_CACHE_SHIFT: '6',
    L1_CACHE_BYTES: '64',
    SMP_CACHE_BYTES: '64',
    MAX_SKB_FRAGS: '17',
    KBUILD_MODNAME: '"driver"',
    KBUILD_BASENAME: '"driver"',
  }),
);

/** Names that some header defines, but not in a driver's build. */
const NOT_DEFINED: readonly string[] = [
  '__ASSEMBLY__',
  '__cplusplus',
  '__CHECKER__',
  '__GENKSYMS__',
  '__clang__',
  '__DOXYGEN__',
  'CREATE_TRACE_POINTS',
  'TRACE_HEADER_MULTI_READ',
  'DEBUG',
  'VERBOSE_DEBUG',
];

interface ArchitectureNames {
  defined: ReadonlyMap<string, string>;
  notDefined: ReadonlySet<string>;
}

/** What a kernel's headers make of the compiler's macros, and these macros. */
function namesFor(architecture: string): ArchitectureNames {
  const bits = String(wordBits(architecture));
  const [order, other] = isBigEndian(architecture) ? ['BIG', 'LITTLE'] : ['LITTLE', 'BIG'];
  return {
    defined: new Map([
      ...DEFINED,
      ...compilerMacros(architecture),
      ['__BYTE_ORDER', order === 'BIG' ? '4321' : '1234'],
      [`__${order}_ENDIAN`, order === 'BIG' ? '4321' : '1234'],
      [`__${order}_ENDIAN_BITFIELD`, ''],
      ['BITS_PER_LONG', bits],
      ['__BITS_PER_LONG', bits],
    ]),
    notDefined: new Set([...NOT_DEFINED, ...foreignMacros(architecture), `__${other}_ENDIAN`, `__${other}_ENDIAN_BITFIELD`]),
  };
}

const known = new Map<string, ArchitectureNames>();

/** Kept: the same question has the same answer, and it is asked for every condition. */
function architectureNames(architecture: string): ArchitectureNames {
  let names = known.get(architecture);
  if (!names) known.set(architecture, (names = namesFor(architecture)));
  return names;
}

/**
 * What a name of no driver macro stands for in a condition: its text when it is defined, undefined when it is not.
 * A name that is defined without a text that could be computed with gives ''.
 */
export function predefinedText(name: string, environment: PreprocessEnvironment): string | undefined {
  if (name.startsWith('CONFIG_')) return configurationText(name, environment.configuration);
  const { defined, notDefined } = architectureNames(environment.architecture ?? 'x86');
  const fixed = defined.get(name);
  if (fixed !== undefined) return fixed;
  if (notDefined.has(name)) return undefined;
  return environment.predefined(name) ?? (environment.isKernelMacro(name) ? '' : undefined);
}

/** As `autoconf.h` defines it: `y` gives 1, `m` defines `CONFIG_X_MODULE` instead, numbers and strings stand as they are. */
function configurationText(name: string, configuration: Configuration): string | undefined {
  const value = configuration.value(name);
  if (value === 'y') return '1';
  if (name.endsWith('_MODULE') && configuration.value(name.slice(0, -'_MODULE'.length)) === 'm') return '1';
  // Everything is on in an assumed configuration, but as built in: CONFIG_X and CONFIG_X_MODULE are not both defined.
  if (value === undefined || value === 'm') return undefined;
  return /^-?(0[xX][0-9a-fA-F]+|[0-9]+)$/.test(value) ? value : JSON.stringify(value);
}

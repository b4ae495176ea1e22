/** What is the same for all modules that are analysed against one kernel tree. */
import { withSideAnnotations } from '../symbols/sideAnnotations';
import type { MacroBody } from '../ir/lower';
import { knowledgeOf } from '../knowledge/load';
import type { DeclaringMacro, Knowledge } from '../knowledge/model';
import { createHeaderReader } from '../symbols/headerReader';
import { type KernelSymbols, NO_KERNEL } from '../symbols/scopeKernel';
import { createParser, type Parser } from '../syntax/parser';
import type { MacroDefinition } from '../syntax/preprocessed';
import { assumedConfiguration, type Configuration, parseConfiguration } from '../text/configuration';
import type { FileSystem } from '../text/fileSystem';
import { headerFolders, treeForArchitecture } from '../text/architecture';
import { type KernelTree, linuxVersionCode } from '../text/kernelTree';
import type { Assets } from './assets';
import {
  areHeadersAs,
  headersForArchitecture,
  type LoadedHeaders,
  loadHeaderIndex,
  readSymbols,
  stampOf,
  writeSymbols,
} from './kernelFiles';
import { kernelMacroReader } from './kernelMacros';
import type { FileWorld } from './moduleFiles';
import { rememberSymbols } from './rememberedSymbols';
import { VERSION } from './version';

/** What is the same for everything: parser and knowledge. */
export interface Shared {
  parser: Parser;
  knowledge: Knowledge;
  knowledgeFiles: { file: string; rows: number }[];
  knowledgeProblems: string[];
  /** Changes with the knowledge base. */
  knowledgeStamp: string;
}

/** `overlay`: a workspace's own knowledge, which counts on top. `parser`: one to go on with. */
export async function shared(assets: Assets, overlay: Assets['knowledge'] = [], parser?: Parser): Promise<Shared> {
  const texts = [...assets.knowledge, ...overlay];
  const { knowledge, problems, files } = knowledgeOf(texts);
  return {
    parser: parser ?? (await createParser(assets.runtimeWasm, assets.grammarWasm)),
    knowledge,
    knowledgeFiles: files,
    knowledgeProblems: problems.map((p) => `${p.file}: ${p.row}: ${p.message}`),
    knowledgeStamp: stampOf(texts.map((k) => k.text)),
  };
}

export interface KernelWorld {
  id: number;
  tree: KernelTree | null;
  configuration: Configuration;
  architecture: string;
  kernel: KernelSymbols;
  /** Files as reports name them. */
  displayed: Map<string, string>;
  kernelMacro(name: string): MacroBody | undefined;
  /** Keeps what was read of the headers for the next start, if it is worth it and the headers are sure. Takes tens of milliseconds. */
  save(): void;
  /** Names everything of the kernel that an analysis depends on: headers, configuration, architecture, and the knowledge about it. */
  stamp: string;
  /** Whether the headers are those that were loaded. True at once unless the cache was trusted; else every header is looked at. */
  isCurrent(): Promise<boolean>;
  /** The world of a module that is for another architecture of the same tree. Kept. */
  forArchitecture(architecture: string): KernelWorld;
  files: Pick<FileWorld, 'tree' | 'configuration' | 'predefined' | 'isKernelMacro' | 'definingMacros'>;
}

/** Fewer new names than this are read again rather than written. */
const WORTH_SAVING = 40;

let made = 0;

/**
 * Reads a tree's configuration and its index of headers. Costs about a second when no cache is there. With `trusting` a cached index is
 * taken unchecked: `isCurrent` then tells whether that was right.
 */
export function loadKernelWorld(
  tree: KernelTree | null,
  fs: FileSystem,
  base: Shared,
  cacheFolder: string | undefined,
  architecture: string,
  trusting = false,
): KernelWorld {
  const headers = tree ? loadHeaderIndex(tree, cacheFolder, trusting) : null;
  return worldOf(tree, headers, { fs, base, cacheFolder, architecture });
}

/** What a world is made with besides its tree and headers. */
interface Making {
  fs: FileSystem;
  base: Shared;
  cacheFolder: string | undefined;
  /** Where there is no tree. */
  architecture: string;
}

/** Kernel macros whose body is a function of the driver (`DEF_SCSI_QCMD(f)` makes `f`, which calls the driver's `f_lck`), as the headers have them. */
function macrosThatDefine(kernel: KernelSymbols, macros: ReadonlyMap<string, DeclaringMacro>): MacroDefinition[] {
  return [...macros.values()].flatMap(({ name, defines }) => {
    const macro = defines ? kernel.macro(name) : undefined;
    if (!macro) return [];
    const { parameters, variadic = false, body, place } = macro;
    return [{ name, parameters, variadic, body, file: place.file, offset: place.offset }];
  });
}

function worldOf(tree: KernelTree | null, headers: LoadedHeaders | null, making: Making): KernelWorld {
  const { fs, base, cacheFolder } = making;
  const arch = tree?.architecture ?? making.architecture;
  const text = tree?.configurationFile ? fs.read(tree.configurationFile) : undefined;
  const configuration = text === undefined ? assumedConfiguration(base.knowledge.configuration, arch) : parseConfiguration(text);
  const reader = headers
    ? createHeaderReader({
        fileSystem: fs,
        index: headers.index,
        architecture: arch,
        configuration,
        dialect: base.knowledge.dialect,
        parser: base.parser,
      })
    : NO_KERNEL;
  const key = [VERSION, headers?.stamp, arch, text ?? 'assumed', base.knowledgeStamp].join('\0');
  const kernel = rememberSymbols(reader, headers && cacheFolder ? readSymbols(cacheFolder, key) : undefined);
  let saved = 0;
  let isSure = !tree || !headers || headers.isChecked;
  const version = tree ? linuxVersionCode(fs, tree) : null;
  const others = new Map<string, KernelWorld>();
  let defining: MacroDefinition[] | null = null;
  const world: KernelWorld = {
    id: made++,
    tree,
    configuration,
    architecture: arch,
    kernel: withSideAnnotations(kernel, base.knowledge.annotations),
    displayed: new Map(),
    save: () => {
      if (!isSure || !headers || !cacheFolder || kernel.fresh - saved < WORTH_SAVING) return;
      saved = kernel.fresh;
      writeSymbols(cacheFolder, key, kernel.serialize());
    },
    stamp: stampOf([tree?.root ?? '', key]),
    isCurrent: async () => {
      if (!isSure && tree && headers) isSure = await areHeadersAs(headers.stamp, tree);
      return isSure;
    },
    kernelMacro: kernelMacroReader(kernel, base.parser, base.knowledge.dialect),
    files: {
      tree,
      configuration,
      predefined: (name) => {
        if (name === 'LINUX_VERSION_CODE' && version !== null) return String(version);
        const macro = kernel.macro(name);
        return macro && macro.parameters === null ? macro.body : undefined;
      },
      isKernelMacro: (name) => kernel.macro(name) !== undefined,
      definingMacros: () => (defining ??= macrosThatDefine(kernel, base.knowledge.declaringMacros)),
    },
    forArchitecture: (name) => {
      let other = others.get(name);
      if (other) return other;
      const foreign = tree && treeForArchitecture(fs, tree, name);
      const own = tree ? headerFolders(fs, tree, arch) : [];
      other = worldOf(foreign, headers && foreign && headersForArchitecture(headers, own, foreign), { ...making, architecture: name });
      // The headers that both share were looked at for the one.
      others.set(name, (other = { ...other, isCurrent: () => world.isCurrent() }));
      return other;
    },
  };
  return world;
}

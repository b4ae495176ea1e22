/** What is the same for all modules that are analysed against one kernel tree. */
import type { MacroBody } from '../ir/lower';
import { knowledgeOf } from '../knowledge/load';
import type { Knowledge } from '../knowledge/model';
import { createHeaderReader } from '../symbols/headerReader';
import { type KernelSymbols, NO_KERNEL } from '../symbols/scopeKernel';
import { createParser, type Parser } from '../syntax/parser';
import { assumedConfiguration, type Configuration, parseConfiguration } from '../text/configuration';
import type { FileSystem } from '../text/fileSystem';
import { type KernelTree, linuxVersionCode } from '../text/kernelTree';
import type { Assets } from './assets';
import { loadHeaderIndex } from './kernelFiles';
import { kernelMacroReader } from './kernelMacros';
import type { FileWorld } from './moduleFiles';

/** What is the same for everything: parser and knowledge. */
export interface Shared {
  parser: Parser;
  knowledge: Knowledge;
  knowledgeFiles: { file: string; rows: number }[];
  knowledgeProblems: string[];
}

export async function shared(assets: Assets): Promise<Shared> {
  const parser = await createParser(assets.runtimeWasm, assets.grammarWasm);
  const { knowledge, problems, files } = knowledgeOf(assets.knowledge);
  return { parser, knowledge, knowledgeFiles: files, knowledgeProblems: problems.map((p) => `${p.file}: ${p.row}: ${p.message}`) };
}

export interface KernelWorld {
  id: number;
  tree: KernelTree | null;
  configuration: Configuration;
  architecture: string;
  kernel: KernelSymbols;
  kernelMacro(name: string): MacroBody | undefined;
  files: Pick<FileWorld, 'tree' | 'configuration' | 'predefined' | 'isKernelMacro'>;
}

let made = 0;

/** Reads a tree's configuration and its index of headers. Costs about a second when no cache is there. */
export function loadKernelWorld(tree: KernelTree | null, fs: FileSystem, base: Shared, cacheFolder: string | undefined, architecture: string): KernelWorld {
  const arch = tree?.architecture ?? architecture;
  const text = tree?.configurationFile ? fs.read(tree.configurationFile) : undefined;
  const configuration = text === undefined ? assumedConfiguration(arch) : parseConfiguration(text);
  const kernel = tree
    ? createHeaderReader({ fileSystem: fs, index: loadHeaderIndex(tree, cacheFolder), architecture: arch, configuration, dialect: base.knowledge.dialect, parser: base.parser })
    : NO_KERNEL;
  const version = tree ? linuxVersionCode(fs, tree) : null;
  return {
    id: made++,
    tree,
    configuration,
    architecture: arch,
    kernel,
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
    },
  };
}

/** Preprocesses single driver files of a kernel source tree as the product does, with each header read once. For the benchmarks. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { nodeFileSystem } from '../../server/src/engine/nodeFileSystem';
import { preprocess } from '../../server/src/syntax/preprocess';
import type { PreprocessEnvironment } from '../../server/src/syntax/preprocessEnvironment';
import type { IncludeDirective, MacroDefinition } from '../../server/src/syntax/preprocessed';
import { loadAssets } from '../../server/src/engine/assets';
import { knowledgeOf } from '../../server/src/knowledge/load';
import { assumedConfiguration } from '../../server/src/text/configuration';
import { isDriverHeader, resolveInclude } from '../../server/src/text/includes';
import { moduleOf } from '../../server/src/text/kbuild';
import { findKernelTree, type KernelTree } from '../../server/src/text/kernelTree';

const KERNEL_FOLDERS = ['include', 'arch/x86/include'];

/** Names of all macros that the kernel's headers define: the object-like ones with their text. */
function kernelMacros(root: string): Map<string, string | null> {
  const found = new Map<string, string | null>();
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (entry.name.endsWith('.h'))
        for (const m of readFileSync(path, 'utf8').matchAll(/^[ \t]*#[ \t]*define[ \t]+(\w+)(\()?[ \t]*([^\n\\/]*)/gm))
          if (!found.has(m[1])) found.set(m[1], m[2] ? null : m[3].trim());
    }
  };
  for (const folder of KERNEL_FOLDERS) visit(join(root, folder));
  return found;
}

export class DriverPreprocessor {
  private readonly tree: KernelTree | null;
  private readonly macros: Map<string, string | null>;
  private readonly configuration = assumedConfiguration(knowledgeOf(loadAssets().knowledge).knowledge.configuration);
  /** Exported macros of headers by path; valid for one folder, since what stands before a header may change it. */
  private headers = new Map<string, readonly MacroDefinition[]>();
  private folder = '';

  /** `path`: any file of the kernel source tree. */
  constructor(path: string) {
    this.tree = findKernelTree(nodeFileSystem, path, {}).tree;
    this.macros = this.tree ? kernelMacros(this.tree.root) : new Map();
  }

  /** The file's text as the mask gets it. */
  run(file: string): string {
    const folder = file.slice(0, file.lastIndexOf('/'));
    if (folder !== this.folder) this.headers = new Map();
    this.folder = folder;
    const folders = moduleOf(nodeFileSystem, file, { configuration: this.configuration, treeRoot: this.tree?.root }).includeFolders;
    return preprocess(file, nodeFileSystem.read(file) ?? '', this.environment(file, folders, 0)).text;
  }

  private environment(from: string, folders: readonly string[], depth: number): PreprocessEnvironment {
    const resolve = (include: IncludeDirective): string | null => {
      const path = resolveInclude(nodeFileSystem, this.tree, from, include, folders);
      return path !== null && isDriverHeader(this.tree, path) ? path : null;
    };
    return {
      configuration: this.configuration,
      predefined: (name) => this.macros.get(name) ?? undefined,
      isKernelMacro: (name) => this.macros.has(name),
      headerMacros: (include) => {
        const path = resolve(include);
        if (path === null) return undefined;
        const known = this.headers.get(path);
        if (known) return known;
        this.headers.set(path, []);
        const exported =
          depth < 20 ? preprocess(path, nodeFileSystem.read(path) ?? '', this.environment(path, folders, depth + 1)).exported : [];
        this.headers.set(path, exported);
        return exported;
      },
      inlineText: (include) => {
        const path = resolve(include);
        const text = path === null ? undefined : nodeFileSystem.read(path);
        return path !== null && text !== undefined ? { file: path, text } : undefined;
      },
    };
  }
}

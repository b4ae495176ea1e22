/** The files of one module: its `.c` files and the driver's own headers that they include, parsed once each. */
import type { Knowledge } from '../knowledge/model';
import { ConstantTable, takeConstants } from '../syntax/constantDefines';
import type { Parser } from '../syntax/parser';
import { macrosOfDefines, type PreprocessEnvironment } from '../syntax/preprocessEnvironment';
import type { IncludeDirective, MacroDefinition } from '../syntax/preprocessed';
import type { Configuration } from '../text/configuration';
import type { FileSystem } from '../text/fileSystem';
import { isDriverHeader, resolveInclude } from '../text/includes';
import type { Module } from '../text/kbuild';
import type { KernelTree } from '../text/kernelTree';
import { type ParsedFile, parseFile } from './parsedFile';

/** Headers nested deeper than this are a cycle. */
const MAXIMUM_INCLUDE_DEPTH = 40;

/**
 * Longer sources are generated. UTF-16 units; the largest `.c` file of Linux 6.12 has 1.8 million. Analysing ten million takes
 * 2 GB and a quarter of a minute.
 */
const MAXIMUM_SOURCE = 4_000_000;

export interface FileWorld {
  fs: FileSystem;
  tree: KernelTree | null;
  configuration: Configuration;
  knowledge: Pick<Knowledge, 'dialect' | 'declaringMacros'>;
  parser: Parser;
  predefined(name: string): string | undefined;
  isKernelMacro(name: string): boolean;
  isOpen(path: string): boolean;
}

export interface ModuleFiles {
  module: Module;
  /** `.c` files first, in link order, then headers by path. */
  files: ParsedFile[];
  headers: ReadonlySet<string>;
  /** Per file: the driver's own headers that it includes, directly or through others. */
  includes: ReadonlyMap<string, readonly string[]>;
  /** Numbers that large headers define: they are in no file's text or macros. */
  constants: ConstantTable;
  /** Of the headers that such numbers were taken from: what tells their text from another. */
  shortened: ReadonlyMap<string, string>;
  /** Files that could not be read. */
  unreadable: string[];
  /** Sources that were left out because analysing them would take more memory than there may be. */
  tooLarge: string[];
}

/** Reads and parses a module's files, taking over from `previous` what did not change. */
export function readModule(module: Module, world: FileWorld, previous?: ModuleFiles): ModuleFiles {
  const reader = new ModuleReader(module, world, previous);
  for (const path of module.files) reader.source(path);
  return reader.finish();
}

class ModuleReader {
  private readonly sources: ParsedFile[] = [];
  private readonly headers = new Map<string, ParsedFile>();
  private readonly inProgress = new Set<string>();
  private readonly unreadable: string[] = [];
  private readonly tooLarge: string[] = [];
  private readonly before: Map<string, ParsedFile>;
  private readonly constants: ConstantTable;
  private readonly shortened: Map<string, string>;
  /** A header whose text changed changes what every file after it sees. */
  private headersChanged = false;

  constructor(
    private readonly module: Module,
    private readonly world: FileWorld,
    previous: ModuleFiles | undefined,
  ) {
    this.before = new Map(previous?.files.map((f) => [f.path, f]));
    this.shortened = new Map(previous?.shortened);
    for (const path of previous?.headers ?? []) if (!this.isAsBefore(path, world.fs.read(path))) this.headersChanged = true;
    this.constants = previous && !this.headersChanged ? previous.constants : new ConstantTable();
  }

  private isAsBefore(path: string, text: string | undefined): boolean {
    const shortened = this.shortened.get(path);
    return shortened === undefined ? text === this.before.get(path)?.text : text !== undefined && shortened === nameOfText(text);
  }

  /** A header's text without the numbers that are better kept as numbers; documents that are open stay as they are. */
  private withoutConstants(path: string, text: string): string {
    const rest = this.world.isOpen(path) ? text : takeConstants(text, this.constants);
    if (rest !== text) this.shortened.set(path, nameOfText(text));
    else this.shortened.delete(path);
    return rest;
  }

  source(path: string): void {
    const text = this.world.fs.read(path);
    if (text === undefined) {
      this.unreadable.push(path);
      return;
    }
    if (text.length > MAXIMUM_SOURCE) {
      this.tooLarge.push(path);
      return;
    }
    const before = this.before.get(path);
    if (before && before.text === text && !this.headersChanged) {
      this.sources.push(before);
      this.keepHeadersOf(before);
      return;
    }
    this.sources.push(this.parse(path, text, false));
  }

  /** Headers of a file that is taken over as it was. */
  private keepHeadersOf(file: ParsedFile): void {
    for (const include of file.preprocessed.includes) {
      const path = this.resolve(include, file.path);
      const header = path === null ? undefined : this.before.get(path);
      if (!path || !header || this.headers.has(path)) continue;
      this.headers.set(path, header);
      this.keepHeadersOf(header);
    }
  }

  private parse(path: string, text: string, isHeader: boolean): ParsedFile {
    const { world } = this;
    return parseFile(
      path,
      text,
      {
        parser: world.parser,
        dialect: world.knowledge.dialect,
        declaringMacros: world.knowledge.declaringMacros,
        environment: this.environment(path),
        isHeader,
        keepTree: world.isOpen(path),
      },
      this.before.get(path),
    );
  }

  private resolve(include: IncludeDirective, from: string): string | null {
    const path = resolveInclude(this.world.fs, this.world.tree, from, include, this.module.includeFolders);
    return path !== null && isDriverHeader(this.world.tree, path) ? path : null;
  }

  private environment(file: string): PreprocessEnvironment {
    const { world, module } = this;
    return {
      configuration: world.configuration,
      architecture: world.tree?.architecture,
      macros: macrosOfDefines(module.defines, module.makefile ?? ''),
      predefined: (name) => this.constants.value(name)?.toString() ?? world.predefined(name),
      isKernelMacro: (name) => this.constants.has(name) || world.isKernelMacro(name),
      headerMacros: (include) => this.headerMacros(include, file),
      inlineText: (include) => {
        const path = this.resolve(include, file);
        const text = path === null ? undefined : world.fs.read(path);
        return path !== null && text !== undefined ? { file: path, text } : undefined;
      },
    };
  }

  private headerMacros(include: IncludeDirective, from: string): readonly MacroDefinition[] | undefined {
    const path = this.resolve(include, from);
    if (path === null) return undefined;
    const known = this.headers.get(path);
    if (known) return macrosOf(known);
    if (this.inProgress.has(path) || this.inProgress.size > MAXIMUM_INCLUDE_DEPTH) return [];
    const text = this.world.fs.read(path);
    if (text === undefined) {
      this.unreadable.push(path);
      return [];
    }
    this.inProgress.add(path);
    const before = this.before.get(path);
    const parsed =
      before && !this.headersChanged && this.isAsBefore(path, text) ? before : this.parse(path, this.withoutConstants(path, text), true);
    this.inProgress.delete(path);
    this.headers.set(path, parsed);
    // A header that is taken over was not walked through: the headers that it includes are its own to bring along.
    if (parsed === before) this.keepHeadersOf(parsed);
    return macrosOf(parsed);
  }

  private includes(files: readonly ParsedFile[]): Map<string, string[]> {
    const direct = new Map(files.map((f) => [f.path, f.preprocessed.includes.flatMap((i) => this.resolve(i, f.path) ?? [])]));
    return new Map(
      files.map((f) => {
        const found = new Set<string>();
        const work = [...(direct.get(f.path) ?? [])];
        for (let path = work.shift(); path !== undefined; path = work.shift()) {
          if (found.has(path)) continue;
          found.add(path);
          work.push(...(direct.get(path) ?? []));
        }
        return [f.path, [...found]];
      }),
    );
  }

  finish(): ModuleFiles {
    // By path: which header is met first depends on what was taken over, and must change nothing.
    const headers = [...this.headers.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
    const files = [...this.sources, ...headers];
    const kept = new Set(files);
    for (const file of this.before.values()) {
      if (!kept.has(file) && file.tree) {
        file.tree.delete();
        file.tree = null;
      }
    }
    return {
      module: this.module,
      files,
      headers: new Set(headers.map((h) => h.path)),
      includes: this.includes(files),
      constants: this.constants,
      shortened: this.shortened,
      unreadable: this.unreadable,
      tooLarge: this.tooLarge,
    };
  }
}

/** Tells texts apart that are too large to be kept for comparing them: length and two sums over all of it. */
function nameOfText(text: string): string {
  let a = 0;
  let b = 0;
  for (let i = 0; i < text.length; i++) {
    a = (Math.imul(a, 31) + text.charCodeAt(i)) | 0;
    b = Math.imul(b ^ text.charCodeAt(i), 0x01000193);
  }
  return `${text.length}:${a}:${b}`;
}

/** Annotations expand to nothing in a build; here they must stay in the text, where the mask reads them. */
const ANNOTATION = /^__fgft_/;

function macrosOf(header: ParsedFile): readonly MacroDefinition[] {
  const { exported } = header.preprocessed;
  return exported.some((m) => ANNOTATION.test(m.name)) ? exported.filter((m) => !ANNOTATION.test(m.name)) : exported;
}

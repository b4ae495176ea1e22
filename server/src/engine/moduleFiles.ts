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
  /** Kernel macros that define functions of the driver: they are expanded like its own. None when left out. */
  definingMacros?(): readonly MacroDefinition[];
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
  /** Of headers that use macros of who includes them: those macros, as one string each. */
  given: ReadonlyMap<string, string>;
  /** Headers that are included and nowhere, as the directives name them: each once, in the order of the files. */
  missing: string[];
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
  /** Where includes lead: each is asked for by the preprocessor and again for the map of includes. */
  private readonly resolved = new Map<string, string | null>();
  private readonly missing = new Set<string>();
  private readonly unreadable: string[] = [];
  private readonly tooLarge: string[] = [];
  private readonly before: Map<string, ParsedFile>;
  private readonly headersBefore = new Set<string>();
  private readonly constants: ConstantTable;
  private readonly shortened: Map<string, string>;
  private readonly given: Map<string, string>;
  /** A header whose text changed changes what every file after it sees. */
  private headersChanged = false;

  constructor(
    private readonly module: Module,
    private readonly world: FileWorld,
    previous: ModuleFiles | undefined,
  ) {
    this.before = new Map(previous?.files.map((f) => [f.path, f]));
    for (const path of previous?.headers ?? []) this.headersBefore.add(path);
    this.shortened = new Map(previous?.shortened);
    this.given = new Map(previous?.given);
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
    const parsed = this.parse(path, text, false);
    // A file of which only a part was read again did not ask for its headers.
    if (before && !this.headersChanged) this.keepHeadersOf(parsed);
    // Nobody includes it: in the largest drivers the macros that each source sees at its end take a quarter of a gigabyte together.
    parsed.preprocessed.exported = [];
    this.sources.push(parsed);
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

  private parse(path: string, text: string, isHeader: boolean, given: readonly MacroDefinition[] = []): ParsedFile {
    const { world } = this;
    return parseFile(
      path,
      text,
      {
        parser: world.parser,
        dialect: world.knowledge.dialect,
        declaringMacros: world.knowledge.declaringMacros,
        environment: this.environment(path, given),
        isHeader,
        keepTree: world.isOpen(path),
        // A header's macros depend on who includes it; a source's on its headers alone.
        sameEnvironment: !isHeader && !this.headersChanged,
      },
      this.before.get(path),
    );
  }

  private resolve(include: IncludeDirective, from: string): string | null {
    const key = `${include.angled ? '<' : '"'}${include.path}\0${from}`;
    let found = this.resolved.get(key);
    if (found === undefined) this.resolved.set(key, (found = this.find(include, from)));
    return found;
  }

  private find(include: IncludeDirective, from: string): string | null {
    const path = resolveInclude(this.world.fs, this.world.tree, from, include, this.module.includeFolders);
    if (path === null) this.missing.add(include.path);
    return path !== null && isDriverHeader(this.world.tree, path) ? path : null;
  }

  private environment(file: string, given: readonly MacroDefinition[]): PreprocessEnvironment {
    const { world, module } = this;
    return {
      configuration: world.configuration,
      architecture: world.tree?.architecture,
      macros: [...(world.definingMacros?.() ?? []), ...macrosOfDefines(module.defines, module.makefile ?? ''), ...given],
      predefined: (name) => this.constants.value(name)?.toString() ?? world.predefined(name),
      isKernelMacro: (name) => this.constants.has(name) || world.isKernelMacro(name),
      headerMacros: (include, inForce) => this.headerMacros(include, file, inForce),
      inlineText: (include) => {
        const path = this.resolve(include, file);
        const text = path === null ? undefined : world.fs.read(path);
        return path !== null && text !== undefined ? { file: path, text } : undefined;
      },
    };
  }

  /** A header is read once per module, with those macros of its first includer that it uses. */
  private headerMacros(include: IncludeDirective, from: string, inForce: MacrosInForce): readonly MacroDefinition[] | undefined {
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
    const parsed = this.header(path, text, inForce);
    this.inProgress.delete(path);
    this.headers.set(path, parsed);
    // A header that is taken over was not walked through: the headers that it includes are its own to bring along.
    if (parsed === this.before.get(path)) this.keepHeadersOf(parsed);
    return macrosOf(parsed);
  }

  private header(path: string, text: string, inForce: MacrosInForce): ParsedFile {
    const given = usedMacros(text, inForce);
    const key = keyOfMacros(given);
    const before = this.before.get(path);
    if (
      before &&
      this.headersBefore.has(path) &&
      !this.headersChanged &&
      this.isAsBefore(path, text) &&
      key === (this.given.get(path) ?? '')
    )
      return before;
    // Sources that follow include the header as well.
    if (before) this.headersChanged = true;
    if (key) this.given.set(path, key);
    else this.given.delete(path);
    const parsed = this.parse(path, this.withoutConstants(path, text), true, given);
    if (given.length > 0) {
      const { preprocessed } = parsed;
      const had = new Set(given);
      // Who includes it has these already, or is not to have them.
      parsed.preprocessed = { ...preprocessed, exported: preprocessed.exported.filter((m) => !had.has(m)) };
    }
    return parsed;
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
        file.table = null;
      }
    }
    return {
      module: this.module,
      files,
      headers: new Set(headers.map((h) => h.path)),
      includes: this.includes(files),
      constants: this.constants,
      shortened: this.shortened,
      given: this.given,
      missing: [...this.missing],
      unreadable: this.unreadable,
      tooLarge: this.tooLarge,
    };
  }
}

type MacrosInForce = Parameters<PreprocessEnvironment['headerMacros']>[1];

const WORD = /[A-Za-z_]\w*/g;

/** The macros that a text names, directly or through the bodies of those that it names. */
function usedMacros(text: string, inForce: MacrosInForce): MacroDefinition[] {
  if (inForce.size === 0) return [];
  const used = new Set<MacroDefinition>();
  const look = (words: string): void => {
    for (const word of words.match(WORD) ?? []) {
      const definition = inForce.get(word)?.definition;
      if (!definition || used.has(definition)) continue;
      used.add(definition);
      look(definition.body);
    }
  };
  look(text);
  return [...used];
}

function keyOfMacros(macros: readonly MacroDefinition[]): string {
  return macros.map((m) => `${m.name}(${m.parameters?.join() ?? ''}${m.variadic}) ${m.body}`).join('\n');
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

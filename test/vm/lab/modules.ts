/** Which module files a driver needs, in the order in which they are loaded, as the package's own modules.dep says. */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { command } from './command';
import type { KernelImage } from './kernelImage';

/** `snd-ens1370` and `snd_ens1370` are one module. */
export function moduleName(file: string): string {
  return basename(file)
    .replace(/\.ko(\.\w+)?$/, '')
    .replaceAll('-', '_');
}

export class ModuleIndex {
  private readonly files = new Map<string, string>();
  private readonly needs = new Map<string, string[]>();
  private readonly builtIn: ReadonlySet<string>;

  constructor(private readonly image: KernelImage) {
    for (const line of readFileSync(join(image.modules, 'modules.dep'), 'utf8').split('\n')) {
      const [file, needs] = line.split(':');
      if (!file || needs === undefined) continue;
      this.files.set(moduleName(file), file);
      this.needs.set(moduleName(file), needs.trim().split(/\s+/).filter(Boolean).map(moduleName));
    }
    this.builtIn = new Set(readFileSync(join(image.modules, 'modules.builtin'), 'utf8').split('\n').filter(Boolean).map(moduleName));
  }

  /** True for what is part of the kernel itself and needs no loading. */
  isBuiltIn(name: string): boolean {
    return this.builtIn.has(moduleName(name));
  }

  /** Names of modules so that each stands behind those that it needs. Throws on a name that the kernel does not have. */
  closure(names: readonly string[]): string[] {
    const ordered: string[] = [];
    const visit = (name: string): void => {
      if (ordered.includes(name) || this.builtIn.has(name)) return;
      const needs = this.needs.get(name);
      if (!needs) throw new Error(`kernel ${this.image.release} has no module ${name}`);
      for (const need of needs) visit(need);
      if (!ordered.includes(name)) ordered.push(name);
    };
    for (const name of names) visit(moduleName(name));
    return ordered;
  }

  /** What a module needs beside itself. */
  needsOf(name: string): string[] {
    const wanted = moduleName(name);
    return this.closure([wanted]).filter((n) => n !== wanted);
  }

  /** Writes a module's file, unpacked. */
  extract(name: string, to: string): void {
    const file = this.files.get(name);
    if (!file) throw new Error(`kernel ${this.image.release} has no module ${name}`);
    const path = join(this.image.modules, file);
    const bytes = path.endsWith('.xz') ? command('xz', ['--decompress', '--stdout', path]) : readFileSync(path);
    writeFileSync(to, bytes);
  }
}

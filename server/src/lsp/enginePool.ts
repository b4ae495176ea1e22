/**
 * One engine per kernel setting (and place of generated modules): folders of one window may be read against different kernels, and an engine reads against
 * one. Engines that no open document needs any more are disposed of.
 */
import type { Engine, EngineOptions, MemoryUse } from '../engine/engine';
import type { Settings } from './settings';

/** An open document as the pool passes it on. `identity` tells two openings of one path apart, whose versions may be equal. */
export interface OpenText {
  path: string;
  version: number;
  identity: object;
  text: () => string;
}

/** What an engine is told once and for all. */
function keyOf(settings: Settings): string {
  return JSON.stringify([settings.get('fgft.kernelRoot') ?? '', settings.get('fgft.isolate.folder') ?? '']);
}

export class EnginePool {
  private readonly engines = new Map<string, { engine: Engine; held: Map<string, { identity: object; version: number }> }>();

  constructor(
    private readonly create: (options: EngineOptions) => Engine,
    private readonly base: EngineOptions,
    private readonly onOutdated: () => void = () => undefined,
  ) {}

  /** Changes what every engine created from now on is given. */
  setBase(options: EngineOptions): void {
    Object.assign(this.base, options);
  }

  /** What the report's file names are relative to outside of a kernel tree. */
  get workingDirectory(): string {
    return this.base.workingDirectory ?? process.cwd();
  }

  for(settings: Settings): Engine {
    const key = keyOf(settings);
    let entry = this.engines.get(key);
    if (!entry) {
      const kernelSetting = String(settings.get('fgft.kernelRoot') ?? '') || undefined;
      const isolateFolder = String(settings.get('fgft.isolate.folder') ?? '') || undefined;
      entry = { engine: this.create({ ...this.base, kernelSetting, isolateFolder }), held: new Map() };
      entry.engine.onOutdated?.(this.onOutdated);
      this.engines.set(key, entry);
    }
    return entry.engine;
  }

  /** Brings an engine's view of the open documents up to date; only what changed since the last call is sent. */
  synchronize(engine: Engine, open: OpenText[]): void {
    const held = [...this.engines.values()].find((e) => e.engine === engine)?.held;
    if (!held) return;
    const present = new Set<string>();
    for (const document of open) {
      present.add(document.path);
      const known = held.get(document.path);
      if (known && known.identity === document.identity && known.version === document.version) continue;
      if (!known) engine.openDocument(document.path, document.text(), document.version);
      else engine.changeDocument(document.path, document.text(), document.version);
      held.set(document.path, { identity: document.identity, version: document.version });
    }
    for (const path of [...held.keys()]) {
      if (present.has(path)) continue;
      engine.closeDocument(path);
      held.delete(path);
    }
  }

  /** Tells the engines at once that a document was closed: what they keep for it can be large. */
  closed(path: string): void {
    for (const { engine, held } of this.engines.values()) if (held.delete(path)) engine.closeDocument(path);
  }

  filesChanged(paths: string[]): void {
    for (const { engine } of this.engines.values()) engine.filesChanged(paths);
  }

  /** Disposes of the engines that none of the settings in use asks for. */
  retain(inUse: Settings[]): void {
    const wanted = new Set(inUse.map(keyOf));
    for (const [key, { engine }] of this.engines) {
      if (wanted.has(key)) continue;
      this.engines.delete(key);
      engine.dispose();
    }
  }

  memory(): MemoryUse[] {
    return [...this.engines.values()].map(({ engine }) => engine.memory());
  }

  dispose(): void {
    for (const { engine } of this.engines.values()) engine.dispose();
    this.engines.clear();
  }
}

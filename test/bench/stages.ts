/** Which stage of the pipeline each sample of a profile belongs to. */
import type { Profiler } from 'node:inspector';

/** Stages in the order of the pipeline: a sample belongs to the outermost of these functions on its stack. */
const stageFunctions: readonly { stage: string; module: string; names: readonly string[] }[] = [
  { stage: 'parser and knowledge', module: 'engine/kernelWorld.ts', names: ['shared'] },
  { stage: 'parser and knowledge', module: 'engine/assets.ts', names: ['loadAssets'] },
  { stage: 'index of headers', module: 'engine/kernelWorld.ts', names: ['loadKernelWorld'] },
  { stage: 'preprocess', module: 'syntax/preprocess.ts', names: ['preprocess'] },
  { stage: 'mask', module: 'syntax/mask.ts', names: ['mask'] },
  { stage: 'parse', module: 'syntax/parser.ts', names: ['parse'] },
  { stage: 'flatten', module: 'syntax/parser.ts', names: ['flatten', 'flattenChanged'] },
  { stage: 'declarations', module: 'symbols/declarations.ts', names: ['declarationsOf'] },
  { stage: 'declarations', module: 'symbols/scope.ts', names: ['createScope'] },
  { stage: 'lowering', module: 'ir/lower.ts', names: ['lowerFunction'] },
  { stage: 'analysis', module: 'analysis/module.ts', names: ['analyzeModule'] },
  { stage: 'report', module: 'report/build.ts', names: ['buildDriverReport'] },
];

export const stageNames = [...new Set(stageFunctions.map((s) => s.stage)), 'rest of the engine', 'garbage collection', 'outside'];

/** Modules whose work is reading declarations of kernel headers when they are asked for, from whatever stage. */
const headerModules = /symbols\/headerReader|engine\/kernelMacros/;

/** From lines of a bundle to the modules they come from, as the bundler's comments say; both counted from 0. */
export function modulesOfBundle(bundle: string): (line: number) => string {
  const modules: string[] = [];
  let current = '';
  for (const line of bundle.split('\n')) {
    const head = /^\s*\/\/ (\S+\.(?:ts|js|cjs|mjs))$/.exec(line);
    if (head) current = head[1];
    modules.push(current);
  }
  return (line) => modules[line] ?? '';
}

export interface StageTimes {
  /** Milliseconds by stage, over the whole profile. */
  stages: Map<string, number>;
  /** Part of each stage that went into reading declarations of kernel headers. */
  headers: Map<string, number>;
  /** Milliseconds by function (`module:name`), without what it calls. */
  functions: Map<string, number>;
}

/** Sums a profile by stages and by functions. */
export function stageTimes(profile: Profiler.Profile, moduleOf: (line: number) => string): StageTimes {
  const result: StageTimes = { stages: new Map(), headers: new Map(), functions: new Map() };
  const add = (to: Map<string, number>, key: string, value: number): void => void to.set(key, (to.get(key) ?? 0) + value);
  const own = ownTimes(profile);
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const visit = (id: number, stage: string | null, inEngine: boolean, inHeaders: boolean): void => {
    const node = nodes.get(id);
    if (!node) return;
    const { functionName, url, lineNumber } = node.callFrame;
    const module = url === '' || url.startsWith('node:') ? url : url.startsWith('wasm') ? 'tree-sitter' : moduleOf(lineNumber);
    const here = stage ?? stageOf(functionName, module);
    const engine = inEngine || module.includes('server/src/engine/');
    const header = inHeaders || headerModules.test(module);
    const time = own.get(id) ?? 0;
    if (time > 0) {
      const name = here ?? (engine ? 'rest of the engine' : functionName === '(garbage collector)' ? 'garbage collection' : 'outside');
      add(result.stages, name, time);
      if (header) add(result.headers, name, time);
      add(result.functions, `${functionName || '(anonymous)'}  ${module.replace(/^.*server\/src\//, '')}`, time);
    }
    for (const child of node.children ?? []) visit(child, here, engine, header);
  };
  visit(profile.nodes[0].id, null, false, false);
  return result;
}

function stageOf(functionName: string, module: string): string | null {
  // The bundler numbers names that occur twice.
  const name = functionName.replace(/\d+$/, '');
  return stageFunctions.find((s) => module.endsWith(`server/src/${s.module}`) && s.names.includes(name))?.stage ?? null;
}

/** Milliseconds in each node itself. */
function ownTimes({ samples, timeDeltas }: Profiler.Profile): Map<number, number> {
  const own = new Map<number, number>();
  samples?.forEach((id, i) => own.set(id, (own.get(id) ?? 0) + (timeDeltas?.[i + 1] ?? 0) / 1000));
  return own;
}

/** One module from files to report, with what is kept for the next time. */
import type { FunctionNode, Summary } from '../analysis/model';
import { Origins } from '../analysis/origins';
import { analyzeModule, type ModuleAnalysis, type ModuleInput } from '../analysis/module';
import type { DeclaredItem } from '../analysis/entryPoints';
import type { FunctionIR } from '../ir/model';
import { parameterGuards } from '../ir/parameterGuards';
import { statementSpans } from '../ir/statementSpans';
import { lowerFunction, type LoweringEnvironment, type MacroBody } from '../ir/lower';
import type { Knowledge } from '../knowledge/model';
import { type AnnotatedFile, annotationsOf } from '../report/annotations';
import type { GeneratedState } from '../report/generated';
import { buildDriverReport, newReportCache, type ReportCache } from '../report/build';
import type { DriverContext } from '../report/context';
import { crossingTest } from '../report/crossings';
import type { FunctionFacts } from '../report/functionFacts';
import { ReportMemory } from '../report/memory';
import type { DriverReport } from '../report/model';
import { createScope, type KernelSymbols, type ModuleScope } from '../symbols/scope';
import type { ItemDeclarations, Scope } from '../symbols/types';
import type { ConstantTable } from '../syntax/constantDefines';
import type { ItemNodes } from '../syntax/nodes';
import { fileLocator } from './locations';
import type { ModuleFiles } from './moduleFiles';
import type { ParsedFile } from './parsedFile';
import { type AskedLast, askedIn, reportedSame, sameReport } from './sameReport';
import { functionOf } from './sourceOutline';

export interface DriverWorld {
  knowledge: Knowledge;
  kernel: KernelSymbols;
  architecture: string;
  kernelMacro(name: string): MacroBody | undefined;
  /** The file as the report names it. */
  display(path: string): string;
  /** What was generated of the module before. */
  generated?: GeneratedState | null;
}

interface LoweredFunction {
  ir: FunctionIR;
  surroundings: string;
}

/** A module's analysis, before anything is reported of it. */
export interface AnalyzedDriver {
  files: ModuleFiles;
  scope: ModuleScope;
  /** What the scope was made from; while it is the same, lowered functions stay right. The same list as before when its parts are. */
  declarations: readonly unknown[];
  lowered: WeakMap<ItemNodes, LoweredFunction>;
  analysis: ModuleAnalysis;
  cache: ReportCache;
  facts: DriverContext['facts'];
  lockMemory: DriverContext['lockMemory'];
  memory: ReportMemory;
  /** What reports and isolation plans are made from. */
  driver: DriverContext;
  /** Functions lowered for this analysis: what an edit really cost. */
  loweredNow: number;
}

export interface DriverState extends AnalyzedDriver {
  /** The report, if it is a brief one: whole ones are told and forgotten. */
  told: DriverReport | null;
  asked: AskedLast | null;
  /** The rules were not asked: what is said is what they said last. */
  isSame: boolean;
}

/** What an analysis gives: the report, and the state that is kept for the next one. */
export interface ReportedDriver extends DriverState {
  report: DriverReport;
}

/**
 * Analyses a module, taking over from `previous` what did not change. `brief` leaves the long lists of the report empty; as a function
 * it decides once the analysis shows how long they would be.
 */
export function analyzeDriver(
  files: ModuleFiles,
  world: DriverWorld,
  brief: boolean | ((analysis: ModuleAnalysis) => boolean),
  previous?: DriverState,
): ReportedDriver {
  const analyzed = analyzeFiles(files, world, previous);
  const isBrief = typeof brief === 'function' ? brief(analyzed.analysis) : brief;
  if (isBrief && previous?.told && previous.declarations === analyzed.declarations) {
    const same = sameReport({ ...previous, report: previous.told }, analyzed);
    if (same) {
      reportedSame(analyzed.cache, previous.analysis, analyzed.driver);
      return Object.assign(analyzed, { report: same, told: same, asked: previous.asked, isSame: true });
    }
  }
  const report = buildDriverReport({
    name: files.module.name,
    files: files.module.files,
    headers: [...files.headers],
    cache: analyzed.cache,
    driver: analyzed.driver,
    brief: isBrief,
  });
  return Object.assign(analyzed, { report, told: isBrief ? report : null, asked: askedIn(analyzed.driver), isSame: false });
}

/** From parsed files to summaries and entry points, taking over from `previous` what did not change. */
export function analyzeFiles(files: ModuleFiles, world: DriverWorld, previous?: AnalyzedDriver): AnalyzedDriver {
  const parts = [...declarationParts(files.files, previous), ...(files.constants.size > 0 ? [files.constants] : [])];
  const unchanged = previous !== undefined && sameParts(previous.declarations, parts);
  const declarations = unchanged ? previous.declarations : parts;
  const scope = unchanged ? previous.scope : makeScope(files, world);
  const lowered = unchanged ? previous.lowered : new WeakMap<ItemNodes, LoweredFunction>();
  const functions: ModuleInput['functions'][number][] = [];
  const items: DeclaredItem[] = [];
  let loweredNow = 0;
  for (const file of files.files) {
    const isHeader = files.headers.has(file.path);
    const environment: LoweringEnvironment = {
      scope: scope.forFile(file.path),
      knowledge: world.knowledge,
      kernelMacro: world.kernelMacro,
    };
    file.items.forEach((item, i) => {
      items.push({ file: file.path, start: item.start, declarations: file.declarations[i] });
      if (item.kind !== 'function_definition') return;
      let known = lowered.get(item.nodes);
      if (!known || known.surroundings !== file.surroundings[i]) {
        const ir = lowerFunction(item, file.masked.text, file.masked.marks, environment);
        if (!ir) return;
        loweredNow++;
        lowered.set(item.nodes, (known = { ir, surroundings: file.surroundings[i] }));
      }
      functions.push({ file: file.path, itemStart: item.start, ir: known.ir, isHeader });
    });
  }
  const driverRecords = new Set(items.flatMap((i) => i.declarations.records.map((r) => r.name)));
  const scopeOf = (file: string): Scope => scope.forFile(file);
  const isDriverRecord = (name: string): boolean => driverRecords.has(name);
  const analysis = analyzeModule(
    { functions, items, knowledge: world.knowledge, scopeOf, isDriverRecord },
    unchanged ? previous.analysis : undefined,
  );
  const cache = unchanged && analysis.renewed ? previous.cache : newReportCache();
  const facts = unchanged ? previous.facts : new WeakMap<Summary, FunctionFacts>();
  const lockMemory: DriverContext['lockMemory'] = unchanged ? previous.lockMemory : new WeakMap();
  const memory = unchanged ? previous.memory : new ReportMemory();
  const driver = {
    analysis,
    knowledge: world.knowledge,
    locator: fileLocator(files.files, world.display),
    generated: world.generated,
    scopeOf,
    statementsOf: (id: number) => {
      const node = analysis.nodes[id];
      const item = files.files.find((f) => f.path === node.file)?.items.find((i) => i.start === node.itemStart);
      return item ? statementSpans(item) : [];
    },
    guardsOf: (id: number, parameters: readonly string[]) => {
      const node = analysis.nodes[id];
      const file = files.files.find((f) => f.path === node.file);
      const item = file?.items.find((i) => i.start === node.itemStart);
      return file && item ? parameterGuards(item, file.masked.text.slice(item.start, item.end), parameters) : [];
    },
    ownFiles: new Set(files.files.map((f) => f.path)),
    isWritten: (node: FunctionNode) => {
      const file = files.files.find((f) => f.path === node.file);
      const index = file?.items.findIndex((i) => i.start === node.itemStart) ?? -1;
      return file !== undefined && index >= 0 && functionOf(file, file.items[index], index) !== null;
    },
    annotations: files.files.flatMap((f) => annotationsOf(annotatedFile(f))),
    isCrossing: memory.of('crossings', scope, () => crossingTest(scope)),
    origins: new Origins(analysis.summaries),
    facts,
    lockMemory,
    memory,
  };
  return { files, scope, declarations, lowered, analysis, cache, facts, lockMemory, memory, driver, loweredNow };
}

function annotatedFile({ path, preprocessed, masked, items, declarations }: ModuleFiles['files'][number]): AnnotatedFile {
  return {
    path,
    text: preprocessed.text,
    marks: masked.marks,
    items: items.map(({ start, end }, i) => ({ start, end, declarations: declarations[i] })),
  };
}

function makeScope(files: ModuleFiles, world: DriverWorld): ModuleScope {
  const driver = files.files.map((f) => ({
    path: f.path,
    declarations: f.declarations,
    macros: f.preprocessed.macros,
    includes: files.includes.get(f.path),
  }));
  const { constants } = files;
  const kernel = constants.size > 0 ? withConstants(world.kernel, constants) : world.kernel;
  return createScope({ driver, kernel, architecture: world.architecture });
}

/** The kernel's names, and the numbers of the driver's register maps as if the kernel's headers defined them. */
function withConstants(kernel: KernelSymbols, constants: ConstantTable): KernelSymbols {
  const is = (name: string): boolean => constants.has(name);
  return {
    ...kernel,
    // What the preprocessor would replace is nothing else, and no header need be searched for it.
    typedef: (name) => (is(name) ? undefined : kernel.typedef(name)),
    function: (name) => (is(name) ? undefined : kernel.function(name)),
    variable: (name) => (is(name) ? undefined : kernel.variable(name)),
    enumerationOfConstant: (name) => (is(name) ? undefined : kernel.enumerationOfConstant(name)),
    macro: (name) => {
      const value = constants.value(name);
      if (value === undefined) return kernel.macro(name);
      // A macro that stands for its own name has no value.
      return { name, parameters: null, body: value === null ? name : String(value), place: { file: '', offset: 0 } };
    },
  };
}

/**
 * What the names of the module depend on: declarations and macros. A function whose body was edited declares what it did before,
 * so its old declarations stand in for the new ones.
 */
function declarationParts(files: readonly ParsedFile[], previous: AnalyzedDriver | undefined): unknown[] {
  const before = new Map(previous?.files.files.map((f) => [f.path, f]));
  return files.flatMap((file): unknown[] => {
    const old = before.get(file.path);
    if (old && old !== file) takeOverEqual(file, old);
    const macros = file.preprocessed.macros.map((m) => `${m.name}(${m.parameters?.join() ?? ''}${m.variadic}) ${m.body}`).join('\n');
    return [file.path, macros, ...file.declarations];
  });
}

/** Replaces declarations that are equal to the earlier ones by those, so that identity tells what changed. */
function takeOverEqual(file: ParsedFile, old: ParsedFile): void {
  if (file.items.length !== old.items.length) return;
  file.declarations.forEach((d, i) => {
    if (d !== old.declarations[i] && sameDeclarations(d, old.declarations[i])) file.declarations[i] = old.declarations[i];
  });
}

function sameDeclarations(a: ItemDeclarations, b: ItemDeclarations): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function sameParts(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((x, i) => x === b[i]);
}

import { ConditionDecider } from './conditionalsDecide';
import { Expander, type Budget } from './macrosExpand';
import { MacroTable } from './macrosTable';
import type { PreprocessedFile } from './preprocessed';
import type { PreprocessEnvironment } from './preprocessEnvironment';
import { PreprocessOutput } from './preprocessOutput';
import { PackingState } from './preprocessPragma';
import type { PreprocessRun } from './preprocessRun';
import { PreprocessWalk } from './preprocessWalk';

/** How far expansion may make a text grow: macro-heavy drivers stay below 3 times; the constant serves tables in small files. */
const GROWTH_FACTOR = 8;
const GROWTH_CONSTANT = 2 * 1024 * 1024;
/** Characters that may be produced on the way to each character of output. */
const WORK_FACTOR = 4;
/** Problems that are kept: whoever has more reads the first. */
const MAXIMUM_PROBLEMS = 1000;

/**
 * Turns a file into what the mask and the parser read: directives, comments and switched-off text become blanks, the driver's
 * own macros are replaced by their expansion, the kernel's stay calls. Total: any text gives a result, and what could not be
 * understood is among its `problems`. Linear in the text; expansion stops at 8 times the text plus 2 M characters.
 */
export function preprocess(file: string, text: string, environment: PreprocessEnvironment): PreprocessedFile {
  return preprocessKeeping(file, text, environment).preprocessed;
}

/** The same with the table of macros, from which parts of the file can be read again. */
export function preprocessKeeping(
  file: string,
  text: string,
  environment: PreprocessEnvironment,
): { preprocessed: PreprocessedFile; table: MacroTable } {
  const table = new MacroTable(environment.expandConstants === true);
  for (const definition of environment.macros ?? []) table.define(definition);
  const run = newRun(text, environment, table);
  const { inactive } = new PreprocessWalk(run, file, text, null).walk();
  return { preprocessed: { ...resultOf(run), inactive, exported: table.definitions() }, table };
}

/** Expansion and limits for one reading of `text` with the macros of `table`. */
export function newRun(text: string, environment: PreprocessEnvironment, table: MacroTable): PreprocessRun {
  const problems: { offset: number; message: string }[] = [];
  const problem = (offset: number, message: string): void => {
    if (problems.length < MAXIMUM_PROBLEMS) problems.push({ offset, message });
  };
  const maximumLength = GROWTH_FACTOR * text.length + GROWTH_CONSTANT;
  const budget: Budget = { left: WORK_FACTOR * maximumLength };
  // A problem inside an expansion has the offset of the use, which is what the tokens of macro bodies carry.
  const host = {
    find: (name: string) => table.find(name),
    itemsOf: table.itemsOf.bind(table),
    keepsName: table.keepsName.bind(table),
    problem,
  };
  return {
    environment,
    table,
    decider: new ConditionDecider(table, environment),
    expander: new Expander(host, budget),
    output: new PreprocessOutput(),
    maximumLength,
    macros: [],
    includes: [],
    packing: [],
    packingState: new PackingState(),
    exhausted: false,
    problems,
    problem,
  };
}

function resultOf({ output, macros, includes, problems, packing }: PreprocessRun): Omit<PreprocessedFile, 'inactive' | 'exported'> {
  return { text: output.text(), segments: output.segments, macros, includes, problems, packing };
}

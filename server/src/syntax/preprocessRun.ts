import type { ConditionDecider } from './conditionalsDecide';
import type { Expander } from './macrosExpand';
import type { MacroTable } from './macrosTable';
import type { IncludeDirective, MacroDefinition, Packing } from './preprocessed';
import type { PreprocessEnvironment } from './preprocessEnvironment';
import type { PreprocessOutput } from './preprocessOutput';
import type { PackingState } from './preprocessPragma';

/** What the walks over a file and over the texts put into it share. */
export interface PreprocessRun {
  readonly environment: PreprocessEnvironment;
  readonly table: MacroTable;
  readonly decider: ConditionDecider;
  readonly expander: Expander;
  readonly output: PreprocessOutput;
  readonly maximumLength: number;
  readonly macros: MacroDefinition[];
  readonly includes: IncludeDirective[];
  readonly packing: Packing[];
  readonly packingState: PackingState;
  /** Expansion has hit a limit: what follows stays as written. */
  exhausted: boolean;
  readonly problems: { offset: number; message: string }[];
  problem(offset: number, message: string): void;
}

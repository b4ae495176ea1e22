/** What goes into the generator and what comes out: plain data. */
import type { Knowledge } from '../knowledge/model';
import type { IsolationPlan } from '../report/isolation/model';
import type { CheckpointDriver } from './checkpoint';
import type { SourceFile } from './source';

export interface GeneratedFile {
  /** Relative to the output folder. */
  path: string;
  text: string;
}

/** A file of the driver, with its place in the generated trees. */
export interface TreeFile extends SourceFile {
  /** Relative to the folder that holds all of the driver's files. */
  relative: string;
  /** A file that the compiler gets; others are included by one. */
  isUnit: boolean;
  /** For a file that units include: the first unit that does, by absolute path. */
  unit: string;
  /** Of a unit: absolute paths of the driver's own files that it includes, directly or through others. */
  includes: readonly string[];
}

export interface GeneratorInput {
  plan: IsolationPlan;
  /** What the report says about suspend and resume. */
  driver: CheckpointDriver;
  files: readonly TreeFile[];
  /** Folders of the module's `-I` flags, relative to the folder that holds all files; others are the kernel's own. */
  includeFolders: readonly string[];
  defines: readonly { name: string; body: string }[];
  /** Files of the runtime, copied as they are. */
  runtime: readonly GeneratedFile[];
  knowledge: Knowledge;
  version: string;
  /** Of the kernel that the driver was read against. */
  kernelRelease: string;
  /** Hash of a text, as hexadecimal. */
  hash(text: string): string;
}

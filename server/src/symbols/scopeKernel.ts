/** What a scope asks of the kernel's headers. The header reader answers it; without a kernel tree nothing is known. */
import type {
  EnumDeclaration,
  FunctionDeclaration,
  MacroSummary,
  RecordDeclaration,
  TypedefDeclaration,
  VariableDeclaration,
} from './types';

/** Declarations of the kernel's headers by name, read on demand and kept. The same name gives the same object. Missing is undefined, never a guess. */
export interface KernelSymbols {
  record(tag: 'struct' | 'union', name: string): RecordDeclaration | undefined;
  typedef(name: string): TypedefDeclaration | undefined;
  enumeration(name: string): EnumDeclaration | undefined;
  /** The enum that has a constant of this name. */
  enumerationOfConstant(name: string): EnumDeclaration | undefined;
  function(name: string): FunctionDeclaration | undefined;
  variable(name: string): VariableDeclaration | undefined;
  macro(name: string): MacroSummary | undefined;
  /** `CONFIG_X`: `y`, `m`, other text; undefined when off. */
  configuration(name: string): string | undefined;
  /** Gives back the memory of what is only needed to answer new questions; they then take longer. */
  release?(): void;
}

export const NO_KERNEL: KernelSymbols = {
  record: () => undefined,
  typedef: () => undefined,
  enumeration: () => undefined,
  enumerationOfConstant: () => undefined,
  function: () => undefined,
  variable: () => undefined,
  macro: () => undefined,
  configuration: () => undefined,
};

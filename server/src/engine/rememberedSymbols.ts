/** Kernel declarations that were read before, kept over the end of the process: the next start reads no header for them. */
import type { KernelSymbols } from '../symbols/scopeKernel';

/** Which questions a reader of headers answers by name alone. */
const QUESTIONS = ['struct', 'union', 'typedef', 'enumeration', 'enumerationOfConstant', 'function', 'variable', 'macro'] as const;
type Question = (typeof QUESTIONS)[number];

/** Answers as JSON: each declaration once, answers by its number; -1 says that there is none. */
interface Remembered {
  declarations: object[];
  answers: Record<Question, Record<string, number>>;
}

/** More names than this are not kept: one driver asks for about a thousand. */
const MAXIMUM_NAMES = 60_000;

export interface RememberingSymbols extends KernelSymbols {
  /** Names asked for since the start that were not remembered. */
  readonly fresh: number;
  /** Everything answered so far, for `remember`. */
  serialize(): string;
}

/** Answers from `remembered` (what `serialize` gave, for the very same headers and configuration) and else from `reader`. */
export function rememberSymbols(reader: KernelSymbols, remembered: string | undefined): RememberingSymbols {
  const answers = Object.fromEntries(QUESTIONS.map((q) => [q, new Map<string, object | undefined>()])) as Record<
    Question,
    Map<string, object | undefined>
  >;
  let fresh = 0;
  restore(remembered, answers);
  const answer = <T extends object>(question: Question, name: string, read: () => T | undefined): T | undefined => {
    const known = answers[question];
    if (known.has(name)) return known.get(name) as T | undefined;
    const found = read();
    known.set(name, found);
    fresh++;
    return found;
  };
  return {
    record: (tag, name) => answer(tag, name, () => reader.record(tag, name)),
    typedef: (name) => answer('typedef', name, () => reader.typedef(name)),
    enumeration: (name) => answer('enumeration', name, () => reader.enumeration(name)),
    enumerationOfConstant: (name) => answer('enumerationOfConstant', name, () => reader.enumerationOfConstant(name)),
    function: (name) => answer('function', name, () => reader.function(name)),
    variable: (name) => answer('variable', name, () => reader.variable(name)),
    macro: (name) => answer('macro', name, () => reader.macro(name)),
    configuration: (name) => reader.configuration(name),
    release: () => reader.release?.(),
    get fresh() {
      return fresh;
    },
    serialize: () => serialize(answers),
  };
}

function restore(text: string | undefined, answers: Record<Question, Map<string, object | undefined>>): void {
  if (text === undefined) return;
  try {
    const { declarations, answers: stored } = JSON.parse(text) as Remembered;
    for (const question of QUESTIONS)
      for (const [name, at] of Object.entries(stored[question])) answers[question].set(name, at < 0 ? undefined : declarations[at]);
  } catch {
    // A damaged file is a slower start.
    for (const question of QUESTIONS) answers[question].clear();
  }
}

function serialize(answers: Record<Question, Map<string, object | undefined>>): string {
  const declarations: object[] = [];
  const numbers = new Map<object, number>();
  const numberOf = (declaration: object | undefined): number => {
    if (!declaration) return -1;
    let number = numbers.get(declaration);
    if (number === undefined) {
      numbers.set(declaration, (number = declarations.length));
      declarations.push(declaration);
    }
    return number;
  };
  let names = 0;
  const stored = Object.fromEntries(
    QUESTIONS.map((question) => {
      const entries: [string, number][] = [];
      for (const [name, declaration] of answers[question]) if (names++ < MAXIMUM_NAMES) entries.push([name, numberOf(declaration)]);
      return [question, Object.fromEntries(entries)];
    }),
  );
  return JSON.stringify({ declarations, answers: stored });
}

/** Which parameters of a kernel macro are names (types, members, words to paste) rather than values, read from its body. */
import type { Knowledge } from '../server/src/knowledge/model';
import type { KernelSymbols } from '../server/src/symbols/scopeKernel';
import { scan } from '../server/src/syntax/tokens';

const MAXIMUM_DEPTH = 6;
/** Words behind which a type or its tag stands. */
const TYPE_WORDS = new Set(['struct', 'union', 'enum']);

/** 0-based parameters that are names wherever the body uses them; empty for what is no function-like macro. */
export function macroNames(name: string, kernel: KernelSymbols, knowledge: Pick<Knowledge, 'functions'>, depth = 0): number[] {
  const row = knowledge.functions.get(name);
  if (row) return namesOfRow(row);
  const macro = kernel.macro(name);
  if (!macro?.parameters || depth > MAXIMUM_DEPTH) return [];
  const { count, start, end } = scan(macro.body);
  const words = Array.from({ length: count }, (_, i) => macro.body.slice(start[i], end[i]));
  const inner = namePositions(words, kernel, knowledge, depth);
  return macro.parameters.flatMap((parameter, index) => {
    const uses = words.flatMap((word, i) => (word === parameter ? [i] : []));
    return uses.length > 0 && uses.every((i) => isName(words, i) || inner.has(i)) ? [index] : [];
  });
}

function namesOfRow(row: Knowledge['functions'] extends ReadonlyMap<string, infer R> ? R : never): number[] {
  const { returns } = row;
  const own = row.names ?? [];
  if (returns?.kind === 'container') return [...own, returns.type, returns.member];
  return returns?.kind === 'typed' ? [...own, returns.type] : [...own];
}

function isName(words: readonly string[], i: number): boolean {
  const before = words[i - 1] ?? '';
  if (before === '.' || before === '->' || before === '#' || TYPE_WORDS.has(before)) return true;
  if (before === '>' && words[i - 2] === '-') return true;
  return (
    before === '##' || words[i + 1] === '##' || (before === '#' && words[i - 2] === '#') || (words[i + 1] === '#' && words[i + 2] === '#')
  );
}

/** Tokens that stand alone as an argument where another macro takes a name. */
function namePositions(
  words: readonly string[],
  kernel: KernelSymbols,
  knowledge: Pick<Knowledge, 'functions'>,
  depth: number,
): Set<number> {
  const found = new Set<number>();
  words.forEach((word, i) => {
    if (!/^[A-Za-z_]/.test(word) || words[i + 1] !== '(') return;
    const names = macroNames(word, kernel, knowledge, depth + 1);
    const members = word === 'offsetof' || word === 'offsetofend' || word === 'sizeof_field' ? [0, 1] : names;
    if (members.length === 0) return;
    let level = 0;
    let argument = 0;
    for (let j = i + 1; j < words.length; j++) {
      if (words[j] === '(') level++;
      else if (words[j] === ')' && --level === 0) break;
      else if (words[j] === ',' && level === 1) argument++;
      else if (level === 1 && members.includes(argument) && /^[(,]$/.test(words[j - 1]) && /^[),]$/.test(words[j + 1] ?? '')) found.add(j);
    }
  });
  return found;
}

/** What a kernel macro does with its arguments: some are never evaluated, because the body only names, measures or drops them. */
import { scan } from '../syntax/tokens';
import type { MacroSummary } from './types';

/** `value`: evaluated, or not known; `designator`: names a member, its indices are evaluated; `none`: nothing of it runs. */
export type ArgumentUse = 'value' | 'designator' | 'none';

/** Macros that hand arguments on to each other, followed so deep. */
const MAXIMUM_DEPTH = 8;

/** Operators whose operands the compiler looks at and never runs. */
const UNEVALUATED = /^(sizeof|_*typeof(_*|_unqual|_member)|_Alignof|__alignof(__)?|__builtin_types_compatible_p)$/;
const DESIGNATING = /^(__builtin_)?offsetof(end)?$|^sizeof_field$/;

/**
 * How a macro uses each of its arguments, for as long as the macros are the same. `undefined` for what is no macro with parameters.
 * A macro that others change the use of (`lock_acquire` is empty without lockdep) is followed through them.
 */
export function argumentUses(
  macro: (name: string) => MacroSummary | undefined,
  known: Map<string, readonly ArgumentUse[] | undefined>,
  name: string,
  depth = 0,
): readonly ArgumentUse[] | undefined {
  if (known.has(name)) return known.get(name);
  const definition = depth < MAXIMUM_DEPTH ? macro(name) : undefined;
  if (!definition?.parameters) return undefined;
  // What comes back to itself is not expanded again.
  known.set(name, undefined);
  const found = usesOf(definition.parameters, definition.body, (other) => argumentUses(macro, known, other, depth + 1));
  known.set(name, found);
  return found;
}

function usesOf(
  parameters: readonly string[],
  body: string,
  inner: (name: string) => readonly ArgumentUse[] | undefined,
): readonly ArgumentUse[] {
  const tokens = scan(body);
  const words = Array.from({ length: tokens.count }, (_, i) => body.slice(tokens.start[i], tokens.end[i]));
  const around = contexts(words, inner);
  return parameters.map((parameter): ArgumentUse => {
    if (!/^[A-Za-z_]\w*$/.test(parameter) || parameter === '__VA_ARGS__') return 'value';
    let use: ArgumentUse = 'none';
    for (const [i, word] of words.entries()) {
      if (word !== parameter) continue;
      // Pasted or made a string: what becomes of it cannot be told here.
      if (words[i - 1] === '##' || words[i + 1] === '##' || words[i - 1] === '#' || words[i + 1] === '#') return 'value';
      if (around[i] === 'value') return 'value';
      if (around[i] === 'designator') use = 'designator';
    }
    return use;
  });
}

/** Per token: what the innermost operator or macro around it that does not evaluate its operand makes of it. */
function contexts(words: readonly string[], inner: (name: string) => readonly ArgumentUse[] | undefined): ArgumentUse[] {
  const found: ArgumentUse[] = [];
  /** Open parentheses: the use of each argument behind them, the number of the current one, and what holds around them. */
  const open: { uses: readonly ArgumentUse[] | ArgumentUse | null; argument: number; outside: ArgumentUse }[] = [];
  let current: ArgumentUse = 'value';
  for (const [i, word] of words.entries()) {
    if (word === '(') {
      const before = words[i - 1] ?? '';
      const uses =
        current !== 'value'
          ? current
          : UNEVALUATED.test(before)
            ? 'none'
            : DESIGNATING.test(before)
              ? 'designator'
              : /^[A-Za-z_]/.test(before)
                ? (inner(before) ?? null)
                : null;
      open.push({ uses, argument: 0, outside: current });
      current = useOf(uses, 0, current);
    } else if (word === ')') current = open.pop()?.outside ?? 'value';
    else if (word === ',' && open.length > 0) {
      const top = open[open.length - 1];
      current = useOf(top.uses, ++top.argument, top.outside);
    }
    found.push(current);
  }
  return found;
}

function useOf(uses: readonly ArgumentUse[] | ArgumentUse | null, argument: number, outside: ArgumentUse): ArgumentUse {
  if (uses === null) return outside;
  return typeof uses === 'string' ? uses : (uses[argument] ?? 'value');
}

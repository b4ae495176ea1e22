/** Which calls leave the driver: functions do, macros do when there is a function call in them. */
import type { Scope } from '../symbols/types';

const CALL = /([A-Za-z_]\w*)\s*\(/g;
/** Macros nested deeper than this are taken to call something. */
const MAXIMUM_DEPTH = 8;

/** Words before a parenthesis that are no calls. */
const NO_CALL = new Set(['sizeof', 'typeof', '__typeof__', '__typeof', 'if', 'while', 'for', 'switch', 'return', '__attribute__', '_Generic', '_Static_assert', 'offsetof', 'defined', 'typeof_member', '__alignof__', 'asm']);

/** A memoised test for names of kernel functions and macros; `undefined` in `Scope` counts as a call, since nothing says that it is none. */
export function crossingTest(scope: Scope): (name: string) => boolean {
  const known = new Map<string, boolean>();
  const visit = (name: string, depth: number): boolean => {
    const found = known.get(name);
    if (found !== undefined) return found;
    if (scope.function(name)) return remember(name, true);
    const macro = scope.macro(name);
    if (!macro || macro.definition.parameters === null) return remember(name, !macro);
    if (depth > MAXIMUM_DEPTH) return true;
    known.set(name, false);
    const parameters = new Set(macro.definition.parameters);
    const calls = [...macro.definition.body.matchAll(CALL)].map((m) => m[1]).filter((n) => !NO_CALL.has(n) && !parameters.has(n) && !n.startsWith('__builtin_') && !scope.typedef(n));
    return remember(name, calls.some((n) => visit(n, depth + 1)));
  };
  const remember = (name: string, value: boolean): boolean => {
    known.set(name, value);
    return value;
  };
  return (name) => visit(name, 0);
}

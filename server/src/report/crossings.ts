/** Which calls leave the driver: functions do, macros do when there is a function call in them. */
import type { Scope } from '../symbols/types';

const IDENTIFIER = /[A-Za-z_]\w*/g;
const CALL = /([A-Za-z_]\w*)\s*\(/g;
/** `netdev_##level(dev, …)`: a call whose name no text shows. With a space before the parenthesis it is an operator (`(x) __cmp_op_##op (y)`). */
const PASTED_CALL = /##\s*\w+\(/;
/** A body that declares a function which the compiler refuses to call is an assertion: no call is left of it. */
const ASSERTION = /\b__compiletime_error\s*\(/;
/** Macros nested deeper than this are taken to call something. */
const MAXIMUM_DEPTH = 8;

/** Words before a parenthesis that are no calls. */
const NO_CALL = new Set([
  'sizeof',
  'typeof',
  '__typeof__',
  '__typeof',
  'if',
  'while',
  'for',
  'switch',
  'return',
  '__attribute__',
  '_Generic',
  '_Static_assert',
  'offsetof',
  'defined',
  'typeof_member',
  '__alignof__',
  '_Alignof',
  'asm',
  '__asm__',
  'volatile',
  '__volatile__',
  'goto',
]);

/** A memoised test for names of kernel functions and macros; `undefined` in `Scope` counts as a call, since nothing says that it is none. */
export function crossingTest(scope: Scope): (name: string) => boolean {
  const known = new Map<string, boolean>();
  const visit = (name: string, depth: number): boolean => {
    const found = known.get(name);
    if (found !== undefined) return found;
    if (scope.function(name)) return remember(name, true);
    const macro = scope.macro(name);
    if (!macro) return remember(name, true);
    const { body, parameters } = macro.definition;
    // Names pasted together, and functions that are handed on by name (`dev_printk_index_wrap(_dev_err, …)`), are calls that no pattern shows.
    if (ASSERTION.test(body)) return remember(name, false);
    if (depth > MAXIMUM_DEPTH || PASTED_CALL.test(body)) return remember(name, true);
    known.set(name, false);
    const names = new Set([...body.matchAll(IDENTIFIER)].map((m) => m[0]));
    for (const p of parameters ?? []) names.delete(p);
    const called = new Set([...body.matchAll(CALL)].map((m) => m[1]));
    return remember(
      name,
      [...names].some(
        (n) =>
          !NO_CALL.has(n) &&
          !n.startsWith('__builtin_') &&
          (scope.function(n) !== undefined ||
            (called.has(n) && !scope.typedef(n) && visit(n, depth + 1)) ||
            (parameters === null && n === body.trim() && visit(n, depth + 1))),
      ),
    );
  };
  const remember = (name: string, value: boolean): boolean => {
    known.set(name, value);
    return value;
  };
  return (name) => visit(name, 0);
}

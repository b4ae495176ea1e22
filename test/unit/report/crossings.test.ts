import assert from 'node:assert/strict';
import { crossingTest } from '../../../server/src/report/crossings';
import type { Scope } from '../../../server/src/symbols/types';

/** A scope that knows nothing but functions by name and macros by their bodies. */
function scope(functions: readonly string[], macros: Record<string, { parameters: string[]; body: string }>): Scope {
  return {
    function: (name: string) => (functions.includes(name) ? {} : undefined),
    macro: (name: string) => (name in macros ? { definition: macros[name], origin: 'kernel' } : undefined),
    typedef: () => undefined,
  } as unknown as Scope;
}

describe('report: which names are calls that leave the driver', () => {
  const isCrossing = crossingTest(
    scope(['kernel_work'], {
      barrier: { parameters: [], body: '__asm__ __volatile__("": : :"memory")' },
      wrapped: { parameters: ['x'], body: 'do { kernel_work(x); } while (0)' },
      level: { parameters: ['l', 'x'], body: 'netdev_##l(x)' },
      larger: { parameters: ['op', 'x', 'y'], body: '((x) __cmp_op_##op (y) ? (x) : (y))' },
      asserted: { parameters: ['c', 's'], body: 'do { extern void f_##s(void) __compiletime_error("no"); if (!(c)) f_##s(); } while (0)' },
      checked: { parameters: ['x'], body: '({ asserted(x, 1); larger(max, x, 2); })' },
    }),
  );

  it('functions, names that nothing declares, and macros with a call in them are', () => {
    for (const name of ['kernel_work', 'undeclared', 'wrapped', 'level']) assert.equal(isCrossing(name), true, name);
  });

  it('assembly, pasted operators and assertions of the compiler are not', () => {
    for (const name of ['barrier', 'larger', 'asserted', 'checked']) assert.equal(isCrossing(name), false, name);
  });
});

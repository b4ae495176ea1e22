import type { Context, Runnable, Suite } from 'mocha';

/**
 * Skips the running test, or in a `before` hook the whole suite, and says why: the reason is listed at the end of `npm test`.
 * Use it in place of `this.skip()`. It does not return.
 */
export function skip(context: Context, reason: string): never {
  const runnable = context.runnable() as Runnable & { type?: string; skipReason?: string };
  runnable.skipReason = reason;
  // A hook is not above the tests that it skips; its suite is.
  if (runnable.type === 'hook' && runnable.parent) (runnable.parent as Suite & { skipReason?: string }).skipReason = reason;
  return context.skip();
}

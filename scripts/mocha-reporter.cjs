/**
 * Prints what mocha's `spec` reporter prints, and writes the outcome as JSON to the file that FGFT_TEST_RESULTS names:
 * `{ passed, failed, skipped: [{ title, reason }] }`. The reason is what `skip()` of test/support/skip.ts left on the test or
 * on a suite around it.
 */
const { writeFileSync } = require('node:fs');
const { reporters, Runner } = require('mocha');

function reasonOf(runnable) {
  for (let at = runnable; at; at = at.parent) if (at.skipReason) return at.skipReason;
  return 'no reason given';
}

class ResultReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const outcome = { passed: 0, failed: 0, skipped: [] };
    runner.on(Runner.constants.EVENT_TEST_PASS, () => outcome.passed++);
    runner.on(Runner.constants.EVENT_TEST_FAIL, () => outcome.failed++);
    runner.on(Runner.constants.EVENT_TEST_PENDING, (test) => outcome.skipped.push({ title: test.fullTitle(), reason: reasonOf(test) }));
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      if (process.env.FGFT_TEST_RESULTS) writeFileSync(process.env.FGFT_TEST_RESULTS, JSON.stringify(outcome));
    });
  }
}

module.exports = ResultReporter;

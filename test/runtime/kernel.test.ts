import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { skip } from '../support/skip';
import { buildSelftest } from './build';
import { checkpatch, installed, kernelHeaders, run, runtimeFolder } from './tools';

/**
 * Kinds of remarks that do not apply, each with its reason. A new remark of any other kind fails the test.
 */
const NOT_APPLICABLE = [
  // Macros that define functions, which the stubs of one family are.
  'COMPLEX_MACRO',
  'MULTISTATEMENT_MACRO_USE_DO_WHILE',
  'MACRO_ARG_REUSE',
  'MACRO_ARG_PRECEDENCE',
  'MACRO_ARG_UNUSED',
  'MACRO_WITH_FLOW_CONTROL',
  // The kernel's own bit and I/O functions have volatile parameters.
  'VOLATILE',
  // Functions that compiled code or assembler calls, parts that may be missing, and symbols of the linker.
  'AVOID_EXTERNS',
  'WEAK_DECLARATION',
  // One source for two kernels.
  'LINUX_VERSION_CODE',
  'CONSTANT_COMPARISON',
  // What stands in for the kernel's check of sleeping.
  'IN_ATOMIC',
  // What user space lacks is defined with what user space has.
  'PREFER_KERNEL_TYPES',
  // A stub of the macro, not a use of it.
  'EXPORT_SYMBOL',
];

describe('runtime for the kernel', function () {
  this.timeout(600_000);

  it('is clean under checkpatch --strict', function () {
    const script = checkpatch();
    if (!script) skip(this, 'no unpacked kernel source with checkpatch.pl');
    if (!installed('perl')) skip(this, 'perl is not installed');
    const files = readdirSync(runtimeFolder).filter((name) => /\.[chS]$/.test(name));
    const options = ['--strict', '--no-tree', '--terse', '--show-types', `--ignore=${NOT_APPLICABLE.join(',')}`];
    const { text } = run('perl', [script, ...options, '-f', ...files], { cwd: runtimeFolder });
    const remarks = text.split('\n').filter((line) => /: (?:ERROR|WARNING|CHECK):/.test(line));
    assert.deepEqual(remarks, []);
  });

  for (const version of ['6.1', '6.12']) {
    it(`builds for ${version} with W=1 and sparse, without a warning of gcc, sparse, objtool or modpost`, function () {
      const headers = kernelHeaders().find((one) => one.version === version);
      if (!headers) skip(this, `no kernel headers for ${version}`);
      if (!installed('sparse')) skip(this, 'sparse is not installed');
      const { status, remarks } = buildSelftest(headers.folder, { sparse: true });
      // The self-test's driver leaves with locks held on purpose.
      const meant = remarks.filter((line) => !/selftest_driver\.c:.*context imbalance|selftest_\w+\.c: note: in/.test(line));
      assert.deepEqual(meant, []);
      assert.equal(status, 0);
    });
  }
});

import assert from 'node:assert/strict';
import { run } from '../../../server/src/cli/run';
import { dumpLayouts, type Engine } from '../../../server/src/engine';
import { repositoryRoot } from '../../support/repository';
import { terminalForTests } from './terminalForTests';

describe('cli: --dump-layout', () => {
  /** Runs against the small kernel of the fixtures. */
  async function layoutsOf(...words: string[]): Promise<{ status: number | null; out: string; error: string }> {
    const { terminal, printed } = terminalForTests({ workingDirectory: repositoryRoot });
    const noEngine = (): Engine => assert.fail('no report is made');
    const status = await run(['analyze', ...words], terminal, '0.1.0', noEngine, { dumpLayouts });
    return { status, ...printed };
  }

  it('prints sizes and offsets of kernel records without a path, and null for what is unknown', async () => {
    const { status, out, error } = await layoutsOf(
      '--kernel',
      'test/fixtures/minikernel',
      '--dump-layout',
      'list_head',
      'struct list_head',
      'no_such_record',
    );
    assert.equal(status, 0);
    const list = { size: 16, members: { next: 0, prev: 8 } };
    assert.deepEqual(JSON.parse(out), { list_head: list, 'struct list_head': list, no_such_record: { size: null, members: {} } });
    assert.match(error, /no record is named no_such_record/);
  });

  it('fails when none of the names is known', async () => {
    const { status, out, error } = await layoutsOf('--kernel', 'test/fixtures/minikernel', '--dump-layout', 'no_such_record', 'nor_this');
    assert.deepEqual([status, out], [2, '']);
    assert.equal(error, 'fgft: no record is named no_such_record\nfgft: no record is named nor_this\n');
  });

  it('says that the kernel is none', async () => {
    const { status, out } = await layoutsOf('--kernel', 'test', '--dump-layout', 'list_head');
    assert.deepEqual([status, out], [2, '']);
  });
});

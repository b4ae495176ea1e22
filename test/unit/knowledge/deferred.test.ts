/** What reports say is deferred to the commit, generated code defers: both read rows, and the rows must agree. */
import assert from 'node:assert/strict';
import { loadAssets } from '../../../server/src/engine/assets';
import { shared } from '../../../server/src/engine/kernelWorld';

/** Macros, by what the linker sees of them (include/linux/wait.h). */
const LINKED: Record<string, string> = {
  wake_up: '__wake_up',
  wake_up_all: '__wake_up',
  wake_up_interruptible: '__wake_up',
  wake_up_interruptible_all: '__wake_up',
  wake_up_nr: '__wake_up',
  wake_up_interruptible_nr: '__wake_up',
  wake_up_poll: '__wake_up',
  wake_up_interruptible_poll: '__wake_up',
  wake_up_sync: '__wake_up_sync',
  wake_up_interruptible_sync: '__wake_up_sync',
  wake_up_interruptible_sync_poll: '__wake_up_sync_key',
};

describe('knowledge: signals to other threads', () => {
  it('are deferred by generated code where reports say so', async () => {
    const { knowledge } = await shared(loadAssets());
    const signals = [...knowledge.functions.values()].filter(
      (f) =>
        f.irreversible?.instead === 'defer' &&
        f.effects.some((e) => e === 'complete' || e === 'wake-up') &&
        f.source.startsWith('include/linux/'),
    );
    const names = new Set(signals.map((f) => f.name));
    for (const name of ['complete', 'wake_up', 'swake_up_one', 'wake_up_process']) assert.ok(names.has(name), name);
    const missing = [...names].filter((n) => !knowledge.isolation.effects.get(LINKED[n] ?? n)?.deferred);
    assert.deepEqual(missing, []);
  });

  it('are made at once where the lock of the queue is held, and both say so', async () => {
    const { knowledge } = await shared(loadAssets());
    for (const name of ['wake_up_locked', 'wake_up_all_locked', 'wake_up_locked_poll'])
      assert.equal(knowledge.functions.get(name)?.irreversible?.instead, 'allow', name);
    for (const linked of ['__wake_up_locked', '__wake_up_locked_key'])
      assert.ok(!knowledge.isolation.effects.get(linked)?.deferred, linked);
  });
});

describe('knowledge: completions', () => {
  it('that come once reach who waits for them after an abort, too', async () => {
    const { failures } = (await shared(loadAssets())).knowledge.isolation;
    assert.deepEqual(failures.get('blk_mq_ops.complete')?.cleanup, ['blk_mq_end_request($request, BLK_STS_IOERR);']);
    for (const as of ['usb_fill_bulk_urb:arg5', 'usb_fill_int_urb:arg5', 'usb_fill_control_urb:arg6'])
      assert.equal(failures.get(as)?.thenNative, true, as);
  });
});

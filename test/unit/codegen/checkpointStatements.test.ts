import assert from 'node:assert/strict';
import { instead } from '../../../server/src/codegen/checkpoint';

describe('codegen: a statement that is left out of a checkpoint', () => {
  it('leaves behind the variable that it sets, as after a success', () => {
    assert.equal(instead('err = pci_enable_device(pdev);'), 'err = 0;');
    assert.equal(instead('int err = pci_enable_device(pdev);'), 'int err = 0;');
    assert.equal(instead('struct foo *f = foo_start(dev);'), 'struct foo *f = 0;');
  });

  it('leaves nothing behind otherwise', () => {
    for (const text of ['netif_device_detach(dev);', 'if (a == b) stop(a);', 'f->state = stop(f);', 'stop(a = b);'])
      assert.equal(instead(text), 'do { } while (0);');
  });
});

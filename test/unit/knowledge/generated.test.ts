import assert from 'node:assert/strict';
import { knowledgeTexts } from '../../../scripts/knowledge-files';
import { loadKnowledge } from '../../../server/src/knowledge/load';

describe('knowledge: generated rows', function () {
  this.timeout(60_000);

  it('know inline accessors by their bodies', () => {
    const { knowledge } = loadKnowledge(knowledgeTexts());
    const row = (name: string): unknown => {
      const found = knowledge.functions.get(name);
      return found && { returns: found.returns, touches: found.touches, constant: found.constant };
    };
    assert.deepEqual(row('bdev_nr_sectors'), {
      returns: undefined,
      touches: [{ argument: 0, record: 'block_device', field: 'bd_nr_sectors', access: 'R' }],
      constant: undefined,
    });
    assert.deepEqual(row('i2c_get_clientdata'), {
      returns: { kind: 'private-area', argument: 0, name: 'driver_data', path: 'dev' },
      touches: [{ argument: 0, record: 'device', field: 'driver_data', access: 'R', through: ['i2c_client.dev'] }],
      constant: undefined,
    });
    assert.deepEqual(knowledge.functions.get('MLX5_SET')?.names, [0, 2]);
  });
});

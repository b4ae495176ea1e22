import assert from 'node:assert/strict';
import { unknownEntry } from '../../../server/src/engine/problems';

describe('engine: an unknown entry point', () => {
  it('is answered with near matches', () => {
    const { message, suggestions } = unknownEntry('card_stopp', ['card_stop', 'probe_everything']);
    assert.deepEqual([message, suggestions], ['no entry point named card_stopp', ['card_stop']]);
  });

  it('is answered with what there is, when nothing is near', () => {
    assert.equal(unknownEntry('zzzzzzzzzz', ['card_stop', 'probe']).message, 'no entry point named zzzzzzzzzz; there are card_stop, probe');
    assert.equal(unknownEntry('zzzzzzzzzz', []).message, 'no entry point named zzzzzzzzzz; there are none here');
  });

  it('lists at most 40', () => {
    const names = Array.from({ length: 50 }, (_, i) => `entry_${i}`);
    assert.match(unknownEntry('zzzzzzzzzz', names).message, /entry_39 and 10 more$/);
  });
});

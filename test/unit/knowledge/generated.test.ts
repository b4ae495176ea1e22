import assert from 'node:assert/strict';
import { defaultKernel, generatedFrom, generateRows, kernelRelease } from '../../../scripts/knowledge-generate';
import { GENERATED_FILE, knowledgeTexts } from '../../../scripts/knowledge-files';
import { loadKnowledge } from '../../../server/src/knowledge/load';
import { skip } from '../../support/skip';

describe('knowledge: generated rows', function () {
  this.timeout(300_000);
  const text = knowledgeTexts().find((t) => t.name === GENERATED_FILE)?.text ?? '';

  it('are what the generator makes of the headers and of the rows written by hand', async function () {
    const release = kernelRelease(defaultKernel());
    if (release === '') skip(this, `no kernel source at ${defaultKernel()}`);
    if (release !== generatedFrom()) skip(this, `the rows were generated from Linux ${generatedFrom()}, the source at hand is ${release}`);
    const made = await generateRows(defaultKernel());
    // Thousands of lines: say what to do rather than how they differ.
    assert.ok(made.text === text, 'generated.yaml is out of date: run node --import=tsx scripts/knowledge-generate.ts');
  });

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
      returns: { kind: 'private-area', argument: 0, name: 'drvdata', path: 'dev' },
      touches: [{ argument: 0, record: 'device', field: 'driver_data', access: 'R', through: ['i2c_client.dev'] }],
      constant: undefined,
    });
    assert.deepEqual(knowledge.functions.get('MLX5_SET')?.names, [0, 2]);
  });
});

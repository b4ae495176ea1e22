import assert from 'node:assert/strict';
import { GENERATED_FILE, knowledgeTexts } from '../../scripts/knowledge-files';
import { defaultKernel, generatedFrom, generateRows, kernelRelease, newerKernels } from '../../scripts/knowledge-generate';
import { skip } from '../support/skip';

describe('knowledge: the generated rows', function () {
  this.timeout(300_000);

  it('are what the generator makes of the headers and of the rows written by hand', async function () {
    const releases = [defaultKernel(), ...newerKernels()].map(kernelRelease);
    if (releases.includes('')) skip(this, `no kernel sources at ${[defaultKernel(), ...newerKernels()].join(' and ')}`);
    if (releases.join() !== generatedFrom().join())
      skip(this, `the rows were generated from Linux ${generatedFrom().join(', ')}, the sources at hand are ${releases.join(', ')}`);
    const text = knowledgeTexts().find((t) => t.name === GENERATED_FILE)?.text;
    const made = await generateRows(defaultKernel(), newerKernels());
    // Thousands of lines: say what to do rather than how they differ.
    assert.ok(made.text === text, 'generated.yaml is out of date: run node --import=tsx scripts/knowledge-generate.ts');
  });
});

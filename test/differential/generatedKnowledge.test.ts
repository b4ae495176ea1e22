import assert from 'node:assert/strict';
import { GENERATED_FILE, knowledgeTexts } from '../../scripts/knowledge-files';
import { defaultKernel, generatedFrom, generateRows, kernelRelease } from '../../scripts/knowledge-generate';
import { skip } from '../support/skip';

describe('knowledge: the generated rows', function () {
  this.timeout(300_000);

  it('are what the generator makes of the headers and of the rows written by hand', async function () {
    const release = kernelRelease(defaultKernel());
    if (release === '') skip(this, `no kernel source at ${defaultKernel()}`);
    if (release !== generatedFrom()) skip(this, `the rows were generated from Linux ${generatedFrom()}, the source at hand is ${release}`);
    const text = knowledgeTexts().find((t) => t.name === GENERATED_FILE)?.text;
    const made = await generateRows(defaultKernel());
    // Thousands of lines: say what to do rather than how they differ.
    assert.ok(made.text === text, 'generated.yaml is out of date: run node --import=tsx scripts/knowledge-generate.ts');
  });
});

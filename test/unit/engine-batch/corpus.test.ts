import assert from 'node:assert/strict';
import { Corpus, quantile, withoutNames } from '../../../scripts/corpus-figures';
import { corpusMarkdown } from '../../../scripts/corpus-markdown';
import { failedDriver } from '../../../server/src/engine/batch/failedDriver';
import type { Task } from '../../../server/src/engine/batch/model';
import { sampleReport } from '../cli/sampleReport';

describe('engine-batch: corpus report', () => {
  it('counts drivers, entry points and modules that were not analysed', () => {
    const corpus = new Corpus();
    const { drivers, ...head } = sampleReport();
    for (const driver of drivers) corpus.add(driver);
    const task: Task = {
      module: { name: 'hung', files: ['/k/drivers/net/hung.c'], makefile: null, includeFolders: [], defines: [], why: '' },
      kernel: '/k',
      bytes: 1,
      brief: false,
      key: '',
    };
    corpus.add(failedDriver(task, 'it took longer than 60 s\n    at once', '/'));
    assert.deepEqual([corpus.all.drivers, corpus.all.withEntryPoints, corpus.all.entryPoints, corpus.all.resynchronizing], [2, 1, 2, 1]);
    assert.deepEqual(corpus.notAnalysed, [{ name: 'hung', why: 'it took longer than 60 s' }]);
    const text = corpusMarkdown(head, corpus);
    assert.match(text, /\| entry points \| 50\.00 % \| 1 of 2 \| 1\.4 % \|/);
    assert.match(text, /\| drivers\/net \| 2 \| 2 \|/);
    assert.match(text, /- hung: it took longer than 60 s/);
  });

  it('groups causes without their names', () => {
    assert.deepEqual(withoutNames('the record that holds mac is not known'), {
      cause: 'the record that holds a member is not known',
      name: 'mac',
    });
    assert.deepEqual(withoutNames('something else'), { cause: 'something else', name: '' });
  });

  it('takes quantiles of sorted values', () => {
    assert.deepEqual(
      [0, 0.5, 1].map((share) => quantile([3, 1, 2], share)),
      [1, 2, 3],
    );
    assert.equal(quantile([], 0.5), 0);
  });
});

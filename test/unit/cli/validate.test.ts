import assert from 'node:assert/strict';
import type { Report } from '../../../server/src/report/model';
import { validateReport } from '../../../server/src/report/validate';
import { sampleReport } from './sampleReport';

function problemsAfter(change: (report: Report) => void): string[] {
  const report = sampleReport();
  change(report);
  return validateReport(report);
}

describe('report: validation', () => {
  it('accepts a report, and one with fields that were added later', () => {
    assert.deepEqual(validateReport(sampleReport()), []);
    assert.deepEqual(
      problemsAfter((report) => Object.assign(report.drivers[0].entryPoints[0], { predicate: 'dev->x' })),
      [],
    );
  });

  const mistakes: [name: string, change: (report: Report) => void, says: RegExp][] = [
    [
      'a missing name',
      (report) => delete (report.drivers[0] as Partial<Report['drivers'][0]>).checkpoint,
      /^\/drivers\/0 must have required property 'checkpoint'$/,
    ],
    [
      'a line 0',
      (report) => void (report.drivers[0].entryPoints[0].location.line = 0),
      /^\/drivers\/0\/entryPoints\/0\/location\/line must be >= 1$/,
    ],
    [
      'a wrong word',
      (report) => Object.assign(report.drivers[0].entryPoints[0].fields[0], { direction: 'both' }),
      /fields\/0\/direction must be equal to one of/,
    ],
    ['a wrong sum', (report) => void (report.summary.entryPoints = 5), /^\/summary\/entryPoints is 5, but the drivers add up to 2$/],
    [
      'an entry point that does not reach itself',
      (report) => void report.drivers[0].entryPoints[1].functions.pop(),
      /does not name sample_interrupt itself/,
    ],
    [
      'a finding at no entry point',
      (report) => void report.drivers[0].findings[0].entryPoints.push('nothing'),
      /names nothing, which is none/,
    ],
    ['a range that ends too early', (report) => void (report.drivers[0].findings[0].location.endLine = 1), /ends before it begins/],
    ['two entry points of one name', (report) => void (report.drivers[0].entryPoints[1].name = 'sample_open'), /is a second sample_open/],
  ];
  for (const [name, change, says] of mistakes) {
    it(`finds ${name}`, () => {
      const problems = problemsAfter(change);
      assert.ok(
        problems.some((problem) => says.test(problem)),
        problems.join('\n'),
      );
    });
  }

  it('takes anything at all', () => {
    for (const value of [null, 1, 'x', [], {}]) assert.notEqual(validateReport(value).length, 0);
  });
});

import assert from 'node:assert/strict';
import { checkpointPage, splitHover } from '../../server/src/lsp/checkpointText';
import { emptyCheckpoint, type SplitStatement } from '../../server/src/report/checkpointModel';
import type { DriverReport } from '../../server/src/report/model';

const at = (line: number) => ({ file: 'foo.c', line, column: 1 });
const statement = (line: number, part: SplitStatement['part'], more: Partial<SplitStatement> = {}): SplitStatement => ({
  phase: 'suspend',
  function: 'foo_suspend',
  location: at(line),
  text: `call_${line}();`,
  part,
  use: part === 'save' ? 'checkpoint' : part === 'power' ? 'omitted' : 'restore',
  reason: '',
  depth: 0,
  conditions: [],
  calls: [],
  writes: [],
  ...more,
});

const driver: DriverReport = {
  name: 'foo',
  files: ['foo.c'],
  headers: [],
  coverage: { functions: 2, partial: 0 },
  entryPoints: [],
  powerManagement: { suspend: 'foo_suspend', resume: 'foo_resume', declaredBy: 'dev_pm_ops', table: 'foo_pm' },
  checkpoint: {
    ...emptyCheckpoint('derivable', 'foo_suspend saves foo.mode.'),
    saved: ['foo.mode', 'MODE'],
    notRestored: ['SECRET'],
    split: [
      statement(1, 'save'),
      statement(2, 'mixed', { use: 'mixed', calls: ['foo_down'] }),
      statement(3, 'quiesce', { function: 'foo_down', depth: 1 }),
      statement(4, 'power'),
      statement(5, 'neutral', { use: 'context' }),
      statement(9, 'reinitialise', { phase: 'resume', function: 'foo_resume' }),
    ],
    sleeps: [
      { location: at(9), function: 'foo_resume', text: 'msleep(5)', replacement: 'mdelay(5)', unit: 'milliseconds', reason: 'sleeps' },
    ],
    entryPoints: [
      {
        entryPoint: 'foo_open',
        writes: [
          {
            kind: 'register',
            name: 'SECRET',
            offset: 12,
            location: at(20),
            through: 'writel',
            covered: 'left',
            condition: null,
            readBack: null,
            reason: 'never read',
          },
        ],
      },
    ],
  },
  findings: [],
};
const plain = { markdown: false, maximumRows: 10, uriOf: () => undefined };
const markdown = { markdown: true, maximumRows: 10, uriOf: () => 'file:///foo.c#L1' };

describe('the texts on checkpoints', () => {
  it('show the split at suspend with what each statement becomes', () => {
    assert.equal(
      splitHover(driver, 'foo_suspend', plain),
      [
        'Checkpoint: derivable. foo_suspend saves foo.mode.',
        '',
        '1: call_1();: saves state (checkpoint)',
        '2: call_2();: several parts',
        '  3: call_3();: quiesces the device (restore)',
        '4: call_4();: power and wake-up (left out)',
      ].join('\n'),
    );
  });

  it('show a function below it alone, and nothing elsewhere', () => {
    const below = splitHover(driver, 'foo_down', plain)!;
    assert.match(below, /^3: call_3/m);
    assert.doesNotMatch(below, /call_1|call_4/);
    assert.equal(splitHover(driver, 'foo_open', plain), null);
  });

  it('are tables with links where Markdown is read', () => {
    assert.match(
      splitHover(driver, 'foo_resume', markdown)!,
      /\| \[9\]\(file:\/\/\/foo\.c#L1\) \| `call_9\(\);` \| re-initialises \| restore \|/,
    );
  });

  it('list on the page what is saved, left over, and written', () => {
    const page = checkpointPage(driver);
    assert.match(page, /## Saved\n\n- foo\.mode\n- MODE/);
    assert.match(page, /neither saved nor set by the restore\n\n- SECRET/);
    assert.match(page, /`msleep\(5\)` sleeps: becomes `mdelay\(5\)`/);
    assert.match(page, /## foo_open\n\n- `SECRET` \(0xc\): \*\*left over\*\*: never read/);
  });
});

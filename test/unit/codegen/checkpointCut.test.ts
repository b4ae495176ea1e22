import assert from 'node:assert/strict';
import { cutCheckpoint } from '../../../server/src/codegen/checkpoint';
import type { SourceFile } from '../../../server/src/codegen/source';
import { emptyCheckpoint, type SplitStatement } from '../../../server/src/report/checkpointModel';

const text = [
  'static void foo_down(struct foo *f)',
  '{',
  '\tstop(f);',
  '}',
  'static int foo_suspend(struct device *dev)',
  '{',
  '\tfoo_down(f);',
  '\tf->mode = read(f);',
  '\treturn 0;',
  '}',
].join('\n');

const file: SourceFile = {
  path: '/foo.c',
  display: 'foo.c',
  text,
  variables: [],
  isHeader: false,
  functions: ['foo_down', 'foo_suspend'].map((name) => {
    const nameAt = text.indexOf(`${name}(struct`);
    return { name, nameAt, start: text.lastIndexOf('static', nameAt), bodyAt: text.indexOf('{', nameAt), isStatic: true };
  }),
};

const statement = (name: string, line: number, use: SplitStatement['use'], calls: string[] = []): SplitStatement => ({
  phase: 'suspend',
  function: name,
  location: { file: 'foo.c', line, column: 2 },
  text: text.split('\n')[line - 1].trim(),
  part: use === 'mixed' ? 'mixed' : use === 'checkpoint' ? 'save' : 'stop',
  use,
  reason: '',
  depth: 0,
  conditions: [],
  calls,
  writes: [],
});

const cut = (split: SplitStatement[]): { functions: readonly string[]; save: string | null } => {
  const found = cutCheckpoint({
    driver: {
      name: 'foo',
      powerManagement: { suspend: 'foo_suspend', resume: null, declaredBy: null, table: null },
      checkpoint: { ...emptyCheckpoint('derivable', ''), split },
    },
    files: [file],
    banner: '',
  });
  assert.ok('functions' in found);
  return found;
};

const down = statement('foo_down', 3, 'restore');
const call = statement('foo_suspend', 7, 'mixed', ['foo_down']);

describe('codegen: what of suspend saves', () => {
  it('never calls a function that only stops the device', () => {
    const { save, functions } = cut([call, down, statement('foo_suspend', 8, 'checkpoint')]);
    assert.equal(save, 'fgft_save_foo_suspend');
    const saving = functions.find((f) => f.includes('fgft_save_foo_suspend'))!;
    assert.match(saving, /do \{ \} while \(0\); \/\* mixed: foo_down\(f\); \*\//);
    assert.match(saving, /\tf->mode = read\(f\);/);
  });

  it('nor one that is not split', () => {
    const { functions } = cut([call, statement('foo_suspend', 8, 'checkpoint')]);
    assert.match(functions[0], /do \{ \} while \(0\); \/\* mixed: foo_down\(f\); \*\//);
  });

  it('is nothing where all is stopped', () => {
    const { save, functions } = cut([call, down]);
    assert.equal(save, null);
    assert.ok(functions.every((f) => !f.includes('fgft_save_')));
  });
});

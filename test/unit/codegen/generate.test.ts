import assert from 'node:assert/strict';
import { join } from 'node:path';
import { isolateModules } from '../../../server/src/engine';
import type { IsolateAnswer } from '../../../server/src/engine';
import { assertGolden } from '../../support/golden';
import { repositoryRoot } from '../../support/repository';

const sample = join(repositoryRoot, 'test/fixtures/isolate/sample/sample.c');
const options = { kernel: join(repositoryRoot, 'test/fixtures/minikernel'), workingDirectory: repositoryRoot };

describe('codegen: a whole module', () => {
  let answer: IsolateAnswer;
  const file = (path: string): string => answer.modules[0].files.find((f) => f.path === path)?.text ?? '';

  before(async () => {
    answer = await isolateModules(sample, null, options);
  });

  it('isolates both entry points and says nothing against them', () => {
    assert.deepEqual(answer.problems, []);
    assert.deepEqual(
      answer.modules[0].plan.entries.map((e) => e.name),
      ['sample_set_wol', 'sample_set_rx_mode'],
    );
    assert.deepEqual(answer.modules[0].plan.refused, []);
  });

  it('plans a private area inside its device, a followed pointer, a list, and registers', () => {
    const [wol, mode] = answer.modules[0].plan.entries;
    const area = wol.objects.find((o) => o.type === 'struct sample');
    assert.equal(area?.inside, wol.objects.find((o) => o.type === 'struct net_device')?.number);
    const bank = wol.objects.find((o) => o.type === 'struct sample_bank');
    assert.deepEqual(bank?.pointer, { kind: 'held', object: area?.number, members: [{ member: 'bank' }] });
    assert.deepEqual(area?.fields.find((f) => f.text === 'armed')?.limit, { least: 0, most: 1 });
    assert.equal(area?.fields.find((f) => f.text === 'lock')?.place, true);
    const filter = mode.objects.find((o) => o.type === 'struct sample_filter');
    assert.equal(filter?.list?.member, 'link');
    assert.deepEqual(
      wol.globals
        .filter((g) => !g.constant)
        .map((g) => `${g.text} ${g.written ? 'written' : 'read'}`)
        .sort(),
      ['debug read', 'sample_calls written'],
    );
    assert.equal(wol.io.length, 1);
  });

  it('writes the same text as before', () => {
    assertGolden('isolate/native-sample.c', file('native/sample.c'));
    assertGolden('isolate/suspect-sample.c', file('suspect/sample.c'));
    assertGolden('isolate/Kbuild', file('Kbuild'));
    assertGolden('isolate/fgft_entries.c', file('fgft_entries.c'));
  });

  it('takes along the runtime, with what its Makefile part names', () => {
    const paths = answer.modules[0].files.map((f) => f.path);
    const objects = [...file('fgft.mk').matchAll(/\b(fgft_\w+)\.o\b/g)].map((m) => m[1]);
    assert.ok(objects.length > 20);
    for (const name of objects) {
      if (name === 'fgft_native' || /^fgft_\$/.test(name)) continue;
      assert.ok(paths.includes(`${name}.c`) || paths.includes(`${name}.S`), `${name} is missing`);
    }
  });

  it('isolates nothing but what is named, and says which names are unknown', async () => {
    const one = await isolateModules(sample, ['sample_set_wol'], options);
    assert.deepEqual(
      one.modules[0].plan.entries.map((e) => e.name),
      ['sample_set_wol'],
    );
    assert.doesNotMatch(one.modules[0].files.find((f) => f.path === 'native/sample.c')?.text ?? '', /fgft_native_sample_set_rx_mode/);
    const none = await isolateModules(sample, ['nonsense'], options);
    assert.deepEqual(
      none.problems.map((p) => p.kind),
      ['unknown-entry-point'],
    );
    assert.deepEqual(none.modules[0].files, []);
  });
});

/** The pure parts of the language server. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { lineMapper } from '../../server/src/lsp/lineMapper';
import { fileResolver, findingRange, pathOfFileUri } from '../../server/src/lsp/positions';
import { configurationProperties, defaultSettings, readSettings, settingDefinitions } from '../../server/src/lsp/settings';
import { duration } from '../../server/src/lsp/summary';
import { ruleCatalogue } from '../../server/src/report/ruleCatalogue';
import { LineIndex } from '../../server/src/text/lines';

describe('settings', () => {
  it('reads nested, dotted and half-dotted sections', () => {
    for (const section of [
      { lens: { enable: false }, rules: { 'resync/poll': 'off' } },
      { 'lens.enable': false, 'rules.resync/poll': 'off' },
    ]) {
      const { settings, problems } = readSettings(section);
      assert.equal(settings.get('fgft.lens.enable'), false);
      assert.equal(settings.get('fgft.rules.resync/poll'), 'off');
      assert.deepEqual(problems, []);
    }
  });

  it('puts the default in place of a wrong value and says so', () => {
    const { settings, problems } = readSettings({ run: 3, hover: { maximumRows: 0 }, kernelRoot: null });
    assert.deepEqual(
      [settings.get('fgft.run'), settings.get('fgft.hover.maximumRows'), settings.get('fgft.kernelRoot')],
      ['onType', 20, ''],
    );
    assert.equal(problems.length, 2);
    assert.deepEqual(readSettings('nonsense').settings, defaultSettings);
  });

  it('has a severity for every rule and a valid default everywhere', () => {
    for (const rule of Object.keys(ruleCatalogue)) assert.ok(settingDefinitions.some((s) => s.key === `fgft.rules.${rule}`));
    const properties = Object.assign({}, ...configurationProperties().map((g) => g.properties));
    assert.equal(Object.keys(properties).length, settingDefinitions.length);
    for (const { key, values, default: value } of settingDefinitions)
      if (values)
        assert.ok(
          values.some((v) => v.value === value),
          key,
        );
  });
});

describe('positions', () => {
  it('find what the report names from the path that was analysed', () => {
    const resolve = fileResolver('/src/linux-6.1/drivers/net/a.c', ['drivers/net/b.c', 'drivers/net/a.c'], '/home');
    assert.equal(resolve('drivers/net/b.c'), '/src/linux-6.1/drivers/net/b.c');
    assert.equal(resolve('/usr/include/x.h'), '/usr/include/x.h');
    assert.equal(fileResolver('/elsewhere/a.c', ['../elsewhere/a.c'], '/home')('../elsewhere/a.c'), '/elsewhere/a.c');
  });

  it('take only file URIs for paths', () => {
    assert.equal(pathOfFileUri('file:///a%20b.c'), '/a b.c');
    assert.equal(pathOfFileUri('untitled:x'), undefined);
    assert.equal(pathOfFileUri('::'), undefined);
  });

  it('give a finding without an end the rest of its line', () => {
    const lines = new LineIndex('one\ntwo three\n');
    const location = { file: 'a.c', line: 2, column: 5, endLine: 0, endColumn: 0 };
    assert.deepEqual(findingRange(location, lines), { start: { line: 1, character: 4 }, end: { line: 1, character: 9 } });
  });
});

describe('line mapper', () => {
  it('carries lines over insertions, deletions and edits at several places', () => {
    const before = ['a', 'b', '{', 'c', '}', '{', 'd', '}', 'e'];
    const after = ['new', 'a', 'b', '{', 'c2', '}', 'x', '{', 'd', '}', 'e'];
    const map = lineMapper(before.join('\n'), after.join('\n'));
    assert.deepEqual([0, 1, 3, 6, 8].map(map), [1, 2, 4, 8, 10]);
  });

  it('is exact for one inserted or removed block and always stays inside', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', '{', '}', ''), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const map = lineMapper(before.join('\n'), after.join('\n'));
        before.forEach((_, line) => assert.ok(map(line) >= 0 && map(line) < after.length));
      }),
    );
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer(), { maxLength: 20 }), lines, fc.nat(20), (unique, block, at) => {
        const before = unique.map(String);
        const place = Math.min(at, before.length);
        const after = [...before.slice(0, place), ...block, ...before.slice(place)];
        const map = lineMapper(before.join('\n'), after.join('\n'));
        before.forEach((text, line) => assert.equal(after[map(line)], text));
      }),
    );
  });
});

describe('phrases', () => {
  it('give durations two digits', () => {
    assert.deepEqual([0, 949.6, 1400, 23456, 2.1e6].map(duration), ['≈0 ns', '≈950 ns', '≈1.4 µs', '≈23 µs', '≈2.1 ms']);
  });
});

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { areUnchanged } from '../../../server/src/engine/batch/fresh';
import type { ResultHeader } from '../../../server/src/engine/batch/model';
import { SnapshotFileSystem } from '../../../server/src/engine/batch/snapshotFileSystem';
import { evictResults, keepResult, keptResult, resultPath, touchResult } from '../../../server/src/engine/batch/store';
import { MemoryFileSystem } from '../../../server/src/text/fileSystem';

const header: ResultHeader = {
  figures: { entryPoints: 2, withResynchronization: 1, isolatable: 1, worst: 'hint' },
  problems: [],
  dependencies: [{ path: '/a.c', hash: 'x', stamp: '1:2' }],
  milliseconds: 3,
};

describe('engine-batch: store', () => {
  let folder = '';
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'fgft-store-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('gives back what was kept', () => {
    const report = JSON.stringify({ name: 'ä driver', text: 'x'.repeat(10_000) });
    keepResult(folder, 'abcdef', header, report);
    const kept = keptResult(folder, 'abcdef');
    assert.equal(kept?.report(), report);
    assert.deepEqual(kept?.header.figures, header.figures);
    assert.ok(readFileSync(resultPath(folder, 'abcdef')).length < 1000);
    assert.equal(keptResult(folder, 'abcde0'), undefined);
  });

  it('takes a damaged entry for none', () => {
    const path = resultPath(folder, 'abcdef');
    const damage: (() => void)[] = [
      () => truncateSync(path, readFileSync(path).length - 3),
      () => truncateSync(path, 10),
      () => writeFileSync(path, ''),
      () => writeFileSync(path, 'no header\nno content'),
      () => writeFileSync(path, Buffer.concat([readFileSync(path).subarray(0, -2), Buffer.from('AA')])),
    ];
    for (const harm of damage) {
      keepResult(folder, 'abcdef', header, '{"name":"driver"}');
      harm();
      assert.equal(keptResult(folder, 'abcdef'), undefined);
    }
  });

  it('gives up what was not used for longest', () => {
    for (const [i, key] of ['aa1', 'aa2', 'bb3'].entries()) {
      keepResult(folder, key, header, '{}');
      touchResult(folder, key, new Date(1_000_000 + i * 1000));
    }
    touchResult(folder, 'aa1', new Date(9_000_000));
    const one = readFileSync(resultPath(folder, 'aa1')).length;
    assert.equal(evictResults(folder, one * 10), 0);
    assert.equal(evictResults(folder, one * 2), 1);
    assert.deepEqual(
      ['aa1', 'aa2', 'bb3'].map((key) => keptResult(folder, key) !== undefined),
      [true, false, true],
    );
  });
});

describe('engine-batch: what a module depends on', () => {
  const files = (): Map<string, string> =>
    new Map([
      ['/d/a.c', 'int a;'],
      ['/d/a.h', 'int h;'],
      ['/k/include/x.h', 'int x;'],
    ]);

  it('is what was read and what was missed, but not the kernel', () => {
    const fs = new SnapshotFileSystem(new MemoryFileSystem(files()));
    fs.watch(['/k/include']);
    fs.read('/d/a.c');
    fs.stat('/d/missing.h');
    fs.stat('/d/a.h');
    fs.read('/k/include/x.h');
    fs.stat('/k/include/none.h');
    const dependencies = fs.dependencies();
    assert.deepEqual(
      dependencies.map(({ path, hash }) => [path, hash !== null]),
      [
        ['/d/a.c', true],
        ['/d/missing.h', false],
      ],
    );
    assert.deepEqual(fs.dependencies(), []);
  });

  it('changes with a text, a file that goes and one that comes', () => {
    const disk = files();
    const fs = new SnapshotFileSystem(new MemoryFileSystem(disk));
    fs.watch([]);
    fs.read('/d/a.c');
    fs.read('/d/a.h');
    fs.stat('/d/b.h');
    const dependencies = fs.dependencies();
    const unchanged = (change: (changed: Map<string, string>) => void): boolean => {
      const changed = new Map(disk);
      change(changed);
      return areUnchanged(dependencies, new SnapshotFileSystem(new MemoryFileSystem(changed)));
    };
    assert.ok(unchanged(() => undefined));
    assert.ok(!unchanged((d) => d.set('/d/a.h', 'int hh;')));
    assert.ok(!unchanged((d) => d.delete('/d/a.c')));
    assert.ok(!unchanged((d) => d.set('/d/b.h', '')));
    const moved = dependencies.map((d) => ({ ...d, stamp: d.stamp && '6:99' }));
    assert.ok(areUnchanged(moved, new MemoryFileSystem(disk)), 'a new time alone is no change');
  });
});

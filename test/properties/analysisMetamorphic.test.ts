/** A driver that is only written differently has the same field sets: record, field, access and direction of every entry point. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createEngine, type Engine } from '../../server/src/engine';
import { allFixtures, fixturesRoot, miniKernel } from '../fixtures/support/fixtures';
import { repositoryRoot } from '../support/repository';
import { fieldSets } from './analysisSupport';
import { PAIRS } from './analysisPairs';
import { chunksOf, padded, renamed, reordered, splitInTwo, wrapped } from './analysisTransform';

/** Functions here are not cut out of the file as they stand: a macro makes them, or conditionals cut them. */
const NOT_CUT = ['macros/local-redefinition', 'conditionals/split-statements'];

const CHANGES: [name: string, change: (text: string) => string][] = [
  ['other names of locals and parameters', renamed],
  ['functions in the opposite order', reordered],
  ['bodies in do { } while (0)', wrapped],
  ['dead code', padded],
];

describe('a driver written differently has the same field sets', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'fgft-written-'));
  let engine: Engine;
  before(() => {
    engine = createEngine({ kernel: miniKernel, workingDirectory: folder });
  });
  after(() => {
    engine.dispose();
    rmSync(folder, { recursive: true });
  });

  async function sets(path: string): Promise<string> {
    const { report, problems } = await engine.analyze(path);
    if (problems.length > 0) assert.fail(problems.map((p) => p.message).join('\n'));
    return report.drivers.flatMap(fieldSets).join('\n');
  }

  const singles = allFixtures().filter((f) => f.files.length === 1 && !NOT_CUT.includes(f.name));

  for (const [name, change] of CHANGES) {
    it(`${name}: every fixture`, async () => {
      let changed = 0;
      for (const fixture of singles) {
        const text = fixture.files[0].lines.join('\n');
        const path = join(folder, `${basename(fixture.name)}-written.c`);
        const other = change(text);
        if (other !== text) changed++;
        writeFileSync(path, other);
        assert.equal(await sets(path), await sets(join(fixturesRoot, fixture.files[0].path)), `${fixture.name}:\n${other}`);
      }
      assert.ok(changed >= singles.length / 2, `only ${changed} of ${singles.length} were changed`);
    });

    it(`${name}: the example driver`, async () => {
      const source = join(repositoryRoot, 'examples/fgft_demo_nic');
      const copy = mkdtempSync(join(folder, 'example-'));
      for (const file of readdirSync(source)) {
        const text = readFileSync(join(source, file), 'utf8');
        if (file.endsWith('.c'))
          assert.ok(chunksOf(text).filter((c) => c.kind === 'function').length > 5, `${file} was not cut into functions`);
        writeFileSync(join(copy, file), file.endsWith('.c') ? change(text) : text);
      }
      assert.equal(await sets(copy), await sets(source));
    });
  }

  it('helpers in a second file of the module', async () => {
    let split = 0;
    for (const fixture of singles) {
      const parts = splitInTwo(fixture.files[0].lines.join('\n'));
      if (!parts) continue;
      split++;
      const copy = mkdtempSync(join(folder, 'split-'));
      writeFileSync(join(copy, 'Makefile'), 'obj-m := both.o\nboth-objs := first.o second.o\n');
      writeFileSync(join(copy, 'shared.h'), parts.header);
      writeFileSync(join(copy, 'first.c'), `#include "shared.h"\n${parts.first}`);
      writeFileSync(join(copy, 'second.c'), `#include "shared.h"\n${parts.second}`);
      assert.equal(
        await sets(copy),
        await sets(join(fixturesRoot, fixture.files[0].path)),
        `${fixture.name}:\n${parts.first}\n--- second\n${parts.second}`,
      );
    }
    assert.ok(split >= 5, `only ${split} were split`);
  });

  for (const { name, apart, inlined } of PAIRS) {
    it(`a helper written out where it is called: ${name}`, async () => {
      const written = join(folder, 'inlined.c');
      const called = join(folder, 'apart.c');
      writeFileSync(written, inlined);
      writeFileSync(called, apart);
      const expected = await sets(written);
      assert.notEqual(expected, '');
      assert.equal(await sets(called), expected);
    });
  }
});

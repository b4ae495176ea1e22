/** Headers, and sources included as text, that say different things for different includers. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine, type Engine } from '../../../server/src/engine';
import { miniKernel } from '../../fixtures/support/fixtures';

const BODY = `
struct chip {
#ifdef CHIP_B
	int fast;
#else
	int slow;
#endif
	CHIP_MEMBERS
};
static int chip_probe(struct chip *c)
{
#ifdef CHIP_B
	c->fast = 1;
#else
	c->slow = 1;
#endif
	return c->shared;
}
int (*chip_table[])(struct chip *) = { chip_probe };
module_init(chip_start);
static int chip_start(void) { static struct chip c; return chip_probe(&c); }
`;

const MEMBERS = '#define CHIP_MEMBERS int shared;\n';

describe('engine: macros of who includes a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fgft-includer-'));
  const path = join(folder, 'b.c');
  let engine: Engine;

  async function fields(text: string, on = engine): Promise<string[]> {
    on.openDocument(path, text, 0);
    const { report } = await on.analyze(path);
    const [driver] = report.drivers;
    assert.deepEqual(
      driver.findings.filter((f) => f.rule === 'analysis/partial').map((f) => f.message),
      [],
    );
    return driver.entryPoints
      .find((e) => e.name === 'chip_start')!
      .fields.map((f) => f.field)
      .sort();
  }

  before(() => {
    writeFileSync(join(folder, 'a.c'), BODY);
    writeFileSync(join(folder, 'first.h'), MEMBERS);
    engine = createEngine({ kernel: miniKernel });
  });
  after(() => {
    engine.dispose();
    rmSync(folder, { recursive: true });
  });

  it('decide its conditionals and are expanded in it', async () => {
    assert.deepEqual(await fields(`#include "first.h"\n#define CHIP_B\n#include "a.c"\n`), ['fast', 'shared']);
  });

  it('count again when the includer changes, as from scratch', async () => {
    const edited = `#include "first.h"\n#include "a.c"\n`;
    const incremental = await fields(edited);
    assert.deepEqual(incremental, ['shared', 'slow']);
    const fresh = createEngine({ kernel: miniKernel });
    assert.deepEqual(await fields(edited, fresh), incremental);
    fresh.dispose();
    assert.deepEqual(await fields(`#include "first.h"\n#define CHIP_B\n#include "a.c"\n`), ['fast', 'shared']);
  });
});

/** What an edit costs: one function's body is lowered anew, a declaration's change makes everything anew. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../../../server/src/engine';
import { repositoryRoot } from '../../support/repository';
import { createEngine } from '../../../server/src/engine';
import { miniKernel } from '../../fixtures/support/fixtures';

const path = join(repositoryRoot, 'examples/fgft_demo_nic/demo_nic_main.c');

/** Functions that the last analysis lowered. No user needs to know, so the engine's face does not say. */
function loweredNow(engine: Engine): number {
  const { drivers } = engine as unknown as { drivers: ReadonlyMap<string, { loweredNow: number }> };
  return [...drivers.values()].reduce((sum, d) => sum + d.loweredNow, 0);
}

interface Cost {
  loweredNow: number;
  isSame: boolean;
  analysis: { renewed: ReadonlySet<number> | null; nodes: readonly { name: string }[] };
}

/** Functions that the last analysis summarised anew, by name, and whether the rules were asked. */
function redone(engine: Engine): { functions: string[] | null; isSame: boolean } {
  const { drivers } = engine as unknown as { drivers: ReadonlyMap<string, Cost> };
  const [{ analysis, isSame }] = drivers.values();
  return { functions: analysis.renewed && [...analysis.renewed].map((id) => analysis.nodes[id].name).sort(), isSame };
}

describe('engine: edits of an open document', () => {
  const text = readFileSync(path, 'utf8');
  let engine: Engine;
  let version = 0;

  async function edited(change: (text: string) => string): Promise<number> {
    engine.changeDocument(path, change(text), ++version);
    const { problems } = await engine.analyze(path);
    assert.deepEqual(problems, []);
    return loweredNow(engine);
  }

  before(async () => {
    engine = createEngine({ kernel: miniKernel });
    engine.openDocument(path, text, 0);
    await engine.analyze(path);
    assert.ok(loweredNow(engine) > 30);
  });
  after(() => engine.dispose());

  it('nothing is lowered when nothing changed', async () => {
    assert.equal(await edited((t) => t), 0);
  });

  it('a body edit lowers that function alone', async () => {
    assert.equal(await edited((t) => t.replace('nic->counters.phy_accesses++;', 'nic->counters.phy_accesses += 2;')), 1);
    await edited((t) => t);
    assert.equal(await edited((t) => t.replace('ring->dirty = 0;', 'ring->dirty = 1;')), 1);
  });

  it('a comment and a blank line lower no more than the function that they touch', async () => {
    await edited((t) => t);
    assert.ok((await edited((t) => t.replace('static int demo_reset', '/* Waits. */\n\nstatic int demo_reset'))) <= 1);
  });

  it('a new parameter makes all functions anew', async () => {
    await edited((t) => t);
    assert.ok(
      (await edited((t) =>
        t.replace('static int demo_reset(struct demo_nic *nic)', 'static int demo_reset(struct demo_nic *nic, int how)'),
      )) > 30,
    );
  });

  it('the last state is the report of the text as it was first', async () => {
    await edited((t) => t);
    const { report } = await engine.analyze(path);
    const fresh = createEngine({ kernel: miniKernel });
    const whole = await fresh.analyze(path);
    fresh.dispose();
    assert.deepEqual(report.drivers, whole.report.drivers);
  });

  describe('the functions that are analysed again', () => {
    const chain = `#include <linux/netdevice.h>
struct card { int state; int limit; spinlock_t lock; };
static int lowest(struct card *card)
{
	card->state = 0;
	return 0;
}
static int middle(struct card *card)
{
	return lowest(card);
}
static int beside(struct card *card)
{
	return card->limit;
}
static int card_open(struct net_device *dev)
{
	struct card *card = netdev_priv(dev);

	return middle(card) + beside(card);
}
static const struct net_device_ops card_ops = { .ndo_open = card_open };
`;
    const card = join(mkdtempSync(join(tmpdir(), 'fgft-count-')), 'card.c');
    let own: Engine;
    let turn = 0;
    const edit = async (text: string): Promise<ReturnType<typeof redone>> => {
      own.openDocument(card, text, ++turn);
      await own.analyze(card, { detail: 'brief' });
      return redone(own);
    };
    before(() => {
      own = createEngine({ kernel: miniKernel });
    });
    beforeEach(() => edit(chain));
    after(() => own.dispose());

    it('are none, or the one around it, for a comment', async () => {
      assert.deepEqual(await edit(chain.replace('spinlock_t lock; };', 'spinlock_t lock; }; /* card */')), { functions: [], isSame: true });
      await edit(chain);
      assert.deepEqual(await edit(chain.replace('priv(dev);', 'priv(dev); /* ours */')), { functions: ['card_open'], isSame: true });
    });

    it('are the edited one alone, and no rule is asked, when another number is written', async () => {
      assert.deepEqual(await edit(chain.replace('return 0;', 'return 01;')), { functions: ['lowest'], isSame: true });
      assert.deepEqual(await edit(chain.replace('return 0;', 'return 012;')), { functions: ['lowest'], isSame: true });
    });

    it('are the edited one alone when its callers see the same', async () => {
      const again = chain.replace('card->state = 0;', 'card->state = 0;\n\tif (card)\n\t\tcard->state = 1;');
      assert.deepEqual(await edit(again), { functions: ['lowest'], isSame: false });
    });

    it('are its callers too when it touches something else', async () => {
      const other = chain.replace('card->state = 0;', 'card->state = card->limit;');
      assert.deepEqual(await edit(other), { functions: ['card_open', 'lowest', 'middle'], isSame: false });
    });

    it('a lock taken in a way that the result tells makes the rules look again', async () => {
      const trying = chain
        .replace('return 0;', 'if (!spin_trylock(&card->lock))\n\t\treturn 0;\n\treturn 1;')
        .replace('return lowest(card);', 'if (lowest(card))\n\t\tspin_unlock(&card->lock);\n\treturn 0;');
      await edit(trying);
      assert.equal((await edit(trying.replace('return 1;', 'return 0;'))).isSame, false);
    });
  });

  it('another type of the same access in a callee is seen by its callers', async () => {
    const text = `#include <linux/netdevice.h>
struct card { u8 regs[8]; };
static void set(struct card *card)
{
	*(u16 *)&card->regs[2] = 1;
}
static int card_open(struct net_device *dev)
{
	set(netdev_priv(dev));
	return 0;
}
static const struct net_device_ops card_ops = { .ndo_open = card_open };
`;
    const card = join(mkdtempSync(join(tmpdir(), 'fgft-cast-')), 'card.c');
    const own = createEngine({ kernel: miniKernel });
    const bytes = async (content: string, turn: number): Promise<number | null> => {
      own.openDocument(card, content, turn);
      const { report } = await own.analyze(card);
      return report.drivers[0].entryPoints[0].fields[0].bytes;
    };
    assert.equal(await bytes(text, 1), 2);
    assert.equal(await bytes(text.replace('u16', 'u32'), 2), 4);
    own.dispose();
  });

  it('the first edit after a file was read from disk lowers one function, and headers included through headers stay', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fgft-first-edit-'));
    const files = {
      'outer.h': '#include "inner.h"\nstruct outer { struct inner inner; };\n',
      'inner.h': 'struct inner { int depth; };\n',
      'one.c': '#include "outer.h"\nint one(struct outer *o)\n{\n\treturn o->inner.depth;\n}\n',
      'two.c': '#include "outer.h"\nint two(struct outer *o)\n{\n\treturn o->inner.depth;\n}\n',
      Makefile: 'obj-m := both.o\nboth-y := one.o two.o\n',
    };
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    const one = join(folder, 'one.c');
    const own = createEngine({ kernel: miniKernel });
    const first = await own.analyze(one);
    own.openDocument(one, files['one.c'].replace('return ', 'return 1 + '), 1);
    const second = await own.analyze(one);
    assert.equal(loweredNow(own), 1);
    assert.deepEqual(second.report.drivers[0].headers, first.report.drivers[0].headers);
    assert.equal(second.report.drivers[0].headers.length, 2);
    assert.equal(second.report.drivers[0].coverage.partial, 0);
    own.dispose();
  });
});

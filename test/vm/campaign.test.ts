/** Planting faults: what is planted compiles, comes to life only when chosen, and is the same for the same seed. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { skip } from '../support/skip';
import { withFaults } from './campaign/apply';
import { candidatesOf, type Ground } from './campaign/candidates';
import { chooseFaults } from './campaign/choose';
import { FAULT_KINDS } from './campaign/kinds';
import { lastWordsOf, leaksOf, outcomesOf, reloadsOf } from './campaign/outcome';
import { newGround } from './campaign/run';
import { command } from './lab/command';
import { installedRelease } from './lab/kernelImage';
import { vmFolder } from './lab/folders';

const DRIVER = `// SPDX-License-Identifier: GPL-2.0
#include <linux/io.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#define WRITE(port, value) iowrite8(value, card->base + (port))

struct card { void __iomem *base; spinlock_t lock; int table[8]; int used; unsigned int flags; struct list_head all; struct card *next; };

int card_set(struct card *card, int count);
int card_set(struct card *card, int count)
{
	struct card *other;
	int i, sum = 0;

	spin_lock(&card->lock);
	for (i = 0; i < count; i++)
		sum += card->table[i];
	card->flags = (card->flags & 0xf0) | 3;
	if (card->next)
		card->used = sum;
	else if (count > 3)
		card->used = 1;
	list_for_each_entry(other, &card->all, all)
		other->used = 2;
	switch (count) {
	case 1 | 4:
		writel(1, card->base + 4);
		break;
	}
	while (ioread8(card->base) & 1)
		cpu_relax();
	WRITE(3, sum);
	spin_unlock(&card->lock);
	return sizeof(card->table[0]) + sum;
}
MODULE_LICENSE("GPL");
`;

describe('the campaign plants faults', function () {
  this.timeout(120_000);
  let ground: Ground;

  before(async () => {
    ground = await newGround();
  });

  const chosen = (seed: number, perKind = 2): ReturnType<typeof chooseFaults> =>
    chooseFaults(candidatesOf(DRIVER, ground), [{ name: 'card_set', functions: ['card_set'] }], seed, perKind);

  it('of every kind that the text has a place for', () => {
    assert.deepEqual(
      FAULT_KINDS.filter((kind) => !chosen(1).some((f) => f.kind === kind)),
      [],
    );
  });

  it('the same for the same seed, others for another', () => {
    assert.deepEqual(chosen(7), chosen(7));
    assert.notDeepEqual(chosen(7), chosen(8));
  });

  it('without moving a line', () => {
    const text = withFaults(DRIVER, chosen(1));
    assert.equal(text.split('\n').length, DRIVER.split('\n').length);
    assert.ok(text.includes('case 1 | 4:'), 'constants stay');
    assert.ok(text.includes('sizeof(card->table[0])'), 'what is not evaluated stays');
  });

  it('in code that builds as a kernel module, whatever the seed', function () {
    const release = installedRelease('6.1');
    if (!release) skip(this, 'the headers of a 6.1 kernel are not installed');
    const folder = mkdtempSync(join(tmpdir(), 'fgft-plant-'));
    try {
      const seeds = [1, 2, 3, 4, 5];
      for (const seed of seeds)
        writeFileSync(join(folder, `card${seed}.c`), withFaults(DRIVER, chosen(seed)).replaceAll('card_set', `card_set${seed}`));
      copyFileSync(join(vmFolder, 'campaign/fault.h'), join(folder, 'fault.h'));
      copyFileSync(join(vmFolder, 'campaign/fault.c'), join(folder, 'fault.c'));
      const objects = seeds.map((s) => `card${s}.o`).join(' ');
      writeFileSync(join(folder, 'Kbuild'), `obj-m := planted.o\nplanted-y := ${objects} fault.o\nccflags-y := -include $(src)/fault.h\n`);
      command('make', ['-s', '-C', `/usr/src/linux-headers-${release}`, `M=${folder}`, 'modules']);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('the campaign reads what came of a fault', () => {
  const fault = { number: 4, entryPoint: 'e', kind: 'null-pointer', function: 'e', line: 1, text: 'p', file: 'a.c' } as const;
  const faults = new Map([[4, fault]]);
  const run = (hit: string, state: string, health = 0): string[] => [
    '@@ fault-begin 4 up',
    '@@ step up 1 20',
    `@@ fault-hit 4 ${hit}`,
    '@@ fault-retry 4',
    '@@ step up 0 20',
    '@@ fault-health 4',
    `@@ step ping ${health} 20`,
    `@@ fault-state 4 ${state}`,
    '@@ fault-end 4 0 1000',
  ];
  const cases: [string, string[], string][] = [
    ['noticed and taken back', run('hits 1 faults 1 fallbacks 0', 'same'), 'recovered'],
    ['noticed, but the state is another', run('hits 1 faults 1 fallbacks 0', 'changed'), 'not-recovered'],
    ['noticed, but the device is gone', run('hits 1 faults 1 fallbacks 0', 'same', 1), 'not-recovered'],
    ['not noticed, and no harm done', run('hits 1 faults 0 fallbacks 0', 'same'), 'harmless'],
    ['not noticed, and harm done', run('hits 1 faults 0 fallbacks 0', 'same', 1), 'undetected'],
    ['not reached', run('hits 0 faults 0 fallbacks 0', 'same'), 'not-activated'],
    ['a machine that hangs', run('hits 1 faults 0 fallbacks 0', 'same').slice(0, 2), 'hung'],
    ['the end of the machine', run('hits 1 faults 0 fallbacks 0', 'same').slice(0, 2), 'kernel-died'],
  ];
  for (const [name, lines, verdict] of cases) {
    it(name, () => {
      assert.deepEqual(
        outcomesOf(lines, faults, true, { ended: name.includes('hang') ? 'time-out' : 'died', console: 'last words' }).map(
          (o) => o.verdict,
        ),
        [verdict],
      );
    });
  }

  it('with what was noticed, how long the recovery took, and the last words of a machine that died', () => {
    const lines = run('hits 1 faults 1 fallbacks 0', 'same');
    lines.splice(3, 0, '@@ fault-said 4 fgft: /home/x/y/a.c:1: e: NULL', '@@ fault-recovery 4 1200');
    const [well] = outcomesOf(lines, faults, true, { ended: 'end', console: '' });
    assert.equal(well.said, 'fgft: a.c:1: e: NULL');
    assert.equal(well.recovery, 1200);
    const [dead] = outcomesOf(lines.slice(0, 2), faults, true, { ended: 'died', console: 'Kernel panic' });
    assert.equal(dead.lastWords, 'Kernel panic');
  });

  it('keeping the last complaint of a kernel without its registers', () => {
    const said =
      '[    1.0] BUG: kernel NULL pointer dereference\r\n[    1.0] RIP: 0010:f+0x1\r\n[    1.0] RAX: 0000\n[    1.1] Call Trace:\n[    1.1]  g+0x2';
    assert.equal(lastWordsOf('noise\n' + said), 'BUG: kernel NULL pointer dereference\nRIP: 0010:f+0x1\nCall Trace:\n g+0x2');
    assert.equal(lastWordsOf('a\nb'), 'a\nb');
  });

  it('with what leaks, and which check the machine did not survive', () => {
    const lines = [
      '@@ leak-begin 4',
      '@@ leak slab kmalloc-64 0 8 8 8',
      '@@ leak-end 4 8',
      '@@ leak-begin 4',
      '@@ leak-end 4 6',
      '@@ leak-begin 4',
    ];
    assert.deepEqual(
      leaksOf(lines, faults).map((l) => [l.repetitions, l.grown]),
      [
        [8, ['slab kmalloc-64 0 8 8 8']],
        [6, []],
        [0, null],
      ],
    );
  });

  it('with the time of a reload', () => {
    assert.deepEqual(reloadsOf(['@@ reload 0 10 20 0', 'x']), [{ status: 0, unload: 10, load: 20, alarms: 0 }]);
  });
});

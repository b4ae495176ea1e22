/** Typing in an open driver: whatever the edits, no tree and no memory is left behind. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createEngine } from '../../server/src/engine';
import { skip } from '../support/skip';
import { headersFolder } from './layoutsSupport';
import { kernelSource } from './oracleSupport';
import { oneCharacterEdit, randomNumbers } from '../properties/analysisSupport';

const EDITS = 500;
/** After so many edits the author takes them all back, and the memory is looked at: the same text each time. */
const ROUND = 50;
/** Until then caches fill and the compiler of JavaScript warms up. */
const WARM_UP = 150;
/** Bytes. */
const MOST_GROWTH = 50_000_000;

describe('live trees: 500 edits of an open driver', function () {
  this.timeout(240_000);

  it('one tree stays, and the resident memory grows by less than 50 MB', async function () {
    const path = join(kernelSource(), 'drivers/net/ethernet/realtek/8139too.c');
    const kernel = headersFolder();
    if (!existsSync(path)) skip(this, 'the kernel source (~/.cache/fgft/kernel/linux-source-6.1) is not unpacked');
    if (!kernel) skip(this, 'the linux-headers-6.1.0-*-amd64 package is not installed');
    const engine = createEngine({ kernel });
    const random = randomNumbers(8139);
    const original = readFileSync(path, 'utf8');
    let text = original;
    engine.openDocument(path, text, 0);
    // Brief, as the editor asks after each keystroke.
    await engine.analyze(path, { detail: 'brief' });
    const trees = engine.memory().liveTrees;
    assert.equal(trees, 1);
    const resident: number[] = [];
    for (let edit = 1; edit <= EDITS; edit++) {
      // Edits pile up to a text that is no longer C.
      text = edit % ROUND === 0 ? original : oneCharacterEdit(text, random);
      engine.changeDocument(path, text, edit);
      const { problems } = await engine.analyze(path, { detail: 'brief' });
      assert.deepEqual(problems, []);
      assert.equal(engine.memory().liveTrees, trees, `after ${edit} edits`);
      if (edit >= WARM_UP && edit % ROUND === 0) resident.push(settledMemory(() => engine.memory()));
    }
    // What is resident at one moment swings by 30 MB with the pages that the collector has given back so far; the least of
    // several moments does not, and a leak lifts that too.
    const half = Math.floor(resident.length / 2);
    const growth = Math.min(...resident.slice(half)) - Math.min(...resident.slice(0, half));
    console.log(`      ${EDITS - WARM_UP} edits after warm-up: ${(growth / 1e6).toFixed(1)} MB`);
    assert.ok(growth < MOST_GROWTH, `${growth} bytes`);
    engine.closeDocument(path);
    assert.equal(engine.memory().liveTrees, 0);
    engine.dispose();
  });
});

/** The resident memory once garbage is collected: how much of it there is at a moment is the collector's business. */
function settledMemory(memory: () => { residentBytes: number }): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return memory().residentBytes;
}

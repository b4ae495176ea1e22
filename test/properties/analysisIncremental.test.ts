/** Whatever is typed into an open document, the report is the one that a fresh engine gives for the final text. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine, type Engine } from '../../server/src/engine';
import { allFixtures, fixtureEngine, fixturesRoot, miniKernel } from '../fixtures/support/fixtures';
import { repositoryRoot } from '../support/repository';
import { comparable, oneCharacterEdit, randomNumbers } from './analysisSupport';

const EDITS_PER_FIXTURE = 16;
const SMALL_EDITS_PER_FIXTURE = 8;

/** Types a whole line before or after a line, or takes one away: what makes and unmakes functions and declarations. */
const LINES = [
  '\treturn 1;',
  '}',
  '{',
  '#if 0',
  '#endif',
  'static int extra(void)',
  '#define card other',
  'struct card { int z; };',
  '/*',
  '*/',
  '',
];

function lineEdit(text: string, random: (below: number) => number): string {
  const lines = text.split('\n');
  const at = random(lines.length);
  if (random(3) === 0) lines.splice(at, 1);
  else lines.splice(at, 0, random(4) === 0 ? lines[random(lines.length)] : LINES[random(LINES.length)]);
  return lines.join('\n');
}

/**
 * An engine that forgets all that it learned before each analysis. Changed options do that, and the costly part of a new
 * engine, its knowledge, stays.
 */
class ForgetfulEngine {
  private turn = 0;
  private readonly engine: Engine;

  constructor(private readonly workingDirectory: string) {
    this.engine = createEngine({ kernel: miniKernel, workingDirectory });
  }

  async report(path: string, documents: ReadonlyMap<string, string>, detail?: 'brief'): Promise<string> {
    this.engine.configure({ kernel: miniKernel, workingDirectory: this.workingDirectory, kernelSetting: `${this.turn++}` });
    for (const [p, text] of documents) this.engine.openDocument(p, text, this.turn);
    const { report } = await this.engine.analyze(path, { detail });
    for (const p of documents.keys()) this.engine.closeDocument(p);
    return JSON.stringify(comparable(report), null, 1);
  }

  /** Whether the last analysed texts parse. */
  get parsed(): boolean {
    const { drivers } = this.engine as unknown as {
      drivers: ReadonlyMap<string, { files: { files: { items: { hasError: boolean }[] }[] } }>;
    };
    return [...drivers.values()].every((d) => d.files.files.every((f) => f.items.every((i) => !i.hasError)));
  }

  dispose(): void {
    this.engine.dispose();
  }
}

/** A report's text, or the first line in which two of them differ. */
function firstDifference(actual: string, expected: string): string | null {
  if (actual === expected) return null;
  const a = actual.split('\n');
  const b = expected.split('\n');
  const at = a.findIndex((line, i) => line !== b[i]);
  return `line ${at + 1} of the report: ${a.slice(Math.max(0, at - 2), at + 3).join('\n')}\ninstead of\n${b.slice(Math.max(0, at - 2), at + 3).join('\n')}`;
}

/** What a person types without changing what a function does: digits, spaces, words in comments. */
function smallEdit(text: string, random: (below: number) => number): string {
  const places = [...text.matchAll(SMALL_PLACES[random(SMALL_PLACES.length)])];
  if (places.length === 0) return oneCharacterEdit(text, random);
  const { index } = places[random(places.length)];
  const typed = text[index] === ' ' ? ' ' : /\d/.test(text[index]) ? `${random(10)}` : 'a';
  return text.slice(0, index) + typed + text.slice(index + random(2));
}

const SMALL_PLACES = [/\d/g, /(?<=[\w;,]) /g, /(?<=\/\* )\w/g];

/** Whether the last report was the one before, moved. */
function isSame(engine: Engine): boolean {
  const { drivers } = engine as unknown as { drivers: ReadonlyMap<string, { isSame: boolean }> };
  return [...drivers.values()].slice(-1).every((d) => d.isSame);
}

describe('incremental analysis gives what a fresh one gives', function () {
  this.timeout(120_000);

  it('after random edits of every fixture', async () => {
    const open = fixtureEngine();
    const fresh = new ForgetfulEngine(fixturesRoot);
    let compared = 0;
    for (const [i, fixture] of allFixtures().entries()) {
      const file = fixture.files.find((f) => f.path.endsWith('.c'))!;
      const path = join(fixturesRoot, file.path);
      const random = randomNumbers(i + 1);
      let text = file.lines.join('\n');
      let good = text;
      open.openDocument(path, text, 0);
      await open.analyze(path);
      for (let edit = 1; edit <= EDITS_PER_FIXTURE; edit++) {
        // What does not parse is taken back, so that the way from a broken text to a sound one is walked as well.
        text = text !== good ? good : random(3) === 0 ? lineEdit(text, random) : oneCharacterEdit(text, random);
        open.changeDocument(path, text, edit);
        const incremental = await open.analyze(path);
        const whole = await fresh.report(path, new Map([[path, text]]));
        if (fresh.parsed) good = text;
        compared++;
        const different = firstDifference(JSON.stringify(comparable(incremental.report), null, 1), whole);
        if (different !== null) {
          const kept = join(mkdtempSync(join(tmpdir(), 'fgft-incremental-')), 'final.c');
          writeFileSync(kept, text);
          assert.fail(`${fixture.name}, edit ${edit} (final text in ${kept}): ${different}`);
        }
      }
      open.closeDocument(path);
    }
    open.dispose();
    fresh.dispose();
    assert.ok(compared > 300, `only ${compared} texts parsed`);
  });

  it('in brief, after small edits of every fixture, most of which need no rule', async () => {
    const open = fixtureEngine();
    const fresh = new ForgetfulEngine(fixturesRoot);
    let compared = 0;
    let same = 0;
    for (const [i, fixture] of allFixtures().entries()) {
      const file = fixture.files.find((f) => f.path.endsWith('.c'))!;
      const path = join(fixturesRoot, file.path);
      const random = randomNumbers(1000 + i);
      let text = file.lines.join('\n');
      open.openDocument(path, text, 0);
      await open.analyze(path, { detail: 'brief' });
      for (let edit = 1; edit <= SMALL_EDITS_PER_FIXTURE; edit++) {
        const before = text;
        text = random(8) === 0 ? oneCharacterEdit(text, random) : smallEdit(text, random);
        open.changeDocument(path, text, edit);
        const incremental = await open.analyze(path, { detail: 'brief' });
        const whole = await fresh.report(path, new Map([[path, text]]), 'brief');
        compared++;
        if (isSame(open)) same++;
        const different = firstDifference(JSON.stringify(comparable(incremental.report), null, 1), whole);
        assert.equal(different, null, `${fixture.name}, edit ${edit}`);
        if (!fresh.parsed) text = before;
      }
      open.closeDocument(path);
    }
    open.dispose();
    fresh.dispose();
    assert.ok(same > compared / 4 && same < compared, `${same} of ${compared}`);
  });

  it('after edits in the bodies, the header and the tables of the example driver', async () => {
    const source = join(repositoryRoot, 'examples/fgft_demo_nic');
    const folder = mkdtempSync(join(tmpdir(), 'fgft-example-'));
    for (const name of readdirSync(source)) writeFileSync(join(folder, name), readFileSync(join(source, name)));
    const open = createEngine({ kernel: miniKernel, workingDirectory: folder });
    const fresh = new ForgetfulEngine(folder);
    const random = randomNumbers(7);
    const texts = new Map(['demo_nic_main.c', 'demo_nic_control.c', 'demo_nic.h'].map((n) => [n, readFileSync(join(folder, n), 'utf8')]));
    for (const [name, text] of texts) open.openDocument(join(folder, name), text, 0);
    const main = join(folder, 'demo_nic_main.c');
    await open.analyze(main);
    for (let edit = 1; edit <= 30; edit++) {
      const name = [...texts.keys()][random(3)];
      const before = texts.get(name)!;
      const path = join(folder, name);
      texts.set(name, oneCharacterEdit(before, random));
      open.changeDocument(path, texts.get(name)!, edit);
      const incremental = await open.analyze(main);
      const whole = await fresh.report(main, new Map([...texts].map(([n, t]) => [join(folder, n), t])));
      if (fresh.parsed) {
        const different = firstDifference(JSON.stringify(comparable(incremental.report), null, 1), whole);
        assert.equal(different, null, `edit ${edit} in ${name}`);
      } else {
        texts.set(name, before);
        open.changeDocument(path, before, edit);
      }
    }
    open.dispose();
    fresh.dispose();
    rmSync(folder, { recursive: true });
  });
});

/** Whatever a file holds and wherever it lies: a report or a message, no exception, no hang, no unbounded memory. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine, type AnalyzeResult, type Engine } from '../../../server/src/engine';
import { validateReport } from '../../../server/src/report/validate';
import { miniKernel } from '../../fixtures/support/fixtures';
import { randomNumbers } from '../../properties/analysisSupport';
import { repositoryRoot } from '../../support/repository';

const example = join(repositoryRoot, 'examples/fgft_demo_nic');

/** A result that a caller can use: a valid report, and messages where something could not be done. */
function sound(result: AnalyzeResult, what: string): AnalyzeResult {
  assert.deepEqual(validateReport(result.report).slice(0, 5), [], what.slice(0, 2000));
  for (const { message } of result.problems)
    if (/analysis of .* failed|\bat .*\.ts:\d+/.test(message)) assert.fail(`${what.slice(0, 2000)}: ${message}`);
  return result;
}

describe('robustness: the engine', function () {
  this.timeout(120_000);
  let folder: string;
  let engine: Engine;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fgft-robust-'));
    engine = createEngine({ kernel: miniKernel, workingDirectory: folder });
  });
  afterEach(() => {
    assert.equal(engine.memory().liveTrees, 0);
    engine.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  const write = (name: string, text: string | Uint8Array): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };

  it('random bytes', async () => {
    const random = randomNumbers(1);
    for (let round = 0; round < 25; round++) {
      const bytes = Uint8Array.from({ length: 1 + random(6000) }, () => random(256));
      sound(await engine.analyze(write('noise.c', bytes)), `round ${round}`);
    }
  });

  it('random words of C', async () => {
    const random = randomNumbers(2);
    const words =
      'struct union enum static int void * ( ) { } [ ] ; , . -> = == + - & # ## \\ " \' /* */ // if else for while do switch case default return goto sizeof typeof #define #if #endif #include x y z 0 1 container_of list_for_each_entry __iomem \n \n \n'.split(
        ' ',
      );
    for (let round = 0; round < 60; round++) {
      const text = Array.from({ length: 1 + random(800) }, () => words[random(words.length)]).join(random(2) ? ' ' : '');
      sound(await engine.analyze(write('soup.c', text)), text);
    }
  });

  it('every 500th prefix of the example driver', async () => {
    for (const name of ['demo_nic_main.c', 'demo_nic_control.c']) {
      const text = readFileSync(join(example, name), 'utf8');
      write('demo_nic.h', readFileSync(join(example, 'demo_nic.h')));
      for (let length = 0; length < text.length; length += 500)
        sound(await engine.analyze(write('prefix.c', text.slice(0, length))), `${name}, first ${length}`);
    }
    const header = readFileSync(join(example, 'demo_nic.h'), 'utf8');
    const main = write('main.c', readFileSync(join(example, 'demo_nic_main.c')));
    for (let length = 0; length < header.length; length += 500) {
      write('demo_nic.h', header.slice(0, length));
      sound(await engine.analyze(main), `demo_nic.h, first ${length}`);
    }
  });

  /** A driver of so many characters, whose functions call each other in short chains. */
  function generated(size: number): string {
    const one = (i: number): string =>
      `static int f${i}(struct net_device *dev)\n{\n\tstruct priv *p = netdev_priv(dev);\n\tp->a${i % 100} = p->b + f${i - (i % 4 && 1)}(dev);\n\treturn p->b;\n}\n\n`;
    const members = Array.from({ length: 100 }, (_, i) => `int a${i};`).join(' ');
    const parts = [`#include <linux/netdevice.h>\nstruct priv { int b; ${members} };\n`];
    for (let i = 0, length = 0; length < size; i++) {
      parts.push(one(i));
      length += parts[parts.length - 1].length;
    }
    parts.push('static const struct net_device_ops ops = { .ndo_open = f500 };\n');
    return parts.join('');
  }

  it('a generated file of 3 MB gives a report in bounded time and memory', async () => {
    const path = write('huge.c', generated(3_000_000));
    const started = performance.now();
    const { report, problems } = sound(await engine.analyze(path), 'huge.c');
    const seconds = (performance.now() - started) / 1000;
    const memory = engine.memory().residentBytes;
    console.log(`      ${seconds.toFixed(1)} s, ${(memory / 1e6).toFixed(0)} MB resident`);
    assert.deepEqual(problems, []);
    assert.equal(report.drivers[0].entryPoints.length, 1);
    assert.ok(seconds < 60, `${seconds} s`);
    assert.ok(memory < 1_500_000_000, `${memory} bytes`);
  });

  it('a generated file of 10 MB gives a message', async () => {
    const path = write('larger.c', generated(10_000_000));
    const { problems } = sound(await engine.analyze(path), 'larger.c');
    assert.match(problems[0].message, /too large/);
    engine.openDocument(path, generated(10_000_000), 1);
    assert.match(sound(await engine.analyze(path), 'larger.c, open').problems[0].message, /too large/);
    engine.closeDocument(path);
  });

  it('deep nesting', async () => {
    const deep = (open: string, close: string, depth: number): string => open.repeat(depth) + '1' + close.repeat(depth);
    for (const depth of [200, 3000, 20_000]) {
      const body = `static int f(int x)\n{\n\tx = ${deep('(', ')', depth)};\n\t${'{'.repeat(depth)}x++;${'}'.repeat(depth)}\n\tx = ${'-'.repeat(depth)}x;\n\t${'if (x) '.repeat(depth)}x++;\n\treturn x;\n}\nstruct a ${deep('{ struct ', '; } b;', 2)};\n`;
      sound(await engine.analyze(write('deep.c', body)), `depth ${depth}`);
    }
    for (const depth of [300, 3000, 20_000]) {
      const nested = `int a[] = ${'{'.repeat(depth)}1${'}'.repeat(depth)};\nint ${'('.repeat(depth)}f${')'.repeat(depth)};\n${'struct { '.repeat(depth)}int x;${' } y;'.repeat(depth)}\nint ${'*'.repeat(depth)}p;\nint c[${'('.repeat(depth)}1${')'.repeat(depth)}];\nenum { E = ${'1 + '.repeat(depth)}1 };\n#if ${'('.repeat(depth)}1${')'.repeat(depth)}\n#endif\n`;
      sound(await engine.analyze(write('declarations.c', nested)), `declarations, depth ${depth}`);
    }
    sound(
      await engine.analyze(
        write(
          'chain.c',
          Array.from({ length: 4000 }, (_, i) => `static int f${i}(void)\n{\n\treturn f${i + 1}();\n}\n`).join('') +
            'static const struct net_device_ops ops = { .ndo_open = f0 };\n',
        ),
      ),
      'chain of calls',
    );
  });

  it('macros without end', async () => {
    const doubling = Array.from({ length: 40 }, (_, i) => `#define D${i + 1}(x) D${i}(x) D${i}(x)`).join('\n');
    sound(
      await engine.analyze(
        write(
          'macros.c',
          `#define A B\n#define B A\n#define F(x) F(F(x))\n#define D0(x) x;\n${doubling}\nint f(void) { A; F(1); D40(a) return 0; }\n#define OPEN (\n#define UNENDED(x\nint g(void) { UNENDED(2; }\n`,
        ),
      ),
      'macros.c',
    );
  });

  it('headers that include each other', async () => {
    write('a.h', '#include "b.h"\nstruct a { int x; };\n');
    write('b.h', '#include "a.h"\n#include "c.h"\nstruct b { struct a a; };\n');
    write('c.h', '#include "c.h"\n#include "cycle.c"\n');
    const path = write(
      'cycle.c',
      '#include "a.h"\n#include "cycle.c"\n#include <linux/netdevice.h>\nstatic int f(struct net_device *d) { struct b *b = netdev_priv(d); return b->a.x; }\nstatic const struct net_device_ops o = { .ndo_open = f };\n',
    );
    const { report, problems } = sound(await engine.analyze(path), 'cycle.c');
    assert.deepEqual(problems, []);
    assert.deepEqual(
      report.drivers[0].entryPoints[0].fields.map((f) => `${f.record}.${f.field}`),
      ['a.x'],
    );
  });

  it('loops of symbolic links', async () => {
    mkdirSync(join(folder, 'driver/sub'), { recursive: true });
    symlinkSync('..', join(folder, 'driver/sub/up'));
    symlinkSync('itself', join(folder, 'driver/itself'));
    symlinkSync('other.c', join(folder, 'driver/one.c'));
    symlinkSync('one.c', join(folder, 'driver/other.c'));
    write('driver/Makefile', 'obj-m := real.o sub/\n');
    write('driver/sub/Makefile', 'obj-m := up/\n');
    write('driver/real.c', 'int f(void) { return 0; }\n');
    const { report } = sound(await engine.analyze(join(folder, 'driver')), 'driver');
    assert.ok(report.drivers.some((d) => d.name === 'real'));
    assert.notEqual((await engine.analyze(join(folder, 'driver/one.c'))).problems.length, 0);
    assert.notEqual((await engine.analyze(join(folder, 'driver/itself'))).problems.length, 0);
  });

  it('headers and sources that cannot be read', async () => {
    mkdirSync(join(folder, 'folder.h'));
    symlinkSync('nowhere.h', join(folder, 'dangling.h'));
    mkdirSync(join(folder, 'folder.c'));
    write('Makefile', 'obj-m := pair.o\npair-objs := main.o gone.o folder.o\n');
    const path = write(
      'main.c',
      '#include "folder.h"\n#include "dangling.h"\n#include "absent.h"\n#include\n#include <>\n#include "\n#include <linux/netdevice.h>\nstatic int f(struct net_device *d) { return d->mtu; }\nstatic const struct net_device_ops o = { .ndo_open = f };\n',
    );
    const { report } = sound(await engine.analyze(path), 'main.c');
    assert.equal(report.drivers[0].entryPoints.length, 1);
    sound(await engine.analyze(folder), 'folder');
    assert.notEqual(
      (await engine.analyze(join(folder, 'folder.c'))).problems.length + (await engine.analyze(join(folder, 'absent.c'))).problems.length,
      0,
    );
  });

  it('a driver folder that is removed while a document is open', async () => {
    const driver = join(folder, 'driver');
    mkdirSync(driver);
    for (const name of readdirSync(example)) writeFileSync(join(driver, name), readFileSync(join(example, name)));
    const path = join(driver, 'demo_nic_main.c');
    const text = readFileSync(path, 'utf8');
    engine.openDocument(path, text, 1);
    sound(await engine.analyze(path), 'before');
    rmSync(driver, { recursive: true });
    engine.filesChanged([path, join(driver, 'demo_nic.h')]);
    engine.changeDocument(path, text.replace('return 0;', 'return 1;'), 2);
    const { report, problems } = sound(await engine.analyze(path), 'after');
    assert.ok(report.drivers.length > 0 || problems.length > 0);
    engine.closeDocument(path);
    const gone = sound(await engine.analyze(path), 'closed');
    assert.equal(gone.problems[0].kind, 'no-such-file');
    assert.equal((await engine.analyze(driver)).problems[0].kind, 'no-such-file');
    await engine.diagnose(path);
  });

  it('paths that are no drivers', async () => {
    for (const path of [
      '',
      '/',
      '.',
      '/dev/null',
      '/proc/self/mem',
      '/no/such/place.c',
      join(folder, 'a\0b.c'),
      folder,
      `${folder}/${'x'.repeat(5000)}.c`,
    ]) {
      if (path === '/' || path === '' || path === '.') continue;
      const { problems } = sound(await engine.analyze(path), path);
      assert.notEqual(problems.length, 0, path);
    }
    const { problems } = await engine.analyze(write('notes.txt', 'nothing'));
    assert.equal(problems[0].kind, 'not-a-c-file');
  });
});

/** When the findings of other tools can be reached only for certain values of an entry point's parameters. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine, type Engine } from '../../../server/src/engine';
import type { ImportedFinding, SuspectReport } from '../../../server/src/report/otherTools/model';
import { placeFindings } from '../../../server/src/report/otherTools/place';
import { validateReport } from '../../../server/src/report/validate';
import { miniKernel } from '../../fixtures/support/fixtures';

/** A driver whose ioctl has this body; `helper`, `shared` and `other` are functions of its own. */
const driver = (body: string): string => `#include <linux/fs.h>

struct foo { int mode; };

static int shared(struct foo *f)
{
	return f->mode; /* in shared */
}
static int helper(struct foo *f)
{
	f->mode = 2; /* in helper */
	return shared(f);
}
static long foo_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct foo *f = file->private_data;
${body}
	return shared(f);
}
static const struct file_operations foo_ops = { .unlocked_ioctl = foo_ioctl };
`;

describe('predicates for the findings of other tools', function () {
  this.timeout(60_000);
  let folder: string;
  let engine: Engine;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'fgft-predicates-'));
    engine = createEngine({ kernel: miniKernel, workingDirectory: folder });
  });
  after(() => {
    engine.dispose();
    rmSync(folder, { recursive: true });
  });

  /** Places one finding on each line that holds one of the words. */
  async function suspects(body: string, ...words: string[]): Promise<SuspectReport> {
    const text = driver(body);
    const path = join(folder, 'foo.c');
    writeFileSync(path, text);
    engine.filesChanged([path]);
    const { report } = await engine.analyze(path);
    assert.deepEqual(validateReport(report), []);
    const findings = words.map((word): ImportedFinding => {
      const line = text.split('\n').findIndex((l) => l.includes(word)) + 1;
      assert.ok(line > 0, word);
      return { tool: 'test', severity: 'warning', message: word, file: 'foo.c', line, function: null, module: null };
    });
    return placeFindings(report, findings);
  }
  const predicate = async (body: string, ...words: string[]): Promise<string | null> => {
    const { suspects: found, unplaced } = await suspects(body, ...words);
    assert.deepEqual(unplaced, []);
    return found.find((s) => s.name === 'foo_ioctl')!.predicate;
  };
  const cases =
    '\tswitch (cmd) {\n\tcase 1:\n\tcase 2:\n\t\tf->mode = 1; /* A */\n\t\tbreak;\n\tcase SIOCGMIIPHY:\n\t\treturn helper(f);\n\tdefault:\n\t\tf->mode = 4; /* D */\n\t}';

  it('are the cases of a switch over a parameter', async () => {
    assert.equal(await predicate(cases, '/* A */'), 'cmd == 1 || cmd == 2');
    assert.equal(await predicate(cases, 'in helper'), 'cmd == SIOCGMIIPHY');
    assert.equal(await predicate(cases, '/* A */', 'in helper'), 'cmd == 1 || cmd == 2 || cmd == SIOCGMIIPHY');
  });

  it('are comparisons with a constant', async () => {
    assert.equal(await predicate('\tif (cmd == 7)\n\t\thelper(f); /* call */', 'in helper'), 'cmd == 7');
    assert.equal(await predicate('\tif (SIOCGMIIREG == cmd) {\n\t\tf->mode = 1; /* A */\n\t}', '/* A */'), 'cmd == SIOCGMIIREG');
  });

  it('are none where the finding can be reached otherwise', async () => {
    assert.equal(await predicate(cases, 'in shared'), null, 'the end of the function calls it too');
    assert.equal(await predicate(cases, '/* D */'), null, 'the default case');
    assert.equal(await predicate(cases, '/* A */', 'in shared'), null);
    assert.equal(await predicate('\tif (cmd != 7)\n\t\tf->mode = 1; /* A */', '/* A */'), null);
    assert.equal(await predicate('\tif (cmd == 7 || f->mode)\n\t\tf->mode = 1; /* A */', '/* A */'), null);
    assert.equal(await predicate('\tif (cmd == f->mode)\n\t\tf->mode = 1; /* A */', '/* A */'), null);
  });

  it('are none where a case falls into the next', async () => {
    const falling = '\tswitch (cmd) {\n\tcase 1:\n\t\tf->mode = 3;\n\tcase 2:\n\t\tf->mode = 1; /* A */\n\t}';
    assert.equal(await predicate(falling, '/* A */'), null);
  });

  it('are none where the parameter changes, or its address is taken, or a jump leads in', async () => {
    for (const before of ['\tcmd &= 3;', '\tcmd++;', '\tf->mode = *&cmd;'])
      assert.equal(await predicate(`${before}\n\tif (cmd == 7)\n\t\tf->mode = 1; /* A */`, '/* A */'), null, before);
    const jump = '\tif (f->mode)\n\t\tgoto in;\n\tif (cmd == 7) {\nin:\n\t\tf->mode = 1; /* A */\n\t}';
    assert.equal(await predicate(jump, '/* A */'), null);
  });
});

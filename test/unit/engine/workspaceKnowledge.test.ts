/** Rows of a workspace: added, taken away, changed while the engine runs, and wrong. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { createEngine, type Engine } from '../../../server/src/engine';
import { isWorkspaceKnowledge, workspaceKnowledge } from '../../../server/src/engine/workspaceKnowledge';
import { repositoryRoot } from '../../support/repository';
import { miniKernel } from '../../fixtures/support/fixtures';

const driver = `#include <linux/module.h>
#include <linux/completion.h>
struct demo { struct completion done; int mode; };
extern void company_wait(struct completion *done);
static int demo_open(struct net_device *dev)
{
	struct demo *demo = netdev_priv(dev);
	company_wait(&demo->done);
	return demo->mode;
}
static void demo_interrupt(struct demo *demo)
{
	complete(&demo->done);
}
static int demo_stop(struct net_device *dev)
{
	demo_interrupt(netdev_priv(dev));
	return 0;
}
static const struct net_device_ops ops = { .ndo_open = demo_open, .ndo_stop = demo_stop };
`;

const row = 'company_wait: { parameters: 1, effects: [wait-completion], target: 0, sleeps: true }';
const file = (rows: string): string => `kind: functions\nsource: the company's own tree\nrows:\n  ${rows}\n`;

/** Writes a member of a record that the kernel declares. */
const annotated = `#include <linux/netdevice.h>
static int demo_open(struct net_device *dev)
{
	dev->mtu = 3;
	return 0;
}
static const struct net_device_ops ops = { .ndo_open = demo_open };
`;

describe('engine: knowledge of the workspace', function () {
  this.timeout(60_000);
  let folder: string;
  let source: string;
  let rows: string;
  let engine: Engine;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fgft-rows-'));
    mkdirSync(join(folder, '.fgft/knowledge'), { recursive: true });
    mkdirSync(join(folder, 'drivers'));
    source = join(folder, 'drivers/demo.c');
    rows = join(folder, '.fgft/knowledge/company.yaml');
    writeFileSync(source, driver);
    // Below the folder that has the rows: the nearest one above counts.
    engine = createEngine({ kernel: miniKernel, workingDirectory: join(folder, 'drivers') });
  });
  afterEach(() => {
    engine.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  async function analysed(): Promise<{ waits: boolean; entryPoints: string[]; messages: string[] }> {
    const { report, problems } = await engine.analyze(source);
    const { entryPoints } = report.drivers[0];
    return {
      waits: JSON.stringify(report.drivers).includes('resync/completion'),
      entryPoints: entryPoints.map((e) => e.name).sort(),
      messages: problems.map((p) => `${p.kind}: ${p.message}`),
    };
  }

  it('counts on top of what is shipped, from the moment that a file is there', async () => {
    assert.deepEqual(await analysed(), { waits: false, entryPoints: ['demo_open', 'demo_stop'], messages: [] });
    writeFileSync(rows, file(row));
    engine.filesChanged([rows]);
    assert.deepEqual(await analysed(), { waits: true, entryPoints: ['demo_open', 'demo_stop'], messages: [] });
    const { knowledge, problems } = await engine.diagnose(source);
    assert.deepEqual(knowledge.at(-1), { file: rows, rows: 1 });
    assert.deepEqual(problems, []);
    rmSync(rows);
    engine.filesChanged([rows]);
    assert.equal((await analysed()).waits, false);
  });

  it('takes rows away', async () => {
    writeFileSync(rows, 'kind: tables\nrows:\n  net_device_ops: { remove: true }\n');
    writeFileSync(join(folder, '.fgft/knowledge/waits.yml'), file(row));
    const { messages } = await analysed();
    assert.deepEqual(messages, []);
    const { entryPoints } = (await engine.analyze(source)).report.drivers[0];
    // The table is found by its shape still, but nobody says in which context its functions run.
    assert.ok(entryPoints.every((e) => e.context === 'unknown'));
  });

  it('says which row is wrong and goes on with the others', async () => {
    writeFileSync(rows, file(`${row}\n  company_call: { parameters: 1, effects: [levitate] }`));
    const { waits, messages } = await analysed();
    assert.equal(waits, true);
    assert.equal(messages.length, 1);
    assert.match(
      messages[0],
      /^knowledge: knowledge of this workspace: .*company\.yaml: the row 'company_call' is left out: effects must be one of/,
    );
    assert.ok((await engine.diagnose(source)).problems.some((p) => p.includes('company_call')));
  });

  it('survives what is no knowledge at all', async () => {
    for (const text of ['rows: [', '\0\0\0', 'kind: nonsense\nrows: {}', 'kind: functions\nrows: { a: 5, b: [] }']) {
      writeFileSync(rows, text);
      engine.filesChanged([rows]);
      const { waits, messages } = await analysed();
      assert.equal(waits, false);
      assert.ok(messages.length > 0, JSON.stringify(text));
      for (const message of messages) assert.match(message, /company\.yaml: the (file|row) .*left out/);
    }
  });

  it('is only what lies in the folder', () => {
    assert.ok(isWorkspaceKnowledge('/w/.fgft/knowledge/a.yaml'));
    assert.ok(!isWorkspaceKnowledge('/w/.fgft/knowledge/a.json'));
    assert.ok(!isWorkspaceKnowledge('/w/fgft/knowledge/a.yaml'));
    assert.deepEqual(workspaceKnowledge({ workingDirectory: join(folder, 'drivers') }).texts, []);
    assert.equal(workspaceKnowledge({ workingDirectory: join(folder, 'drivers') }).folder, join(folder, '.fgft/knowledge'));
  });

  it('annotates what the kernel declares', async () => {
    const side = join(folder, '.fgft/knowledge/annotations.yaml');
    writeFileSync(source, annotated);
    engine.filesChanged([source]);
    const direction = async (): Promise<string | undefined> => {
      const { report, problems } = await engine.analyze(source);
      assert.deepEqual(problems, []);
      return report.drivers[0].entryPoints[0].fields.find((f) => f.field === 'mtu')?.direction;
    };
    assert.equal(await direction(), 'out');
    writeFileSync(side, annotations('- { record: net_device, member: mtu, annotation: __fgft_shared }'));
    engine.filesChanged([side]);
    assert.equal(await direction(), 'place');
    rmSync(side);
    engine.filesChanged([side]);
    assert.equal(await direction(), 'out');
  });

  it('leaves out annotations that cannot be, and says which', async () => {
    const side = join(folder, '.fgft/knowledge/annotations.yaml');
    const rows = [
      '- { record: net_device, member: mtu, annotation: __fgft_shard }',
      '- { record: net_device, annotation: __fgft_shared }',
      '- { record: a, function: b, annotation: __fgft_string }',
      '- { function: f, parameter: p, annotation: __fgft_count }',
      '- { function: f, parameter: p, annotation: __fgft_shared }',
      '- { function: f, parameter: p, annotation: __fgft_string, arguments: n }',
    ];
    const good = '- { function: f, parameter: p, annotation: __fgft_count, arguments: n }';
    writeFileSync(side, annotations([...rows, good].join('\n  ')));
    const { problems } = await engine.analyze(source);
    assert.deepEqual(
      problems.map((p) => /annotations\[(\d)\]/.exec(p.message)?.[1]),
      ['0', '1', '2', '3', '4', '5'],
    );
    // The schema that editors get says the same.
    const schema = JSON.parse(readFileSync(join(repositoryRoot, 'server/knowledge/schema/annotations.schema.json'), 'utf8')) as object;
    const isValid = new Ajv({ strict: false }).compile(schema);
    for (const row of rows) assert.equal(isValid(parse(annotations(row))), false, row);
    assert.equal(isValid(parse(annotations(good))), true);
  });
});

function annotations(rows: string): string {
  return `kind: annotations\nprovenance: manual\nannotations:\n  ${rows}\n`;
}

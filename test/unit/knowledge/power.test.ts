/** What the knowledge base says about power management, against the kernel's headers and against itself. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { knowledgeTexts } from '../../../scripts/knowledge-files';
import { parseKnowledgeFile } from '../../../server/src/knowledge/files';
import { loadKnowledge } from '../../../server/src/knowledge/load';
import { POWER_PARTS, powerOf } from '../../../server/src/knowledge/power';
import { kernelSource } from '../../differential/oracleSupport';
import { skip } from '../../support/skip';

describe('knowledge: power management', () => {
  const { knowledge } = loadKnowledge(knowledgeTexts());
  const { power } = knowledge;

  it('has all its sections', () => {
    assert.ok(power.tables.size > 30 && power.calls.size > 100 && power.state.size > 40 && power.conversions.size > 3);
    assert.ok(power.effects.length > 5 && power.maximumBusyWait > 0);
  });

  it('names parts that there are, and a source for every row', () => {
    for (const [name, row] of power.calls) {
      assert.ok(POWER_PARTS.includes(row.suspend) && POWER_PARTS.includes(row.resume), name);
      assert.notEqual(row.source, '', name);
    }
    for (const map of [power.tables, power.state, power.conversions, power.buses])
      for (const [name, row] of map) assert.notEqual(row.source, '', name);
  });

  it('knows every word that the analysis asks for, as a pattern that can match', () => {
    const asked = [
      'powerRegisters',
      'powerFunctions',
      'wakeFunctions',
      'powerConditions',
      'powerMembers',
      'lifeMembers',
      'eventRegisters',
      'actionRegisters',
      'openMembers',
      'closeMembers',
    ];
    assert.deepEqual([...power.words.keys()].sort(), asked.sort());
    assert.ok(power.words.get('powerRegisters')!.test('WOLcrSet'));
    assert.ok(
      power.words.get('powerFunctions')!.test('foo_power_up_phy') && !power.words.get('powerFunctions')!.test('foo_power_on_reset'),
    );
    assert.ok(!power.words.get('eventRegisters')!.test('RxConfig'));
    for (const started of ['E1000_TDT', 'E1000_MDIC', 'ES_REG_UART_DATA', 'ES_REG_1370_CODEC', 'TxPoll', 'MIIMGT_DOORBELL'])
      assert.ok(power.words.get('actionRegisters')!.test(started), started);
    for (const kept of ['Config3', 'E1000_CTRL', 'E1000_RCTL', 'MAR0', 'IntrMask', 'E1000_RDTR', 'ES_REG_CONTROL'])
      assert.ok(!power.words.get('actionRegisters')!.test(kept), kept);
  });

  it('attaches whatever it detaches', () => {
    const rows = [...power.calls.values()];
    const attached = new Set(rows.flatMap((r) => r.attaches ?? []));
    for (const { detaches } of rows) if (detaches) assert.ok(attached.has(detaches), detaches);
  });

  it('converts into calls of the same length', () => {
    for (const [name, row] of power.conversions) {
      assert.match(row.to, /\$\d/, name);
      // A delay in microseconds must not become one in milliseconds of the same number, nor the other way round.
      if (row.unit === 'milliseconds') assert.match(row.to, /^mdelay\(\$0\)$/, name);
      if (row.unit === 'microseconds') assert.match(row.to, /^udelay\(\$0\)$/, name);
      if (row.unit === 'seconds') assert.match(row.to, /1000 \* /, name);
    }
  });

  it('names members that the records of the headers have', function () {
    const root = kernelSource();
    if (!existsSync(join(root, 'Makefile'))) return skip(this, 'the 6.1 source is not there');
    for (const [record, table] of power.tables) {
      const text = readFileSync(join(root, table.source), 'utf8');
      const start = text.indexOf(`struct ${record} {`);
      assert.ok(start >= 0, `${record} in ${table.source}`);
      const body = text.slice(start, text.indexOf('\n}', start));
      for (const member of [...table.suspend, ...table.resume, ...table.pointers])
        assert.match(body, new RegExp(`\\b${member}\\b`), `${record}.${member}`);
    }
  });

  it('takes rows of a later file, and leaves out what has the wrong shape', () => {
    const file = (text: string) => parseKnowledgeFile('x.yaml', text).file!;
    const made = powerOf([
      file('kind: power\nprovenance: manual\ncalls:\n  f g: { source: a.h, suspend: stop, resume: stop }\nwords: { broken: "(" }\n'),
      file('kind: power\nprovenance: manual\ncalls:\n  g: { source: b.h, suspend: save, resume: stop }\n  h: 7\n'),
    ]);
    assert.deepEqual([...made.calls.keys()], ['f', 'g']);
    assert.equal(made.calls.get('g')!.suspend, 'save');
    assert.equal(made.words.get('broken')!.test('anything'), false);
  });
});

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { knowledgeTexts } from '../../../scripts/knowledge-files';
import { type KernelNames, parameterCounts, scanKernel } from '../../../scripts/knowledge-scan';
import { loadKnowledge } from '../../../server/src/knowledge/load';
import { skip } from '../../support/skip';

const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
const trees = ['6.1', '6.12']
  .map((version) => join(cache, 'fgft/kernel', `linux-source-${version}`))
  .filter((tree) => existsSync(join(tree, 'include')));

describe('knowledge: rows against the headers of the kernel', function () {
  this.timeout(120_000);
  const { knowledge } = loadKnowledge(knowledgeTexts());
  let kernels: KernelNames[] = [];

  before(function () {
    if (trees.length < 2) skip(this, `only ${trees.length} of the kernel sources 6.1 and 6.12 are there`);
    kernels = trees.map(scanKernel);
  });

  /** Rows whose name no kernel declares, or none with that many parameters (null: do not compare). */
  function wrong(rows: Iterable<{ name: string; parameters?: number; source: string }>): string[] {
    const found: string[] = [];
    for (const { name, parameters, source } of rows) {
      const declared = kernels.flatMap((kernel) => kernel.callables.get(name) ?? []);
      if (declared.length === 0) found.push(`${name}: is not declared in any header`);
      else if (!declared.some((d) => d.file === source)) found.push(`${name}: is not declared in ${source} but in ${declared[0].file}`);
      const counts = new Set(kernels.flatMap((kernel) => [...parameterCounts(kernel, name)]));
      if (parameters !== undefined && counts.size > 0 && !counts.has(parameters))
        found.push(`${name}: has ${[...counts].join(' or ')} parameters, not ${parameters}`);
    }
    return found;
  }

  it('every function is declared, with that many parameters', () => {
    assert.deepEqual(wrong(knowledge.functions.values()), []);
  });

  it('a row calls a macro what is one in some kernel, and a function what is one in some kernel', () => {
    const mistaken = [...knowledge.functions.values()].filter((row) => {
      const declared = kernels.flatMap((kernel) => kernel.callables.get(row.name) ?? []);
      return declared.length > 0 && !declared.some((d) => d.macro === row.macro);
    });
    assert.deepEqual(
      mistaken.map((row) => row.name),
      [],
    );
  });

  it('every registration is declared, and its arguments exist', () => {
    const rows = [...knowledge.registrations.values()];
    assert.deepEqual(wrong(rows), []);
    const beyond = rows.filter((row) => {
      const counts = kernels.flatMap((kernel) => [...parameterCounts(kernel, row.name)]);
      const last = Math.max(...row.callbacks.flatMap((c) => [c.argument, c.data ?? 0]));
      return counts.length > 0 && !counts.some((count) => count < 0 || last < count);
    });
    assert.deepEqual(
      beyond.map((row) => row.name),
      [],
    );
  });

  it('every declaring macro and loop macro is declared, with that many parameters', () => {
    assert.deepEqual(wrong(knowledge.declaringMacros.values()), []);
    assert.deepEqual(wrong(knowledge.loops.values()), []);
  });

  it('every table is a record of a header and has the members that the row names', () => {
    const found: string[] = [];
    for (const table of knowledge.tables.values()) {
      const records = kernels.flatMap((kernel) => kernel.records.get(table.record) ?? []);
      if (records.length === 0) found.push(`${table.record}: no such record`);
      for (const member of Object.keys(table.members))
        if (!records.some((r) => r.identifiers.has(member))) found.push(`${table.record}.${member}: no such member`);
    }
    assert.deepEqual(found, []);
  });

  it('every record that is used in place exists', () => {
    assert.deepEqual(
      [...knowledge.placeRecords].filter((name) => !kernels.some((kernel) => kernel.records.has(name))),
      [],
    );
  });

  it('records and members that rows name exist', () => {
    const found: string[] = [];
    const check = (row: string, record: string, path: string): void => {
      const records = kernels.flatMap((kernel) => kernel.records.get(record) ?? []);
      if (!records.some((r) => r.identifiers.has(path.split('.')[0]))) found.push(`${row}: ${record}.${path}`);
    };
    for (const row of knowledge.functions.values()) {
      if (row.returns?.kind === 'enclosing') check(row.name, row.returns.record, row.returns.member);
      for (const touch of row.touches ?? []) {
        if (touch.record) check(row.name, touch.record, touch.field);
        for (const step of touch.through ?? [])
          check(row.name, step.slice(0, step.indexOf('.')), step.slice(step.indexOf('.') + 1).replace('->', ''));
      }
    }
    for (const macro of knowledge.declaringMacros.values())
      for (const { record } of macro.declares ?? [])
        if (!kernels.some((kernel) => kernel.records.has(record))) found.push(`${macro.name}: ${record}`);
    assert.deepEqual(found, []);
  });
});

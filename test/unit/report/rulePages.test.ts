/** Each rule has one set of words: catalogue, settings and pages take them from the rule's own file. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { rulePageFolder, rulePageProblems, rulePages } from '../../../scripts/rule-pages';
import { contractRules, ruleCatalogue } from '../../../server/src/report/ruleCatalogue';
import { RULES } from '../../../server/src/report/rules';
import { repositoryRoot } from '../../support/repository';

describe('the words of rules', () => {
  it('stand in one place', () => {
    for (const { id, reason, severity } of RULES) {
      assert.equal(contractRules[id], 'implemented', `${id} has words of its own: those in ruleCatalogue.ts are to be removed`);
      const words = (text: string): string[] => text.split(/\s+/);
      assert.deepEqual([words(ruleCatalogue[id].help), ruleCatalogue[id].severity], [words(reason), severity]);
      assert.match(ruleCatalogue[id].summary, /^[A-Z].*[^.]\.$/, `the title of ${id} is no sentence without its full stop`);
    }
  });

  it('are there for every rule of the contract, in its order', () => {
    assert.deepEqual(Object.keys(ruleCatalogue), Object.keys(contractRules));
  });
});

describe('the pages of rules', () => {
  it('are up to date', () => {
    assert.deepEqual(rulePageProblems(join(repositoryRoot, rulePageFolder)), [], 'run node --import=tsx scripts/rule-pages.ts');
  });

  it('that are missing, outdated or left over are named', () => {
    const folder = mkdtempSync(join(tmpdir(), 'fgft-rules-'));
    try {
      const [[outdated], [missing], ...others] = [...rulePages(RULES.slice(0, 2))];
      for (const [path, text] of [[outdated, 'old\n'], ...others, ['gone/rule.md', 'gone\n']]) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
      assert.deepEqual(rulePageProblems(folder, rulePages(RULES.slice(0, 2))), [
        `${outdated} is outdated`,
        `${missing} is missing`,
        'gone/rule.md is of no rule',
      ]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

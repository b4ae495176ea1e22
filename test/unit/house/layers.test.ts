import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { repositoryRoot } from '../../support/repository';

/** Each file breaks the rule named beside it, and only that one. */
const offenders: { path: string; text: string; rule: string }[] = [
  { path: 'server/src/text/upwards.ts', text: "import { a } from '../ir/fine';\nexport const b = a;\n", rule: 'layer-text' },
  {
    path: 'server/src/analysis/upwards.ts',
    text: "import type { A } from '../engine/fine';\nexport type B = A;\n",
    rule: 'layer-analysis',
  },
  {
    path: 'server/src/symbols/files.ts',
    text: "import { readFileSync } from 'node:fs';\nexport const b = readFileSync;\n",
    rule: 'no-io-below-engine',
  },
  { path: 'server/src/cli/crossing.ts', text: "import { a } from '../lsp/fine';\nexport const b = a;\n", rule: 'cli-not-lsp' },
  { path: 'server/src/cli/inside.ts', text: "import { a } from '../ir/fine';\nexport const b = a;\n", rule: 'faces-through-engine' },
  { path: 'server/src/engine/protocol.ts', text: "export { Range } from 'vscode-languageserver/node';\n", rule: 'protocol-in-lsp' },
  { path: 'server/src/syntax/second.ts', text: "export { Parser } from 'web-tree-sitter';\n", rule: 'tree-sitter-in-syntax' },
  {
    path: 'client/src/values.ts',
    text: "import { a } from '../../server/src/lsp/protocol';\nexport const b = a;\n",
    rule: 'client-types-only',
  },
  {
    path: 'client/src/inside.ts',
    text: "import type { A } from '../../server/src/engine/fine';\nexport type B = A;\n",
    rule: 'client-through-protocol',
  },
  // Installed, but only because another package wants it.
  { path: 'server/src/engine/chance.ts', text: "export { default } from 'ms';\n", rule: 'named-in-package-json' },
];

const harmless: Record<string, string> = {
  'server/src/ir/fine.ts': "import type { Report } from '../report/model';\nexport const a: Report | number = 1;\n",
  'server/src/engine/fine.ts': "import { existsSync } from 'node:fs';\nexport type A = number;\nexport const e = existsSync;\n",
  'server/src/lsp/fine.ts': "import { e } from '../engine/fine';\nexport const a = e;\n",
  'server/src/lsp/protocol.ts': 'export const a = 1;\n',
  'server/src/report/model.ts': 'export type Report = number;\n',
  'server/src/syntax/parser.ts': "export { Parser } from 'web-tree-sitter';\n",
  'client/src/fine.ts': "import type { a } from '../../server/src/lsp/protocol';\nexport type A = typeof a;\n",
};

describe('house: the layer check', () => {
  let folder = '';

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'fgft-layers-'));
    for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json']) cpSync(join(repositoryRoot, file), join(folder, file));
    symlinkSync(join(repositoryRoot, 'node_modules'), join(folder, 'node_modules'));
    for (const [path, text] of [...Object.entries(harmless), ...offenders.map((file) => [file.path, file.text] as const)]) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it('names each forbidden import, and nothing else', () => {
    const binary = join(repositoryRoot, 'node_modules/.bin/depcruise');
    const answer = spawnSync(binary, ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'server/src', 'client/src'], {
      cwd: folder,
      encoding: 'utf8',
    });
    const result = JSON.parse(answer.stdout) as { summary: { violations: { from: string; rule: { name: string } }[] } };
    const found = new Set(result.summary.violations.map((violation) => `${violation.from}: ${violation.rule.name}`));
    assert.deepEqual([...found].sort(), offenders.map((file) => `${file.path}: ${file.rule}`).sort());
  });
});

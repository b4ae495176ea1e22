import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../support/repository';

/** The text under each heading of a Markdown file, by the heading's own text. */
function sections(markdown: string): Map<string, string> {
  const found = new Map<string, string>();
  let heading = '';
  for (const line of markdown.split('\n')) {
    const match = /^#{1,6}\s+(.*)$/.exec(line);
    if (match) heading = match[1];
    else found.set(heading, `${found.get(heading) ?? ''}${line}\n`);
  }
  return found;
}

/** Does a heading name a folder? `text`, `server/src/text/`, with or without back-ticks and words after it. */
function names(heading: string, folder: string): boolean {
  return heading
    .replace(/[`*]/g, '')
    .split(/[\s,:()]+/)
    .some((word) => word.replace(/\/$/, '').replace(/^server\/src\//, '') === folder);
}

describe('house: ARCHITECTURE.md is a map of the code', () => {
  const path = join(repositoryRoot, 'ARCHITECTURE.md');
  const map = existsSync(path) ? sections(readFileSync(path, 'utf8')) : new Map<string, string>();
  const source = join(repositoryRoot, 'server/src');
  const folders = readdirSync(source, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && readdirSync(join(source, entry.name)).length > 0)
    .map((entry) => entry.name);

  for (const folder of folders) {
    it(`has a heading for server/src/${folder} with its invariant`, () => {
      const found = [...map].filter(([heading]) => names(heading, folder));
      assert.notEqual(found.length, 0, `no heading names ${folder}`);
      assert.ok(
        found.some(([, text]) => text.includes('**Invariant:**')),
        `the section of ${folder} has no paragraph that begins with **Invariant:**`,
      );
    });
  }
});

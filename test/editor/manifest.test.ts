/** What the extension's manifest promises is what the code does. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withSettings } from '../../scripts/manifest';
import { repositoryRoot, trackedFiles } from '../support/repository';

const text = readFileSync(join(repositoryRoot, 'package.json'), 'utf8');
const manifest = JSON.parse(text);
const { contributes } = manifest;
const clientSource = trackedFiles()
  .filter((file) => file.startsWith('client/src/'))
  .map((file) => readFileSync(join(repositoryRoot, file), 'utf8'))
  .join('\n');

describe('the extension manifest', () => {
  it('has the settings of the one table', () => {
    assert.equal(text, withSettings(text), 'run node --import=tsx scripts/manifest.ts');
  });

  it('declares only commands that the client registers', () => {
    // Three are registered in a loop over the orders.
    const registered = clientSource.replace('`fgft.sortBy', "'fgft.sortByName' 'fgft.sortByCost' 'fgft.sortByRisk'");
    for (const { command } of contributes.commands) assert.ok(registered.includes(`'${command}'`), command);
  });

  it('gives every command a category and every menu entry a declared command or submenu', () => {
    const commands = new Set(contributes.commands.map((command: { command: string }) => command.command));
    const submenus = new Set(contributes.submenus.map((submenu: { id: string }) => submenu.id));
    for (const { category, title, command } of contributes.commands) assert.ok(category === 'FGFT' && title, command);
    for (const [menu, entries] of Object.entries<{ command?: string; submenu?: string }[]>(contributes.menus)) {
      for (const entry of entries)
        assert.ok(entry.command ? commands.has(entry.command) : submenus.has(entry.submenu), `${menu}: ${JSON.stringify(entry)}`);
      if (menu.startsWith('fgft.')) assert.ok(submenus.has(menu), menu);
    }
  });

  it('refers only to files that exist', () => {
    const files = [
      manifest.icon,
      contributes.viewsContainers.activitybar[0].icon,
      ...contributes.grammars.map((grammar: { path: string }) => grammar.path),
      ...contributes.snippets.map((snippets: { path: string }) => snippets.path),
      ...contributes.walkthroughs[0].steps.map((step: { media: { svg: string } }) => step.media.svg),
    ];
    for (const file of files) assert.ok(existsSync(join(repositoryRoot, file)), file);
  });

  it('links only to commands that exist', () => {
    const prose: string[] = [
      contributes.viewsWelcome[0].contents,
      ...contributes.walkthroughs[0].steps.map((step: { description: string }) => step.description),
    ];
    const commands = contributes.commands.map((command: { command: string }) => command.command);
    for (const [, command] of prose.join('\n').matchAll(/\(command:(fgft\.[\w.]+)/g)) {
      assert.ok(commands.includes(command) || command === 'fgft.entryPoints.focus', command);
    }
  });

  it('starts for C files and says why it limits itself in untrusted and virtual workspaces', () => {
    assert.ok(manifest.activationEvents.includes('onLanguage:c'));
    assert.equal(manifest.capabilities.untrustedWorkspaces.supported, 'limited');
    assert.ok(manifest.capabilities.untrustedWorkspaces.description);
    assert.equal(manifest.capabilities.virtualWorkspaces.supported, false);
    assert.ok(manifest.capabilities.virtualWorkspaces.description);
  });

  it('matches the findings that the command line prints', () => {
    const { pattern } = contributes.problemMatchers[0];
    const line = 'drivers/net/foo.c:30:9: information: foo waits for foo.done. [resync/completion, likely, refresh]';
    const match = new RegExp(pattern.regexp).exec(line);
    assert.ok(match);
    assert.deepEqual(
      [
        match[pattern.file],
        match[pattern.line],
        match[pattern.column],
        match[pattern.severity],
        match[pattern.message],
        match[pattern.code],
      ],
      ['drivers/net/foo.c', '30', '9', 'information', 'foo waits for foo.done.', 'resync/completion'],
    );
  });
});

describe('the annotations', () => {
  const header = readFileSync(join(repositoryRoot, 'server/runtime/include/fgft.h'), 'utf8');
  const declared = [...header.matchAll(/^#define (__fgft_\w+)/gm)].map((match) => match[1]).sort();
  const grammar = JSON.parse(readFileSync(join(repositoryRoot, contributes.grammars[0].path), 'utf8'));
  const snippets: Record<string, { prefix: string[]; body: string[] }> = JSON.parse(
    readFileSync(join(repositoryRoot, contributes.snippets[0].path), 'utf8'),
  );

  it('expand to nothing', () => {
    for (const line of header.split('\n').filter((line) => line.startsWith('#define __fgft_'))) {
      assert.match(line, /^#define __fgft_\w+(\(expression\))?$/);
    }
  });

  it('are coloured, all of them and no others', () => {
    const [withExpression, plain] = grammar.patterns;
    const colours = (use: string) => new RegExp(withExpression.begin).test(use) || new RegExp(plain.match).test(use);
    for (const name of declared) {
      const use = new RegExp(`define ${name}\\(`).test(header) ? `${name}(n)` : name;
      assert.ok(colours(use), name);
    }
    assert.ok(!colours('__fgft_suspicious'));
    assert.ok(!colours('my__fgft_suspect'));
  });

  it('have a snippet each', () => {
    const offered = Object.values(snippets)
      .flatMap(({ prefix }) => prefix)
      .filter((prefix) => prefix.startsWith('__'));
    assert.deepEqual(offered.sort(), declared);
  });
});

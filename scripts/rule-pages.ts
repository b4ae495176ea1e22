/**
 * Writes a page for each implemented rule, docs/rules/GROUP/NAME.md, from the words and examples of its file under
 * server/src/report/rules, and a list of them, docs/rules/README.md. Diagnostics and settings lead there.
 *
 *   node --import=tsx scripts/rule-pages.ts            writes, and removes pages of rules that are gone
 *   node --import=tsx scripts/rule-pages.ts --check    writes nothing; exit 1 if a page is missing, outdated or left over
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ruleCatalogue } from '../server/src/report/ruleCatalogue';
import { RULES } from '../server/src/report/rules';
import type { Rule } from '../server/src/report/rules/rule';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Where the pages are, from the root. The language server looks there as well. */
export const rulePageFolder = 'docs/rules';

const generated = '<!-- Written by scripts/rule-pages.ts from the files in server/src/report/rules. -->';

/** Every page by its path below the folder. */
export function rulePages(rules: readonly Rule[] = RULES): Map<string, string> {
  const pages = new Map(rules.map((rule) => [`${rule.id}.md`, rulePage(rule)]));
  pages.set('README.md', listOfRules(rules));
  return pages;
}

function rulePage(rule: Rule): string {
  return `# ${rule.id}

${generated}

${ruleCatalogue[rule.id].summary}

Severity: mostly ${rule.severity}; the setting \`fgft.rules.${rule.id}\` changes how it is shown.

## Why it matters, and what to do

${rule.reason.trim()}

## Where it fires

${codeBlock(rule.fires.code)}

## Where it is silent

${codeBlock(rule.silent.code)}
`;
}

function codeBlock(code: string): string {
  return `\`\`\`c\n${code.trimEnd()}\n\`\`\``;
}

function listOfRules(rules: readonly Rule[]): string {
  const lines = rules.map((rule) => `- [${rule.id}](${rule.id}.md): ${rule.title}`);
  return `# Rules\n\n${generated}\n\n${lines.join('\n')}\n`;
}

/** What is wrong with the pages on disk, one line each; nothing when they are as they should be. */
export function rulePageProblems(folder: string, pages = rulePages()): string[] {
  const problems: string[] = [];
  for (const [path, text] of pages) {
    const file = join(folder, path);
    if (!existsSync(file)) problems.push(`${path} is missing`);
    else if (readFileSync(file, 'utf8') !== text) problems.push(`${path} is outdated`);
  }
  return [...problems, ...leftOver(folder, pages).map((path) => `${path} is of no rule`)];
}

function leftOver(folder: string, pages: ReadonlyMap<string, string>): string[] {
  if (!existsSync(folder)) return [];
  const present = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/'));
  return present.filter((path) => path.endsWith('.md') && !pages.has(path));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = join(root, rulePageFolder);
  const pages = rulePages();
  if (process.argv.includes('--check')) {
    const problems = rulePageProblems(folder, pages);
    for (const problem of problems) console.error(`${rulePageFolder}/${problem}: run node --import=tsx scripts/rule-pages.ts`);
    process.exit(problems.length > 0 ? 1 : 0);
  }
  for (const [path, text] of pages) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  for (const path of leftOver(folder, pages)) rmSync(join(folder, path));
}

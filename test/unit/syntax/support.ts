/** What the syntax tests share: the dialect as shipped, a parser, and a stand-in for the preprocessor. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadKnowledge } from '../../../server/src/knowledge/load';
import type { Dialect } from '../../../server/src/syntax/marks';
import { createParser, type Parser } from '../../../server/src/syntax/parser';
import { scan, TokenKind } from '../../../server/src/syntax/tokens';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The dialect as shipped. */
export function shippedDialect(): Dialect {
  const names = ['dialect.yaml', 'loops.yaml'];
  return loadKnowledge(names.map((name) => ({ name, text: readFileSync(`${root}server/knowledge/${name}`, 'utf8') }))).knowledge.dialect;
}

export async function newParser(): Promise<Parser> {
  return createParser(
    readFileSync(root + 'node_modules/web-tree-sitter/web-tree-sitter.wasm'),
    readFileSync(root + 'node_modules/tree-sitter-c/tree-sitter-c.wasm'),
  );
}

const blanks = (text: string): string => text.replace(/[^\r\n]/g, ' ');

/** Blanks comments and directives and keeps the first branch of each conditional (none of `#if 0`): enough to feed the mask in tests. */
export function standInPreprocess(text: string): string {
  const tokens = scan(text);
  let result = '';
  let done = 0;
  const kept: { active: boolean; taken: boolean }[] = [];
  const active = (): boolean => kept.every((k) => k.active);
  for (let i = 0; i < tokens.count; i++) {
    const start = tokens.start[i];
    const end = tokens.end[i];
    result += blanks(text.slice(done, start));
    done = end;
    if (tokens.kind[i] !== TokenKind.Directive) {
      result += active() ? text.slice(start, end) : blanks(text.slice(start, end));
      continue;
    }
    result += blanks(text.slice(start, end));
    const [, name, rest] = /^#\s*(\w*)\s*(.*)/.exec(text.slice(start, end)) ?? ['', '', ''];
    const top = kept[kept.length - 1];
    if (/^if/.test(name)) kept.push({ active: !/^0\b/.test(rest), taken: !/^0\b/.test(rest) });
    else if (/^el/.test(name) && top) Object.assign(top, { active: !top.taken, taken: true });
    else if (name === 'endif') kept.pop();
  }
  return result + blanks(text.slice(done));
}

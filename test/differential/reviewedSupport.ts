/** What the tests of hand-read findings share. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const texts = new Map<string, string[]>();

/** A line of a file of a kernel's source, without its indentation. */
export function textAt(source: string, path: string, line: number): string {
  const absolute = path.startsWith('/') ? path : join(source, path);
  let lines = texts.get(absolute);
  if (!lines) texts.set(absolute, (lines = existsSync(absolute) ? readFileSync(absolute, 'utf8').split('\n') : []));
  return (lines[line - 1] ?? '').trim();
}

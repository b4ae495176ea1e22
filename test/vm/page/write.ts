/** Writes the page of the campaign into a folder. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { labDrivers } from '../lab/drivers';
import { pageData } from './data';
import { pageOf } from './page';

/** `results` has a folder per kernel line; the page and its plots go beside it. Returns the names of the written files. */
export function writePage(results: string, line: string): string[] {
  const page = pageOf(
    pageData(results, line),
    labDrivers().map((d) => d.module),
  );
  const folder = dirname(resolve(results));
  for (const [name, text] of page.files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return [...page.files.keys()];
}

/**
 * Writes the settings of the one table (server/src/lsp/settings.ts) into package.json, for the editor's settings page.
 *
 *   node --import=tsx scripts/manifest.ts            writes
 *   node --import=tsx scripts/manifest.ts --check    writes nothing; exit 1 if package.json differs
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { configurationProperties } from '../server/src/lsp/settings';

const file = join(fileURLToPath(new URL('..', import.meta.url)), 'package.json');

/** The manifest's text with the settings of the table; everything else as it is. */
export function withSettings(manifestText: string): string {
  const manifest = JSON.parse(manifestText);
  manifest.contributes.configuration = configurationProperties();
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = readFileSync(file, 'utf8');
  const wanted = withSettings(text);
  if (process.argv.includes('--check')) {
    if (text === wanted) process.exit(0);
    console.error('The settings in package.json are not those of server/src/lsp/settings.ts: run node --import=tsx scripts/manifest.ts');
    process.exit(1);
  }
  writeFileSync(file, wanted);
}

/** What the server holds in memory, as lines of text. */
import type { MemoryUsageResult } from '../../server/src/lsp/protocol';

export function memoryText(usage: MemoryUsageResult): string {
  const row = (name: string, value: number | string) => `  ${name.padEnd(28)}${String(value).padStart(12)}`;
  const process = (name: string, heapBytes: number, residentBytes: number) => [
    name,
    row('heap', mebibytes(heapBytes)),
    row('resident', mebibytes(residentBytes)),
  ];
  const lines = [
    ...process('Language server', usage.server.heapBytes, usage.server.residentBytes),
    row('open documents', usage.openDocuments),
    row('module reports', usage.analyses),
  ];
  usage.engines.forEach((engine, index) => {
    lines.push(
      '',
      ...process(`Analysis engine${usage.engines.length > 1 ? ` ${index + 1}` : ''}`, engine.heapBytes, engine.residentBytes),
      row('syntax trees', engine.liveTrees),
      row('cached files', engine.cachedFiles),
    );
  });
  return `${lines.join('\n')}\n`;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

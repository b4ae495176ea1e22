/**
 * Writes a corpus report as Markdown: entry points per subsystem, sizes of field sets, resynchronization, what can be isolated, and
 * how much of the corpus was understood.
 *
 *   fgft analyze KERNEL/drivers KERNEL/sound --jobs 2 --format json -o report.json
 *   node --import=tsx scripts/corpus.ts report.json > corpus.md
 *
 * The report may also be one that `fgft merge` made. It is read one driver at a time.
 */
import { readReportFile } from '../server/src/cli/reportFile';
import type { DriverReport } from '../server/src/report/model';
import { Corpus } from './corpus-figures';
import { corpusMarkdown } from './corpus-markdown';

async function main(path: string | undefined): Promise<void> {
  if (path === undefined) throw new Error('usage: corpus.ts REPORT.json');
  const { head, drivers } = await readReportFile(path);
  const corpus = new Corpus();
  for (const driver of drivers) corpus.add(JSON.parse(await driver.read()) as DriverReport);
  process.stdout.write(corpusMarkdown(head, corpus));
}

main(process.argv[2]).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
});

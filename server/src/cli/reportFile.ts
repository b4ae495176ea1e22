import { createReadStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import type { Report } from '../report/model';

/** A driver of a report file: parsed when it is asked for, so that many shards need not stand in memory. */
export interface StoredDriver {
  /** Its JSON text. */
  read(): Promise<string>;
}

export interface ReportFile {
  head: Omit<Report, 'drivers' | 'summary'>;
  summary: Report['summary'] | undefined;
  drivers: StoredDriver[];
}

const FIRST_LINE_END = '"drivers":[';
/** A first line that is longer than this is a report without lines. Bytes. */
const HEAD_LIMIT = 64 * 1024;

/** Reads a JSON report: line by line when it has a driver a line, as `fgft analyze` writes folders, else as a whole. Rejects with a SyntaxError for what is no JSON, and as reading does. */
export async function readReportFile(path: string): Promise<ReportFile> {
  return (await readLines(path)) ?? readWhole(path);
}

async function readWhole(path: string): Promise<ReportFile> {
  const { drivers, summary, ...head } = JSON.parse(await readFile(path, 'utf8')) as Report;
  return { head, summary, drivers: (drivers ?? []).map((driver) => ({ read: () => Promise.resolve(JSON.stringify(driver)) })) };
}

async function readLines(path: string): Promise<ReportFile | null> {
  let head: ReportFile['head'] | undefined;
  let summary: ReportFile['summary'];
  const drivers: StoredDriver[] = [];
  for await (const { start, end, bytes } of linesOf(path, () => head === undefined)) {
    if (!head) {
      const text = bytes?.toString('utf8') ?? '';
      if (!text.endsWith(FIRST_LINE_END)) return null;
      head = JSON.parse(`${text.slice(0, -`,${FIRST_LINE_END}`.length)}}`) as ReportFile['head'];
    } else if (end > start) {
      const line = await textOf(path, start, Math.min(end, start + 16));
      if (line.startsWith('],')) summary = (JSON.parse(`{${(await textOf(path, start, end)).slice(2)}`) as Pick<Report, 'summary'>).summary;
      else drivers.push({ read: async () => (await textOf(path, start, end)).replace(/,$/, '') });
    }
  }
  // Without its last line the file was cut off.
  return head && summary ? { head, summary, drivers } : null;
}

/** The lines of a file as ranges of bytes; with their bytes as long as `wanted`. */
async function* linesOf(path: string, wanted: () => boolean): AsyncGenerator<{ start: number; end: number; bytes: Buffer | null }> {
  let start = 0;
  let offset = 0;
  let held: Buffer[] = [];
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      const bytes = wanted() ? Buffer.concat([...held, chunk.subarray(from, at)]) : null;
      yield { start, end: offset + at, bytes };
      held = [];
      from = at + 1;
      start = offset + from;
    }
    if (wanted()) held.push(chunk.subarray(from));
    offset += chunk.length;
    if (wanted() && offset - start > HEAD_LIMIT) return;
  }
  if (offset > start) yield { start, end: offset, bytes: wanted() ? Buffer.concat(held) : null };
}

async function textOf(path: string, start: number, end: number): Promise<string> {
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(end - start);
    await file.read(buffer, 0, buffer.length, start);
    return buffer.toString('utf8');
  } finally {
    await file.close();
  }
}

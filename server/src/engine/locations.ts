/** From offsets in masked texts to positions in files. */
import { type Located, type Locator, startOf } from '../report/locator';
import type { RangeLocation } from '../report/model';
import { originOf } from '../syntax/preprocessed';
import type { ParsedFile } from './parsedFile';

/** A locator over parsed files. Positions are computed once per place: a report asks for the same ones for many entry points. */
export function fileLocator(files: readonly ParsedFile[], display: (path: string) => string): Locator {
  const byPath = new Map(files.map((f) => [f.path, { file: f, shown: display(f.path), known: new Map<number, Located>() }]));
  return {
    display,
    text: (path, maskedOffset, length) => {
      const entry = byPath.get(path);
      if (!entry || length <= 0) return '';
      const { segments } = entry.file.preprocessed;
      const from = originOf(segments, maskedOffset).offset;
      const to = originOf(segments, maskedOffset + length - 1).offset;
      return entry.file.text
        .slice(from, Math.max(from, to) + 1)
        .replace(/\s+/g, ' ')
        .trim();
    },
    locate: (path, maskedOffset, length) => {
      const entry = byPath.get(path);
      if (!entry) return located({ file: display(path), line: 1, column: 1, endLine: 1, endColumn: 1 }, null);
      const key = maskedOffset * 4096 + Math.min(length, 4095);
      let found = entry.known.get(key);
      if (!found) entry.known.set(key, (found = locate(entry.file, entry.shown, maskedOffset, length)));
      return found;
    },
  };
}

function locate(file: ParsedFile, shown: string, maskedOffset: number, length: number): Located {
  const origin = originOf(file.preprocessed.segments, maskedOffset);
  const last = originOf(file.preprocessed.segments, maskedOffset + Math.max(0, length - 1));
  const start = file.lines.position(origin.offset);
  // Text that came through a macro has no extent of its own in the file beyond the place of use.
  const end = file.lines.position(
    last.macro === origin.macro && last.offset >= origin.offset ? last.offset + (length > 0 ? 1 : 0) : origin.offset,
  );
  return located(
    { file: shown, line: start.line + 1, column: start.column + 1, endLine: end.line + 1, endColumn: end.column + 1 },
    origin.macro,
  );
}

function located(location: RangeLocation, macro: string | null): Located {
  return { location, start: startOf(location), macro };
}

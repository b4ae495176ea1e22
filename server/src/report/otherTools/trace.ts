/** Reports of a running kernel: oopses, KASAN and its kin, warnings. What counts is who was running, which the call trace tells. */
import type { ImportedFinding } from './model';

/** First lines. KASAN and its kin name the tool. */
const BEGIN =
  /\b(BUG: (KASAN|KCSAN|KMSAN|KFENCE)[^\n]*|UBSAN: [^\n]*|BUG: [^\n]*|Oops: [^\n]*|general protection fault[^\n]*|kernel BUG at [^\n]*|WARNING: [^\n]*(?:\bat |CPU: )[^\n]*|Unable to handle kernel [^\n]*)/;
/** `name+0x12/0x34 [module]`, without the lines marked `?`, which are leftovers of the stack. */
const FRAME = /(?:^|\s)(?:RIP: \w+:)?([A-Za-z_][\w.]*)\+0x[0-9a-f]+\/0x[0-9a-f]+(?:\s+\[([\w-]+)[^\]]*\])?/;
const END = /---\[ end (trace|Kernel panic)|^\s*$|={20,}/;
/** A trace that has not ended after this many lines goes on without us. */
const MAXIMUM_LINES = 200;

/** The report that begins at a line, with its last line; null when none begins there. */
export function parseTrace(lines: readonly string[], at: number): { finding: ImportedFinding; last: number } | null {
  const begin = BEGIN.exec(lines[at]);
  if (!begin) return null;
  const frames: { name: string; module: string | null }[] = [];
  let last = at;
  for (let i = at; i < lines.length && i < at + MAXIMUM_LINES; i++) {
    const line = withoutStamp(lines[i]);
    if (i > at && (frames.length > 0 || BEGIN.test(line)) && END.test(line)) break;
    last = i;
    if (/^\s*\? /.test(line)) continue;
    const frame = FRAME.exec(line);
    if (frame) frames.push({ name: frame[1].replace(/\.(?:part|isra|constprop|cold)\b.*$/, ''), module: frame[2] ?? null });
  }
  // The innermost frame of a module is the driver; functions of the kernel itself are not anyone's suspect.
  const own = frames.find((f) => f.module !== null);
  const finding: ImportedFinding = {
    tool: begin[2] ?? (begin[1].startsWith('UBSAN') ? 'UBSAN' : 'kernel'),
    severity: begin[1].startsWith('WARNING') ? 'warning' : 'error',
    message: begin[1].trim(),
    file: null,
    line: null,
    function: own?.name ?? frames[0]?.name ?? null,
    module: own?.module ?? null,
  };
  return frames.length === 0 ? null : { finding, last };
}

/** Without `[   12.345678][  T123] ` and the prefix of a log daemon. */
function withoutStamp(line: string): string {
  return line.replace(/^.*?\[\s*\d+\.\d+\](\[\s*[TC]\d+\])?\s?/, '');
}

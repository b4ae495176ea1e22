/** The formats in which other tools report: SARIF, lines with a place, stack traces of the kernel. */
import type { Severity } from '../model';
import type { ImportedFinding } from './model';
import { parseSarif } from './sarif';
import { parseTrace } from './trace';

/** All findings of a text, in its order. Lines that are none are left out; a text without any gives an empty list. */
export function parseFindings(text: string): ImportedFinding[] {
  const sarif = parseSarif(text);
  if (sarif) return sarif;
  const found: ImportedFinding[] = [];
  const lines = text.split(/\r?\n/);
  for (let i = 0; i < lines.length; i++) {
    const trace = parseTrace(lines, i);
    if (trace) {
      found.push(trace.finding);
      i = trace.last;
      continue;
    }
    const finding = parseLine(lines[i]);
    if (finding) found.push(finding);
  }
  return withoutRepeats(found);
}

const WORDS: Readonly<Record<string, Severity>> = {
  'fatal error': 'error',
  error: 'error',
  warning: 'warning',
  warn: 'warning',
  warn_on: 'warning',
  info: 'information',
  style: 'hint',
  check: 'hint',
};

/** `file:line:column: warning: text` of gcc, clang, sparse and checkpatch. */
const COMPILER =
  /^\s*(?:\.\/)?([^\s:][^:\n]*\.[ch]):(\d+)(?::(\d+)(?:-\d+)?)?: ?(?:(fatal error|error|warning|note|remark|info|style|check)\b:?)?( *)(.*)$/i;
/** `file:line function() warn: text` of smatch. */
const SMATCH = /^\s*(?:\.\/)?([^\s:][^:\n]*\.[ch]):(\d+) (\w+)\(\) (?:(\w+): )?(.*)$/;
/** Emacs org lines of coccinelle: `* TODO [[view:file::face=…::linb=12::…][text]]`. */
const ORGANISED = /^\*+ (?:TODO )?\[\[view:([^:\]]+)::[^\]]*?linb=(\d+)[^\]]*\]\[(.*?)\]\]/;

function parseLine(line: string): ImportedFinding | null {
  const smatch = SMATCH.exec(line);
  if (smatch) {
    const [, file, number, name, word, message] = smatch;
    return { tool: 'smatch', severity: severityOf(word), message, file, line: Number(number), function: name, module: null };
  }
  const organised = ORGANISED.exec(line);
  if (organised) {
    const [, file, number, message] = organised;
    return { tool: 'coccinelle', severity: 'warning', message, file, line: Number(number), function: null, module: null };
  }
  const compiler = COMPILER.exec(line);
  if (!compiler) return null;
  const [, file, number, , word, indent, message] = compiler;
  // A note or an indented line belongs to the finding before it, and an include chain ("from x.c:3:") is no finding.
  if (message === '' || indent.length > 2 || /^(note|remark)$/i.test(word ?? '') || /^(from|in file included)\b/i.test(line.trim()))
    return null;
  return { tool: toolOf(line, message), severity: severityOf(word), message, file, line: Number(number), function: null, module: null };
}

function severityOf(word: string | undefined): Severity {
  return WORDS[(word ?? '').toLowerCase()] ?? 'warning';
}

function toolOf(line: string, message: string): string {
  if (/\[-W[\w=+-]+\]$/.test(message)) return 'compiler';
  if (/:\d+:\d+-\d+:/.test(line)) return 'coccinelle';
  if (/\[(clang-analyzer-|alpha\.|core\.|unix\.|deadcode\.|security\.)/.test(message)) return 'clang-analyzer';
  return 'unknown';
}

function withoutRepeats(found: readonly ImportedFinding[]): ImportedFinding[] {
  const seen = new Set<string>();
  return found.filter((f) => {
    const key = JSON.stringify([f.file, f.line, f.function, f.message]);
    return !seen.has(key) && seen.add(key);
  });
}

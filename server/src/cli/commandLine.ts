import { parseArgs } from 'node:util';
import { severities } from '../report/findingLists';
import type { Severity } from '../report/model';
import { type Adjustments, parseRuleSwitch } from '../report/ruleSwitches';
import { ruleCatalogue } from '../report/ruleCatalogue';
import type { CheckpointCommand } from './checkpoint';
import type { CompareCommand } from './compare';
import type { IsolateCommand } from './isolate';
import type { SuspectsCommand } from './suspects';
import type { Format } from './writers';

export interface AnalyzeCommand {
  command: 'analyze';
  paths: string[];
  kernel?: string;
  entries: string[];
  format: Format;
  /** Undefined: standard output. */
  output?: string;
  /** Undefined: the engine chooses. */
  jobs?: number;
  /** The `index`th (from 1) of `count` parts of the modules. */
  shard?: { index: number; count: number };
  /** Where isolated modules are looked for, as in the setting `fgft.isolate.folder`. */
  isolateFolder?: string;
  /** May results of earlier runs be used and kept? */
  cache: boolean;
  failOn?: Severity;
  /** Which findings there are and how severe, as the user says. */
  adjustments: Adjustments;
  dumpLayout: string[];
}

export type Command =
  | AnalyzeCommand
  | { command: 'merge'; reports: string[]; output?: string }
  | SuspectsCommand
  | CompareCommand
  | IsolateCommand
  | CheckpointCommand
  | { command: 'doctor'; file: string; kernel?: string }
  | { command: 'lsp' }
  | { command: 'help'; topic: string | null }
  | { command: 'version' };

/** What was typed is wrong. */
export type ParseFailure = { failure: 'usage'; message: string; topic: string | null };

const formats: readonly Format[] = ['text', 'json', 'sarif', 'html'];
const commands = ['analyze', 'isolate', 'checkpoint', 'suspects', 'compare', 'merge', 'doctor', 'lsp'];

/** What the words after `fgft` ask for. Reads nothing but its argument. */
export function parseCommandLine(words: string[]): Command | ParseFailure {
  const [first, ...rest] = words;
  if (first === undefined || first === 'help' || first === '--help' || first === '-h') return { command: 'help', topic: rest[0] ?? null };
  if (first === '--version' || first === '-V' || first === 'version') return { command: 'version' };
  if (!commands.includes(first)) {
    const what = first.startsWith('-') ? `unknown option '${first}'` : `unknown command '${first}'`;
    return usage(`${what}; the commands are ${commands.join(', ')}`, null);
  }
  if (rest.includes('--help') || rest.includes('-h')) return { command: 'help', topic: first };
  try {
    if (first === 'analyze') return parseAnalyze(rest);
    if (first === 'merge') return parseMerge(rest);
    if (first === 'isolate') return parseIsolate(rest);
    if (first === 'checkpoint') return parseCheckpoint(rest);
    if (first === 'suspects') return parseSuspects(rest);
    if (first === 'compare') return parseCompare(rest);
    if (first === 'doctor') return parseDoctor(rest);
    return parseLsp(rest);
  } catch (error) {
    // parseArgs throws a TypeError whose message says what is wrong, with advice for its own caller behind the first sentence.
    return usage((error instanceof Error ? error.message : String(error)).replace(/\. To specify a positional.*$/s, ''), first);
  }
}

function usage(message: string, topic: string | null): ParseFailure {
  return { failure: 'usage', message, topic };
}

function parseAnalyze(words: string[]): Command | ParseFailure {
  const { kept, records } = takeLayoutRecords(words);
  const { values, positionals } = parseArgs({
    args: kept,
    allowPositionals: true,
    options: {
      kernel: { type: 'string' },
      entry: { type: 'string', multiple: true },
      format: { type: 'string' },
      output: { type: 'string', short: 'o' },
      jobs: { type: 'string', short: 'j' },
      'fail-on': { type: 'string' },
      rule: { type: 'string', multiple: true },
      'cost-threshold': { type: 'string' },
      shard: { type: 'string' },
      'isolate-folder': { type: 'string' },
      'no-cache': { type: 'boolean' },
    },
  });
  if (positionals.length === 0 && records.length === 0)
    return usage('no PATH is given: name a .c file, a driver folder or a part of a kernel tree', 'analyze');
  const format = values.format ?? 'text';
  if (!isOneOf(formats, format)) return usage(`unknown format '${format}'; the formats are ${formats.join(', ')}`, 'analyze');
  const failOn = values['fail-on'];
  if (failOn !== undefined && !isOneOf(severities, failOn)) {
    return usage(`unknown level '${failOn}'; the levels are ${[...severities].reverse().join(', ')}`, 'analyze');
  }
  const rules = new Map<string, Severity | 'off'>();
  for (const text of values.rule ?? []) {
    const parsed = parseRuleSwitch(text);
    if (!parsed)
      return usage(`--rule takes ID=LEVEL with a level of ${[...severities].reverse().join(', ')} or off, not '${text}'`, 'analyze');
    if (!Object.hasOwn(ruleCatalogue, parsed[0])) return usage(`there is no rule '${parsed[0]}'`, 'analyze');
    rules.set(...parsed);
  }
  const threshold = values['cost-threshold'];
  if (threshold !== undefined && !/^\d{1,12}$/.test(threshold))
    return usage(`--cost-threshold takes nanoseconds, not '${threshold}'`, 'analyze');
  const { jobs } = values;
  if (jobs !== undefined && !/^[1-9]\d{0,3}$/.test(jobs)) return usage(`--jobs takes a positive number, not '${jobs}'`, 'analyze');
  const shard = values.shard === undefined ? undefined : shardOf(values.shard);
  if (shard === null) return usage(`--shard takes I/N with I from 1 to N, not '${values.shard}'`, 'analyze');
  if (shard && values.entry) return usage('--shard and --entry do not go together', 'analyze');
  const empty = (['kernel', 'output', 'isolate-folder'] as const).find((name) => values[name] === '');
  if (empty) return usage(`--${empty} is empty`, 'analyze');
  return {
    command: 'analyze',
    paths: positionals,
    kernel: values.kernel,
    entries: [...new Set(values.entry ?? [])],
    format,
    output: values.output,
    jobs: jobs === undefined ? undefined : Number(jobs),
    shard,
    isolateFolder: values['isolate-folder'],
    cache: values['no-cache'] !== true,
    failOn,
    adjustments: { rules, costThreshold: Number(threshold ?? 0) },
    dumpLayout: records,
  };
}

/** null: it is no shard. */
function shardOf(text: string): AnalyzeCommand['shard'] | null {
  const parts = /^(\d{1,6})\/(\d{1,6})$/.exec(text);
  if (!parts) return null;
  const [index, count] = [Number(parts[1]), Number(parts[2])];
  return index >= 1 && index <= count ? { index, count } : null;
}

function parseMerge(words: string[]): Command | ParseFailure {
  const { values, positionals } = parseArgs({ args: words, allowPositionals: true, options: { output: { type: 'string', short: 'o' } } });
  if (positionals.length === 0) return usage('no REPORT is given: name the JSON reports to join', 'merge');
  if (values.output === '') return usage('--output is empty', 'merge');
  return { command: 'merge', reports: positionals, output: values.output };
}

const textFormats = ['text', 'json'] as const;

function parseSuspects(words: string[]): Command | ParseFailure {
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: { findings: { type: 'string', multiple: true }, kernel: { type: 'string' }, format: { type: 'string' } },
  });
  if (positionals.length === 0) return usage('no PATH is given: name the drivers that the findings are about', 'suspects');
  if (!values.findings || values.findings.includes(''))
    return usage("--findings FILE is missing: a file with another tool's findings", 'suspects');
  const format = values.format ?? 'text';
  if (!isOneOf(textFormats, format)) return usage(`unknown format '${format}'; the formats are ${textFormats.join(', ')}`, 'suspects');
  return { command: 'suspects', paths: positionals, findings: values.findings, kernel: values.kernel, format };
}

function parseCompare(words: string[]): Command | ParseFailure {
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: { format: { type: 'string' }, 'fail-on-worse': { type: 'boolean' } },
  });
  if (positionals.length !== 2) return usage('compare takes two reports: the one before a change and the one after it', 'compare');
  const format = values.format ?? 'text';
  if (!isOneOf(textFormats, format)) return usage(`unknown format '${format}'; the formats are ${textFormats.join(', ')}`, 'compare');
  return { command: 'compare', before: positionals[0], after: positionals[1], format, failOnWorse: values['fail-on-worse'] === true };
}

/** `--dump-layout` takes every word up to the next option, which parseArgs has no notion of. */
function takeLayoutRecords(words: string[]): { kept: string[]; records: string[] } {
  const kept: string[] = [];
  const records: string[] = [];
  let inside = false;
  for (const word of words) {
    if (word === '--dump-layout') inside = true;
    else if (word.startsWith('--dump-layout=')) records.push(word.slice('--dump-layout='.length));
    else if (word.startsWith('-')) {
      inside = false;
      kept.push(word);
    } else (inside ? records : kept).push(word);
  }
  return { kept, records };
}

function parseIsolate(words: string[]): Command | ParseFailure {
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: {
      entry: { type: 'string', multiple: true },
      all: { type: 'boolean' },
      kernel: { type: 'string' },
      out: { type: 'string', short: 'o' },
      force: { type: 'boolean' },
    },
  });
  if (positionals.length !== 1) return usage('isolate takes one PATH: a .c file or a driver folder', 'isolate');
  if (!values.out) return usage('no --out DIR is given: where the module is to be written', 'isolate');
  if (values.all && values.entry) return usage('--all and --entry do not go together', 'isolate');
  if (!values.all && !values.entry) return usage('name entry points with --entry NAME, or take --all', 'isolate');
  return {
    command: 'isolate',
    path: positionals[0],
    entries: [...new Set(values.entry ?? [])],
    kernel: values.kernel,
    out: values.out,
    force: values.force === true,
  };
}

function parseCheckpoint(words: string[]): Command | ParseFailure {
  const { values, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: { kernel: { type: 'string' }, out: { type: 'string', short: 'o' } },
  });
  if (positionals.length !== 1) return usage('checkpoint takes one PATH: a .c file or a driver folder', 'checkpoint');
  if (!values.out) return usage('no --out FILE is given: where the functions are to be written', 'checkpoint');
  return { command: 'checkpoint', path: positionals[0], kernel: values.kernel, out: values.out };
}

function parseDoctor(words: string[]): Command | ParseFailure {
  const { values, positionals } = parseArgs({ args: words, allowPositionals: true, options: { kernel: { type: 'string' } } });
  if (positionals.length !== 1) return usage('doctor takes one FILE', 'doctor');
  return { command: 'doctor', file: positionals[0], kernel: values.kernel };
}

function parseLsp(words: string[]): Command | ParseFailure {
  const { values } = parseArgs({ args: words, options: { stdio: { type: 'boolean' }, clientProcessId: { type: 'string' } } });
  if (!values.stdio) return usage('lsp needs --stdio: the server speaks on standard input and output only', 'lsp');
  return { command: 'lsp' };
}

function isOneOf<T extends string>(allowed: readonly T[], value: string): value is T {
  return (allowed as readonly string[]).includes(value);
}

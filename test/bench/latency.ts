/** From a keystroke, and from opening a file, to fresh diagnostics: this language server beside clangd, in turns on the same files. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { editPlaces } from './editing';
import { type DriverFile, driverFile } from './driverFiles';
import { type DriverName, kernelBuild, newestClangd, writeCompileCommands } from './kernelBuild';
import { emptySection, mebibytes, milliseconds, ratioText, type SectionResult } from './output';
import { type ServerCommand, Session } from './session';
import type { BenchSetting } from './setting';
import { median, series, type Series } from './statistics';

/** Most that an edit may take, as a share of clangd's time. */
const EDIT_BUDGET = 1 / 5;
/** An edit counts as one by itself when it comes so many milliseconds after the answer to the one before. */
const PAUSE = 1100;
/** Milliseconds after an answer until the server has kept what it learned; sessions with an editor last longer. */
const SETTLE = 5000;
/** A small driver, analysed once so that the kernel is known when another file is opened. Beside 8139too. */
const OTHER_FILE = '8139cp.c';
/** Keystrokes of one burst of typing, and the milliseconds between them. */
const BURST = 5;
const KEY_INTERVAL = 80;
const BURSTS = 4;

interface ServerNumbers {
  /** Milliseconds from `didOpen` to the first diagnostics, a fresh server each time; of ours, when it had the file open in an earlier start. */
  opens: number[];
  /** The same for a file that it has never seen, of a kernel that it has. clangd keeps nothing: these are its `opens`. */
  newOpens: number[];
  /** The same until the findings are those of the whole module. */
  wholeOpens: number[];
  edits: number[];
  /** clangd without its pause for further typing. */
  editsAtOnce: number[];
  /** Of our edits: the analysis alone, without waiting and the way to the client. */
  analyses: number[];
  /** From the last keystroke of a burst. */
  typing: number[];
  peakBytes: number;
  /** The same once the client has asked for everything that the report holds. */
  reportPeakBytes: number;
  firstDiagnostics: number;
}

function noNumbers(): ServerNumbers {
  return {
    opens: [],
    newOpens: [],
    wholeOpens: [],
    edits: [],
    editsAtOnce: [],
    analyses: [],
    typing: [],
    peakBytes: 0,
    reportPeakBytes: 0,
    firstDiagnostics: 0,
  };
}

export interface FileNumbers {
  file: string;
  lines: number;
  ours: ServerNumbers;
  /** From opening to findings when no cache is there yet. */
  openWithoutCache: number;
  entryPoints: number;
  /** The kernel that we read the driver against. */
  kernel: string | null;
  clangd: ServerNumbers | null;
  /** Errors among clangd's diagnostics: above a few, it has not read what the compiler reads. */
  clangdErrors: number;
}

/** The server of this checkout as an editor starts it. */
export function ourServer({ dist, headers }: BenchSetting, cacheFolder: string): ServerCommand {
  return {
    command: [process.execPath, join(dist, 'server.cjs'), '--stdio'],
    pulls: true,
    initializationOptions: { cacheFolder },
    settings: { kernelRoot: headers },
  };
}

export async function measureLatency(setting: BenchSetting, say: (line: string) => void): Promise<SectionResult> {
  const section = emptySection();
  const names: readonly DriverName[] = setting.options.files ?? ['8139too', 'e1000', 'i40e', 'ixgbe'];
  const folder = mkdtempSync(join(tmpdir(), 'fgft-bench-'));
  try {
    const files = names.map((name) => driverFile(name, folder, setting));
    const clangd = newestClangd();
    const build = kernelBuild(setting.headers);
    if (clangd === null) section.skipped.push('no clangd is installed (apt-get install clangd-22 or clangd-19): ours alone');
    else if (typeof build === 'string') section.skipped.push(`clangd would not know the compiler's flags: ${build}`);
    else
      writeCompileCommands(
        folder,
        build,
        files.map((file) => file.path),
      );
    const theirs: ServerCommand | null =
      clangd === null || typeof build === 'string'
        ? null
        : {
            // What would cost it time or memory beside the diagnostics of the open file is off.
            command: [clangd.command, `--compile-commands-dir=${folder}`, '--background-index=false', '--clang-tidy=false', '--log=error'],
            pulls: false,
          };
    const numbers: FileNumbers[] = [];
    const knownKernel = join(folder, 'cache-kernel');
    await openOther(files[0], setting, knownKernel);
    for (const file of files) {
      say(`latency: ${basename(file.path)}`);
      numbers.push(
        await measureFile(file, setting, { folder: join(folder, `cache-${basename(file.path)}`), knownKernel }, theirs, section),
      );
    }
    section.tables.push(openTable(numbers, clangd?.version), editTable(numbers), memoryTable(numbers));
    section.data = { clangd: clangd?.version ?? null, files: numbers.map(summary) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return section;
}

/** Fills a cache as a session with some other driver of the same kernel leaves it. */
async function openOther(file: DriverFile, setting: BenchSetting, cache: string): Promise<void> {
  const path = join(dirname(file.path), OTHER_FILE);
  mkdirSync(cache);
  const session = await Session.start(ourServer(setting, cache), file.folder, path);
  await session.open(readFileSync(path, 'utf8'));
  await session.rest(SETTLE);
  await session.stop();
}

async function measureFile(
  file: DriverFile,
  setting: BenchSetting,
  caches: { folder: string; knownKernel: string },
  theirs: ServerCommand | null,
  section: SectionResult,
): Promise<FileNumbers> {
  const text = readFileSync(file.path, 'utf8');
  const numbers: FileNumbers = {
    file: basename(file.path),
    kernel: null,
    lines: text.split('\n').length - 1,
    ours: noNumbers(),
    openWithoutCache: Number.NaN,
    entryPoints: 0,
    clangd: theirs ? noNumbers() : null,
    clangdErrors: 0,
  };
  mkdirSync(caches.folder);
  const ours = ourServer(setting, caches.folder);
  const begin = async (server: ServerCommand, into: number[] | null, target?: ServerNumbers): Promise<Session> => {
    const session = await Session.start(server, file.folder, file.path);
    const { milliseconds: duration, diagnostics } = await session.open(text);
    if (into) into.push(duration);
    else numbers.openWithoutCache = duration;
    if (target) target.firstDiagnostics = diagnostics.length;
    if (!server.pulls) numbers.clangdErrors = diagnostics.filter((d) => d.severity === 1).length;
    return session;
  };
  const first = await begin(ours, null);
  await first.rest(SETTLE);
  await first.stop();
  for (let open = 0; open < setting.options.opens; open++) {
    const fresh = `${caches.folder}-${open}`;
    cpSync(caches.knownKernel, fresh, { recursive: true });
    const unseen = await Session.start({ ...ourServer(setting, fresh), refreshes: true }, file.folder, file.path);
    const { first, whole } = await unseen.openInSteps(text);
    numbers.ours.newOpens.push(first);
    numbers.ours.wholeOpens.push(whole);
    numbers.ours.peakBytes = Math.max(numbers.ours.peakBytes, unseen.peakBytes());
    await unseen.stop();
    const mine = await begin(ours, numbers.ours.opens, numbers.ours);
    const other = theirs && numbers.clangd ? await begin(theirs, numbers.clangd.opens, numbers.clangd) : null;
    if (open === setting.options.opens - 1) await measureEdits(text, mine, other, numbers, setting, section);
    numbers.ours.reportPeakBytes = Math.max(numbers.ours.reportPeakBytes, mine.peakBytes());
    if (other && numbers.clangd) numbers.clangd.peakBytes = Math.max(numbers.clangd.peakBytes, other.peakBytes());
    await mine.stop();
    await other?.stop();
  }
  if (numbers.entryPoints === 0) section.wrong.push(`${numbers.file}: the language server reports no entry point`);
  if (numbers.clangdErrors > 10)
    section.skipped.push(`${numbers.file}: clangd sees ${numbers.clangdErrors} errors, so its times may mean little`);
  return numbers;
}

async function measureEdits(
  text: string,
  mine: Session,
  other: Session | null,
  numbers: FileNumbers,
  setting: BenchSetting,
  section: SectionResult,
): Promise<void> {
  const { edits } = setting.options;
  // Two edits of clangd for each of ours; every place is used once per server, if there are enough.
  const places = editPlaces(text, 2 * edits + BURST * BURSTS);
  if (places.length < BURST) {
    section.skipped.push(`${numbers.file}: no place to edit`);
    return;
  }
  const place = (i: number) => places[i % places.length];
  for (let edit = 0; edit < edits; edit++) {
    await mine.rest(PAUSE);
    numbers.ours.edits.push((await mine.edit(place(2 * edit), '1')).milliseconds);
    numbers.ours.analyses.push(mine.analysisMilliseconds());
    if (!other || !numbers.clangd) continue;
    await other.rest(PAUSE);
    numbers.clangd.edits.push((await other.edit(place(2 * edit), '1')).milliseconds);
    await other.rest(PAUSE);
    numbers.clangd.editsAtOnce.push((await other.edit(place(2 * edit + 1), '1', 'at once')).milliseconds);
  }
  for (let burst = 0; burst < BURSTS; burst++) {
    const keys = Array.from({ length: BURST }, (_, i) => place(2 * edits + burst * BURST + i));
    await mine.rest(PAUSE);
    numbers.ours.typing.push((await mine.type(keys, KEY_INTERVAL)).milliseconds);
    if (!other || !numbers.clangd) continue;
    await other.rest(PAUSE);
    numbers.clangd.typing.push((await other.type(keys, KEY_INTERVAL)).milliseconds);
  }
  numbers.ours.peakBytes = Math.max(numbers.ours.peakBytes, mine.peakBytes());
  const answer = await mine.report();
  numbers.entryPoints = answer?.report.summary.entryPoints ?? 0;
  numbers.kernel = answer?.report.kernel.root ?? null;
  if (!setting.options.inTree && numbers.kernel !== basename(setting.headers))
    section.wrong.push(`${numbers.file}: read against ${numbers.kernel}, not ${setting.headers}`);
  if (answer && !answer.upToDate) section.wrong.push(`${numbers.file}: the report after the last edit is outdated`);
}

function openTable(numbers: readonly FileNumbers[], clangd: string | undefined) {
  return {
    title: `Open to first findings, against clangd ${clangd ?? '(none)'} (medians; a fresh server each time, started before)`,
    columns: [
      'file',
      'lines',
      'entry points',
      'read against',
      'ours: new file',
      'its module',
      'known file',
      'without cache',
      'clangd',
      'its errors',
      'new/clangd',
      'known/clangd',
    ],
    rows: numbers.map(({ file, lines, entryPoints, kernel, ours, openWithoutCache, clangd: theirs, clangdErrors }) => [
      file,
      String(lines),
      String(entryPoints),
      kernel ?? 'nothing',
      milliseconds(median(ours.newOpens)),
      milliseconds(median(ours.wholeOpens)),
      milliseconds(median(ours.opens)),
      milliseconds(openWithoutCache),
      theirs ? milliseconds(median(theirs.opens)) : '-',
      theirs ? String(clangdErrors) : '-',
      ratioText(median(ours.newOpens) / median(theirs?.opens ?? []), 1),
      ratioText(median(ours.opens) / median(theirs?.opens ?? []), 1),
    ]),
    notes: [
      "'new file': never seen, of a kernel that an earlier session with another driver has read; 'its module': until the findings are those of all its files. 'known file': opened in an earlier session and unchanged.",
      "'without cache': the first time ever, when the index of the kernel's headers is made.",
    ],
  };
}

function editTable(numbers: readonly FileNumbers[]) {
  const pair = ({ p50, p95 }: Series): string => `${milliseconds(p50)} / ${milliseconds(p95)}`;
  return {
    title: 'One character typed in a function body to fresh findings (p50 / p95)',
    columns: [
      'file',
      'ours',
      'its analysis',
      'clangd',
      'ratio of p50',
      'clangd at once',
      'ratio of p50',
      'typing: ours',
      'clangd',
      'ratio',
    ],
    rows: numbers.map(({ file, ours, clangd }) => [
      file,
      pair(series(ours.edits)),
      milliseconds(median(ours.analyses)),
      pair(series(clangd?.edits ?? [])),
      ratioText(median(ours.edits) / median(clangd?.edits ?? []), EDIT_BUDGET),
      pair(series(clangd?.editsAtOnce ?? [])),
      ratioText(median(ours.edits) / median(clangd?.editsAtOnce ?? [])),
      milliseconds(median(ours.typing)),
      milliseconds(median(clangd?.typing ?? [])),
      ratioText(median(ours.typing) / median(clangd?.typing ?? [])),
    ]),
    notes: [
      `Each edit follows ${PAUSE / 1000} s of quiet, in turns. 'at once': clangd is told by its own extension not to wait for further typing.`,
      `'typing': ${BURST} keys, ${KEY_INTERVAL} ms apart; from the last one.`,
    ],
  };
}

function memoryTable(numbers: readonly FileNumbers[]) {
  return {
    title: 'Peak resident memory of the server, after all edits',
    columns: ['file', 'ours', 'clangd', 'ours/clangd', 'ours, with the whole report'],
    rows: numbers.map(({ file, ours, clangd }) => [
      file,
      mebibytes(ours.peakBytes),
      mebibytes(clangd?.peakBytes ?? Number.NaN),
      ratioText(ours.peakBytes / (clangd?.peakBytes ?? Number.NaN), 1),
      mebibytes(ours.reportPeakBytes),
    ]),
    notes: [
      "'with the whole report': after a request for all fields of all entry points with their places, which clangd has nothing like.",
    ],
  };
}

function summary({ ours, clangd, ...rest }: FileNumbers) {
  const of = (n: ServerNumbers) => ({
    openMilliseconds: series(n.opens),
    openNewMilliseconds: series(n.newOpens),
    openWholeMilliseconds: series(n.wholeOpens),
    editMilliseconds: series(n.edits),
    analysisMilliseconds: series(n.analyses),
    editAtOnceMilliseconds: series(n.editsAtOnce),
    typingMilliseconds: series(n.typing),
    peakBytes: n.peakBytes,
    reportPeakBytes: n.reportPeakBytes,
    diagnostics: n.firstDiagnostics,
  });
  return {
    ...rest,
    ours: of(ours),
    clangd: clangd && of(clangd),
    ratios: clangd && {
      open: median(ours.opens) / median(clangd.opens),
      openNew: median(ours.newOpens) / median(clangd.opens),
      edit: median(ours.edits) / median(clangd.edits),
      editAtOnce: median(ours.edits) / median(clangd.editsAtOnce),
      typing: median(ours.typing) / median(clangd.typing),
      peakMemory: ours.peakBytes / clangd.peakBytes,
    },
  };
}

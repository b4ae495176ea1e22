/**
 * Writes `server/knowledge/functions/generated.yaml`: rows of the kernel functions and macros that drivers call and of which no row
 * written by hand speaks, made from the kernel's own headers.
 *
 *   node --import=tsx scripts/knowledge-generate.ts [KERNEL [NEWER...]]      default: linux-source-6.1 and 6.12 in fgft's cache
 *
 * A prototype gives the number of parameters and the pointers to const; an inline body what it touches and returns; a macro's body
 * which parameters are names rather than values. The kernel is read with fgft's assumed configuration, so that the result depends on
 * the sources alone. Rows of functions that others were written for hold what those do not say. Newer kernels' inline bodies touch other
 * members: what they touch is added, and is passed over where a record has no such member.
 */
import { writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadAssets } from '../server/src/engine/assets';
import { type KernelWorld, loadKernelWorld, type Shared, shared } from '../server/src/engine/kernelWorld';
import { nodeFileSystem } from '../server/src/engine/nodeFileSystem';
import type { KernelFunction, Knowledge } from '../server/src/knowledge/model';
import { findKernelTree } from '../server/src/text/kernelTree';
import { kernelCallsUnder, MEASURED_FOLDERS } from './knowledge-calls';
import { GENERATED_FILE, knowledgeFolder, knowledgeTexts } from './knowledge-files';
import { type InlineFacts, inlineFacts } from './knowledge-inlines';
import { macroNames } from './knowledge-macro-names';
import { type KernelNames, type ScannedCallable, scanKernel } from './knowledge-scan';

/** Headers that drivers of many folders include; a driver folder's own headers declare nothing of the kernel's. */
const KERNEL_HEADER = /^(include|arch\/x86\/include)\//;

/** Characters of a row's key. */
const MAXIMUM_KEY = 160;

type Row = Pick<KernelFunction, 'source' | 'parameters' | 'macro'> &
  Partial<Pick<KernelFunction, 'constant' | 'names'>> &
  Partial<InlineFacts>;

export interface GeneratedRows {
  /** The kernel's release, as its top Makefile states it (`6.1.192`). */
  release: string;
  text: string;
  rows: number;
}

function cachedKernel(line: string): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), `fgft/kernel/linux-source-${line}`);
}

/** The sources that rows are generated from unless others are named. */
export function defaultKernel(): string {
  return cachedKernel('6.1');
}

/** Later kernels whose inline functions are looked at, too. */
export function newerKernels(): string[] {
  return [cachedKernel('6.12')];
}

/** Release of a kernel's sources; '' when there are none. */
export function kernelRelease(root: string): string {
  return findKernelTree(nodeFileSystem, root, { given: root, architecture: 'x86' }).tree?.release ?? '';
}

/** The releases that the committed file was generated from, the oldest first; empty when there is no such file. */
export function generatedFrom(): string[] {
  const text = knowledgeTexts().find((t) => t.name === GENERATED_FILE)?.text ?? '';
  return /^# Linux (.+)$/m.exec(text)?.[1].split(', ') ?? [];
}

/** The headers of a kernel with fgft's assumed configuration. */
function worldOf(kernelRoot: string, base: Shared): { world: KernelWorld; release: string } {
  const { tree } = findKernelTree(nodeFileSystem, kernelRoot, { given: kernelRoot, architecture: 'x86' });
  return {
    world: loadKernelWorld(tree && { ...tree, configurationFile: null }, nodeFileSystem, base, undefined, 'x86'),
    release: tree?.release ?? '',
  };
}

/** Generates the whole file from a kernel's sources and those of newer kernels. Takes about 15 s of one core for each. */
export async function generateRows(kernelRoot: string, newer: readonly string[]): Promise<GeneratedRows> {
  const assets = loadAssets();
  const base = await shared({ ...assets, knowledge: assets.knowledge.filter((t) => t.name !== GENERATED_FILE) });
  const { world, release } = worldOf(kernelRoot, base);
  const names = scanKernel(kernelRoot);
  const wanted = wantedNames(kernelRoot, base.knowledge, names);
  const rows = rowsOf(wanted, world, base, names);
  const releases = [release];
  for (const root of newer) {
    const other = worldOf(root, base);
    releases.push(other.release);
    addNewerTouches(rows, rowsOf(wanted, other.world, base, scanKernel(root)));
  }
  const from = releases.join(', ');
  return { release: from, text: fileText(from, rows), rows: rows.size };
}

type Touch = NonNullable<Row['touches']>[number];

/** What a newer kernel's inline functions touch and the older one's do not. */
function addNewerTouches(rows: ReadonlyMap<string, Row>, newer: ReadonlyMap<string, Row>): void {
  const key = ({ argument, record, field, through }: Touch): string => JSON.stringify([argument, record, field, through ?? []]);
  for (const [name, row] of rows) {
    const known = new Map((row.touches ?? []).map((t) => [key(t), t]));
    for (const touch of newer.get(name)?.touches ?? []) {
      const same = known.get(key(touch));
      if (!same) known.set(key(touch), touch);
      else if (same.access !== touch.access) known.set(key(touch), { ...same, access: 'RW' });
    }
    if (known.size > 0) row.touches = [...known.values()];
  }
}

function byHand(knowledge: Knowledge, name: string): boolean {
  return (
    knowledge.functions.has(name) ||
    knowledge.registrations.has(name) ||
    knowledge.loops.has(name) ||
    knowledge.declaringMacros.has(name) ||
    knowledge.dialect.attributesWithArguments.has(name)
  );
}

/** Names that the measured folders call and a kernel header declares, with the declaration to go by. */
function wantedNames(kernelRoot: string, knowledge: Knowledge, names: KernelNames): Map<string, ScannedCallable> {
  const wanted = new Map<string, ScannedCallable>();
  const called = new Set(MEASURED_FOLDERS.flatMap((folder) => [...kernelCallsUnder(join(kernelRoot, folder)).keys()]));
  for (const name of [...called].sort()) {
    if (byHand(knowledge, name)) continue;
    const declared = names.callables.get(name)?.filter((d) => KERNEL_HEADER.test(d.file));
    const best = declared?.find((d) => d.parameters !== null && !d.macro) ?? declared?.find((d) => d.parameters !== null);
    if (best) wanted.set(name, best);
  }
  return wanted;
}

function rowsOf(wanted: ReadonlyMap<string, ScannedCallable>, world: KernelWorld, base: Shared, names: KernelNames): Map<string, Row> {
  const facts = inlineFacts(wanted.keys(), world, base, (name) => base.knowledge.functions.has(name));
  const rows = new Map<string, Row>();
  for (const [name, declared] of wanted) {
    const { parameters, file, macro } = place(name, declared, world, names);
    const row: Row = { source: file, parameters, macro };
    if (macro) {
      const found = macroNames(name, world.kernel, base.knowledge);
      if (found.length > 0) row.names = found;
    } else addPrototype(row, name, world, facts.get(name), names);
    rows.set(name, row);
  }
  addCompletions(rows, world, base, names);
  return rows;
}

/** What inline bodies say of functions whose rows were written by hand without a word on it. */
function addCompletions(rows: Map<string, Row>, world: KernelWorld, base: Shared, names: KernelNames): void {
  const written = [...base.knowledge.functions.values()].filter(
    (f) => f.provenance === 'manual' && !f.macro && KERNEL_HEADER.test(f.source),
  );
  const facts = inlineFacts(
    written.map((f) => f.name),
    world,
    base,
    () => false,
  );
  for (const hand of written) {
    const found = facts.get(hand.name);
    if (!found) continue;
    const said = new Set([...Object.keys(hand.arguments).map(Number), hand.lock?.argument, hand.target]);
    const row: Row = { source: hand.source, parameters: hand.parameters, macro: false };
    const pure = hand.effects.includes('pure');
    const written = Object.entries(found.arguments).filter(([i, access]) => !said.has(Number(i)) && (access === 'R' || !pure));
    addFacts(
      row,
      { ...found, arguments: Object.fromEntries(written), touches: found.touches?.filter((t) => !said.has(t.argument)) },
      names,
    );
    if (hand.returns || hand.effects.includes('allocate')) delete row.returns;
    if (hand.touches) delete row.touches;
    if (row.arguments || row.returns || row.touches) rows.set(hand.name, row);
  }
}

/** The scanned declaration that the header reader takes as well, if it is one of them: that one is in force. */
function place(name: string, declared: ScannedCallable, world: KernelWorld, names: KernelNames): ScannedCallable & { parameters: number } {
  const taken = world.kernel.macro(name)?.parameters ? undefined : world.kernel.function(name);
  const all = names.callables.get(name) ?? [];
  const same = taken && all.find((d) => !d.macro && taken.place.file.endsWith(`/${d.file}`) && d.parameters !== null);
  const found = same && KERNEL_HEADER.test(same.file) ? same : declared;
  return { ...found, parameters: found.parameters ?? 0 };
}

function addPrototype(row: Row, name: string, world: KernelWorld, facts: InlineFacts | undefined, names: KernelNames): void {
  const declared = world.kernel.function(name);
  if (!declared || (row.parameters >= 0 && declared.parameters.length !== row.parameters)) return;
  const constant = declared.parameters.flatMap((p, i) => (p.type.kind === 'pointer' && p.type.constant ? [i] : []));
  if (constant.length > 0) row.constant = constant;
  if (facts) addFacts(row, facts, names);
}

function addFacts(row: Row, facts: InlineFacts, names: KernelNames): void {
  const written = Object.entries(facts.arguments).filter(([i]) => !row.constant?.includes(Number(i)));
  if (written.length > 0) row.arguments = Object.fromEntries(written);
  const { returns } = facts;
  if (returns && (returns.kind !== 'enclosing' || hasMember(names, returns.record, returns.member))) row.returns = returns;
  // Records without a tag have names in reports alone: nothing could check the row.
  const touches = facts.touches?.filter((touch) => placesOf(touch).every(([record, member]) => hasMember(names, record, member)));
  if (touches && touches.length > 0) row.touches = touches;
}

function hasMember(names: KernelNames, record: string, member: string): boolean {
  return names.records.get(record)?.identifiers.has(member) ?? false;
}

/** Record and member of the touched field and of those on the way to it. */
function placesOf(touch: NonNullable<Row['touches']>[number]): [string, string][] {
  const through = (touch.through ?? []).map((step) => step.replace('->', '').split('.') as [string, string]);
  return [...through, [touch.record ?? '', touch.field]];
}

/** YAML in flow style: names between spaces, which share a row. */
function fileText(release: string, rows: ReadonlyMap<string, Row>): string {
  const groups = new Map<string, string[]>();
  for (const [name, row] of rows) {
    const text = rowText(row);
    const list = groups.get(text);
    if (list) list.push(name);
    else groups.set(text, [name]);
  }
  const lines = [...groups].flatMap(([text, list]) => keysOf(list.sort()).map((names) => `  ${names}: ${text}`));
  // By header, then by name.
  const key = (line: string): string => `${/source: ([^,]*),/.exec(line)?.[1]} ${line}`;
  lines.sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return [
    '# yaml-language-server: $schema=../schema/functions.schema.json',
    '#',
    '# Made by scripts/knowledge-generate.ts from the headers of:',
    `# Linux ${release}`,
    '# Do not edit: a row in another file replaces the one here.',
    'kind: functions',
    'provenance: generated',
    'rows:',
    ...lines,
    '',
  ].join('\n');
}

/** Names joined into keys of a length that a person can still read. YAML ends at 1,024. */
function keysOf(names: readonly string[]): string[] {
  const keys: string[] = [];
  for (const name of names) {
    const last = keys.length - 1;
    if (last >= 0 && keys[last].length + name.length < MAXIMUM_KEY) keys[last] += ` ${name}`;
    else keys.push(name);
  }
  return keys;
}

function rowText(row: Row): string {
  const cells: [string, unknown][] = [
    ['source', row.source],
    ['parameters', row.parameters],
    ['macro', row.macro || undefined],
    ['arguments', row.arguments],
    ['constant', row.constant],
    ['names', row.names],
    ['returns', row.returns],
    ['touches', row.touches],
  ];
  return flow(Object.fromEntries(cells.filter(([, value]) => value !== undefined)));
}

function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const cells = Object.entries(value).map(([key, cell]) => `${key}: ${flow(cell)}`);
    return `{ ${cells.join(', ')} }`;
  }
  if (typeof value !== 'string') return String(value);
  // The words that YAML takes for values need quotes.
  return /^[A-Za-z_][\w./-]*$/.test(value) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(value) ? value : `'${value}'`;
}

async function main([kernelRoot = defaultKernel(), ...newer]: string[]): Promise<void> {
  const { text, rows, release } = await generateRows(kernelRoot, newer.length > 0 ? newer : newerKernels());
  const file = join(knowledgeFolder, GENERATED_FILE);
  const before = knowledgeTexts().find((t) => t.name === GENERATED_FILE)?.text;
  writeFileSync(file, text);
  console.log(`${rows} rows from Linux ${release}${before === text ? ', as before' : ''}`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) void main(process.argv.slice(2));

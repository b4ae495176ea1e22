/**
 * Share of functions whose tree holds an error after preprocessing and masking, over the C files below folders or given directly.
 * Usage: npx tsx test/bench/parse-errors.ts PATH... [--sample N] [--seed S] [--list] [--raw] [--bare]
 * `--sample` takes N files drawn with a fixed seed, `--list` prints each error's place, `--raw` leaves the mask out,
 * `--bare` preprocesses each file by itself, without its headers and without expanding macros.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { mask } from '../../server/src/syntax/mask';
import type { ItemNodes } from '../../server/src/syntax/nodes';
import { NODE_KINDS } from '../../server/src/syntax/nodes';
import { newParser, shippedDialect, standInPreprocess } from '../unit/syntax/support';
import { DriverPreprocessor } from './driverPreprocess';

function filesBelow(path: string, found: string[]): void {
  if (!statSync(path).isDirectory()) found.push(path);
  else
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (entry.isDirectory()) filesBelow(join(path, entry.name), found);
      else if (entry.isFile() && entry.name.endsWith('.c')) found.push(join(path, entry.name));
    }
}

/** Park-Miller: a small generator that gives the same sample everywhere. */
function sample(files: string[], count: number, seed: number): string[] {
  let state = seed;
  const rest = [...files];
  const drawn: string[] = [];
  while (drawn.length < count && rest.length > 0) {
    state = (state * 48271) % 2147483647;
    drawn.push(rest.splice(state % rest.length, 1)[0]);
  }
  return drawn;
}

const ERROR = NODE_KINDS.indexOf('ERROR');
const MISSING = NODE_KINDS.indexOf('MISSING');

function firstError(nodes: ItemNodes): number {
  for (let n = 0; n < nodes.count; n++) if (nodes.kind[n] === ERROR || nodes.kind[n] === MISSING) return nodes.start[n];
  return 0;
}

interface Options {
  paths: string[];
  sampleSize: number;
  seed: number;
  list: boolean;
  raw: boolean;
  bare: boolean;
}

function readOptions(given: string[]): Options {
  const words = [...given];
  const value = (name: string, otherwise: number): number => {
    const i = words.indexOf(name);
    return i < 0 ? otherwise : Number(words.splice(i, 2)[1]);
  };
  const flag = (name: string): boolean => {
    const i = words.indexOf(name);
    if (i >= 0) words.splice(i, 1);
    return i >= 0;
  };
  return {
    sampleSize: value('--sample', 0),
    seed: value('--seed', 1),
    list: flag('--list'),
    raw: flag('--raw'),
    bare: flag('--bare'),
    paths: words,
  };
}

async function main(options: Options): Promise<void> {
  let files: string[] = [];
  for (const path of options.paths) filesBelow(path, files);
  files.sort();
  if (options.sampleSize > 0) files = sample(files, options.sampleSize, options.seed);

  const parser = await newParser();
  const dialect = shippedDialect();
  const preprocessor = options.bare || files.length === 0 ? null : new DriverPreprocessor(resolve(files[0]));
  const totals = {
    files: 0,
    filesWithError: 0,
    functions: 0,
    functionsWithError: 0,
    itemsWithError: 0,
    units: 0,
    maskTime: 0,
    parseTime: 0,
    flattenTime: 0,
  };
  for (const file of files) {
    const text = preprocessor ? preprocessor.run(resolve(file)) : standInPreprocess(readFileSync(file, 'utf8'));
    const t0 = performance.now();
    const masked = options.raw ? text : mask(text, dialect).text;
    const t1 = performance.now();
    const tree = parser.parse(masked);
    const t2 = performance.now();
    const items = parser.flatten(tree);
    const t3 = performance.now();
    tree.delete();
    totals.files++;
    totals.units += text.length;
    totals.maskTime += t1 - t0;
    totals.parseTime += t2 - t1;
    totals.flattenTime += t3 - t2;
    let bad = false;
    for (const item of items) {
      if (item.kind === 'function_definition') totals.functions++;
      if (!item.hasError) continue;
      bad = true;
      if (item.kind === 'function_definition' || item.kind === 'ERROR') totals.functionsWithError++;
      else totals.itemsWithError++;
      if (!options.list) continue;
      const at = item.start + firstError(item.nodes);
      const line = text.slice(0, at).split('\n').length;
      const lineStart = text.lastIndexOf('\n', at - 1) + 1;
      const shown = masked.slice(lineStart, (masked + '\n').indexOf('\n', at)).trim();
      console.log(`${file}:${line}: ${item.kind}: ${shown.slice(0, 160)}`);
    }
    if (bad) totals.filesWithError++;
  }
  const percent = (part: number, whole: number): string => ((100 * part) / Math.max(1, whole)).toFixed(3) + ' %';
  const rate = (time: number): string => (totals.units / 1e3 / time).toFixed(1) + ' MB/s';
  console.log(`files ${totals.files}, with an error ${totals.filesWithError} (${percent(totals.filesWithError, totals.files)})`);
  console.log(
    `functions ${totals.functions}, with an error ${totals.functionsWithError} (${percent(totals.functionsWithError, totals.functions)}); other items with an error ${totals.itemsWithError}`,
  );
  console.log(
    `${(totals.units / 1e6).toFixed(1)} MB; mask ${rate(totals.maskTime)}, parse ${rate(totals.parseTime)}, flatten ${rate(totals.flattenTime)}; live trees ${parser.liveTrees}`,
  );
}

void main(readOptions(process.argv.slice(2)));

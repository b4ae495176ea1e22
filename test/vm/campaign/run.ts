/**
 * The fault-injection campaign: plants faults into the suspect source of isolated drivers, makes them happen one by one in a running
 * kernel, and records what came of each.
 *
 *   npm run campaign -- [--kernel 6.1 --seed 1 --per-kind 1 --most 0 --leaks 8 --shard 1/4 --control --output DIR] [DRIVER...]
 *   npm run campaign -- --faults 30,31 --console FILE --output DIR DRIVER
 *   npm run campaign -- report
 *
 * Results stand in DIR/KERNEL/DRIVER.json (docs/campaign), one file per driver, written anew after each machine: a run that was ended goes
 * on where it was, and a driver whose file is whole is not run again. --control runs the same faults in the native driver.
 * --faults runs those numbers alone, to look into one; --console keeps what the kernels said.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadAssets } from '../../../server/src/engine/assets';
import { loadKnowledge } from '../../../server/src/knowledge/load';
import type { Report } from '../../../server/src/report/model';
import { createParser } from '../../../server/src/syntax/parser';
import { type LabDriver, labDriver, labDrivers } from '../lab/drivers';
import { labCache } from '../lab/folders';
import { buildModule, fgft, isolate, kernelSource } from '../lab/isolated';
import { type KernelImage, kernelImage } from '../lab/kernelImage';
import type { Ground } from './candidates';
import { type FaultResults, runFaults } from './faults';
import { digestOf, type DriverCampaign, readCampaign, writeCampaign } from './keep';
import { writePage } from '../page/write';
import { plantFaults } from './prepare';

export interface CampaignOptions {
  line: string;
  seed: number;
  perKind: number;
  control: boolean;
  /** At most so many faults, evenly over kinds and entry points; 0: all. */
  most: number;
  /** At most so many entry points are looked at for leaks. */
  leakChecks: number;
  /** Numbers of the faults to run; empty: all. */
  only?: readonly number[];
  /** File to which what the machines' kernels said is appended. */
  console?: string;
  say: (line: string) => void;
}

/**
 * Runs all faults of one driver. Throws when its module cannot be made. `known` is what an earlier run left, of use where it had the same
 * faults; `keep` gets all that is known after each machine.
 */
export async function campaignOf(
  driver: LabDriver,
  image: KernelImage,
  options: CampaignOptions,
  known: DriverCampaign | null = null,
  keep: (result: DriverCampaign) => void = () => undefined,
): Promise<DriverCampaign> {
  const { line, seed, perKind, control, most, leakChecks, say, only = [], console = null } = options;
  const tree = kernelSource(line);
  const folder = join(labCache(), 'campaign', `${image.release}-${driver.module}${control ? '-control' : ''}-${process.pid}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  try {
    const report = JSON.parse(
      fgft(['analyze', driver.source, '--kernel', image.headers, '--format', 'json', '--no-cache'], tree).toString(),
    ) as Report;
    const entries = report.drivers.flatMap((d) => d.entryPoints);
    const isolated = entries.filter((e) => e.isolatable);
    // The same module in both cases: the faults are chosen in its suspect copy, so that both runs have the same ones.
    isolate(driver, line, image, folder);
    const ground = await newGround();
    const planted = plantFaults(folder, 'suspect', kbuildModule(folder), isolated, ground, seed, perKind);
    if (control) plantFaults(folder, 'native', kbuildModule(folder), isolated, ground, seed, perKind);
    say(`${driver.module}: ${planted.length} faults planted in ${isolated.length} entry points; building`);
    const { module } = buildModule(folder, image);
    const digest = digestOf(planted);
    const withHead = (results: FaultResults, whole: boolean): DriverCampaign => ({
      driver: driver.module,
      class: driver.class,
      kernel: image.release,
      seed,
      control,
      whole,
      digest,
      date: new Date().toISOString().slice(0, 16),
      entryPoints: entries.length,
      isolatable: isolated.map((e) => e.name),
      planted: planted.length,
      ...results,
    });
    const usable = known?.digest === digest ? known : null;
    const run = { driver, image, module, faults: planted, control, only, most, leakChecks, console, say };
    const results = await runFaults(
      run,
      usable && {
        reached: usable.reached,
        entries: usable.entries,
        outcomes: usable.outcomes,
        leaks: usable.leaks,
        reloads: usable.reloads,
      },
      (r) => keep(withHead(r, false)),
    );
    return withHead(results, true);
  } finally {
    if (!process.env.FGFT_KEEP) rmSync(folder, { recursive: true, force: true });
  }
}

function kbuildModule(folder: string): string {
  const found = /^obj-m\s*:=\s*(\S+)\.o/m.exec(readFileSync(join(folder, 'Kbuild'), 'utf8'));
  if (!found) throw new Error(`${folder}/Kbuild names no module`);
  return found[1];
}

/** The parser and the knowledge base of this checkout. */
export async function newGround(): Promise<Ground> {
  const assets = loadAssets();
  return {
    parser: await createParser(assets.runtimeWasm, assets.grammarWasm),
    knowledge: loadKnowledge(assets.knowledge).knowledge,
  };
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      kernel: { type: 'string', default: '6.1' },
      seed: { type: 'string', default: '1' },
      'per-kind': { type: 'string', default: '1' },
      shard: { type: 'string', default: '1/1' },
      most: { type: 'string', default: '0' },
      control: { type: 'boolean', default: false },
      leaks: { type: 'string', default: '8' },
      faults: { type: 'string', default: '' },
      console: { type: 'string' },
      output: { type: 'string', default: 'docs/campaign' },
    },
  });
  if (positionals[0] === 'report') {
    for (const name of writePage(values.output, values.kernel)) console.log(name);
    return;
  }
  const image = kernelImage(values.kernel);
  const [index, count] = values.shard.split('/').map(Number);
  const all = positionals.length > 0 ? positionals.map(labDriver) : labDrivers();
  const drivers = all.filter((_, i) => i % count === index - 1);
  const folder = resolve(values.output, values.kernel);
  mkdirSync(folder, { recursive: true });
  for (const driver of drivers) {
    const file = join(folder, `${driver.module}${values.control ? '.control' : ''}.json`);
    const known = readCampaign(file);
    if (known?.whole) {
      console.log(`${basename(file)} is there; remove it to run this driver again`);
      continue;
    }
    const options: CampaignOptions = {
      line: values.kernel,
      seed: Number(values.seed),
      perKind: Number(values['per-kind']),
      control: values.control,
      most: Number(values.most),
      leakChecks: Number(values.leaks),
      only: values.faults.split(',').filter(Boolean).map(Number),
      console: values.console,
      say: (line) => console.log(line),
    };
    try {
      const result = await campaignOf(driver, image, options, known, (partial) => writeCampaign(file, partial));
      writeCampaign(file, result);
      const verdicts = new Map<string, number>();
      for (const o of result.outcomes) verdicts.set(o.verdict, (verdicts.get(o.verdict) ?? 0) + 1);
      console.log(`${driver.module}: ${[...verdicts].map(([v, n]) => `${n} ${v}`).join(', ')}`);
    } catch (error) {
      // One driver's failure must not end the run of the others.
      console.log(`${driver.module}: ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 1;
    }
  }
}

if (process.argv[1]?.endsWith('campaign/run.ts')) void main();

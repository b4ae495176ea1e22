/**
 * What isolation costs, measured in one machine per driver: each entry point native (Debian's own module), isolated but switched off,
 * and isolated; a load with none, some and all entry points isolated; memory.
 *
 *   npm run measure -- [--kernel 6.1 --output DIR] [DRIVER...]
 *   npm run measure -- --estimates [DRIVER...]     the report's estimates anew, in results that are there; boots nothing
 *   npm run measure -- --fit                       the weights of server/knowledge/cost.yaml that fit the results best
 *
 * The emulator counts instructions and calls each a nanosecond (`-icount`): the figures do not depend on what else the host does, and
 * say nothing about caches or slow registers. Results stand in DIR/KERNEL/DRIVER.measure.json (docs/campaign).
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadAssets } from '../../../server/src/engine/assets';
import { loadKnowledge } from '../../../server/src/knowledge/load';
import { costCounts, type CostCounts } from '../../../server/src/report/cost';
import type { Cost, Report } from '../../../server/src/report/model';
import { type LabDriver, labDriver, labDrivers } from '../lab/drivers';
import { vmFolder } from '../lab/folders';
import { buildModule, fgft, isolate, kernelSource } from '../lab/isolated';
import { type KernelImage, kernelImage } from '../lab/kernelImage';
import { runMachine } from '../lab/machine';
import { labModule } from '../lab/tools';
import { loadingLines, modulesOf } from '../lab/workload';
import { costPoints, pageData } from '../page/data';
import { fitText } from './fit';
import { type Measured, measuredOf } from './results';

export interface DriverMeasure extends Measured {
  driver: string;
  class: string;
  kernel: string;
  date: string;
  /** What the report says that a call of each isolatable entry point costs. */
  estimates: Record<string, Estimate>;
}

export type Estimate = Cost & { counts: CostCounts };

const LIMIT = 2400;

/** Measures one driver. Throws when its module cannot be made or the machine does not come to its end. */
export async function measureDriver(
  driver: LabDriver,
  line: string,
  image: KernelImage,
  onLine?: (line: string) => void,
): Promise<DriverMeasure> {
  const folder = mkdtempSync(join(tmpdir(), 'fgft-measure-'));
  try {
    const estimates = estimatesOf(driver, line, image);
    isolate(driver, line, image, folder);
    const { module } = buildModule(folder, image);
    const names = join(folder, 'measured-functions');
    writeFileSync(
      names,
      Object.keys(estimates)
        .map((name) => `${name}\n`)
        .join(''),
    );
    const { modules, own } = modulesOf(driver, image, undefined);
    own.set('measure', labModule('measure', image));
    const run = await runMachine({
      image,
      modules: [...modules, 'measure'],
      own,
      devices: driver.devices,
      processors: 1,
      countInstructions: true,
      limit: LIMIT,
      idleLimit: 600,
      files: new Map([
        ['isolated.ko', module],
        ['functions', names],
      ]),
      script: script(driver),
      onLine,
    });
    if (run.ended !== 'end') throw new Error(`${run.ended}\n${run.lines.slice(-5).join('\n')}\n${run.console.slice(-1500)}`);
    return {
      driver: driver.module,
      class: driver.class,
      kernel: image.release,
      date: new Date().toISOString().slice(0, 16),
      estimates,
      ...measuredOf(run.lines),
    };
  } finally {
    if (!process.env.FGFT_KEEP) rmSync(folder, { recursive: true, force: true });
  }
}

/** What the report says about each isolatable entry point. */
function estimatesOf(driver: LabDriver, line: string, image: KernelImage): Record<string, Estimate> {
  const { knowledge } = loadKnowledge(loadAssets().knowledge);
  const words = ['analyze', driver.source, '--kernel', image.headers, '--format', 'json', '--no-cache'];
  const report = JSON.parse(fgft(words, kernelSource(line)).toString()) as Report;
  const entries = report.drivers.flatMap((d) => d.entryPoints).filter((e) => e.isolatable);
  return Object.fromEntries(entries.map((e) => [e.name, { ...e.cost, counts: costCounts(knowledge, e) }]));
}

function script(driver: LabDriver): string {
  const loading = loadingLines(driver);
  return [
    `MODULE=${driver.module}`,
    `WORKLOAD='${driver.workload}'`,
    readFileSync(join(vmFolder, 'measure/guest.sh'), 'utf8'),
    'load measure',
    ...loading.slice(0, -1),
    `load_native() {\n${loading.at(-1)}\n}`,
    `load_isolated() {\nstep load insmod /lab/isolated.ko\n}`,
    'measure_native',
    'measure_isolated',
  ].join('\n');
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      kernel: { type: 'string', default: '6.1' },
      output: { type: 'string', default: 'docs/campaign' },
      verbose: { type: 'boolean', default: false },
      estimates: { type: 'boolean', default: false },
      fit: { type: 'boolean', default: false },
    },
  });
  const image = kernelImage(values.kernel);
  const folder = resolve(values.output, values.kernel);
  mkdirSync(folder, { recursive: true });
  if (values.fit) {
    console.log(fitText(costPoints(pageData(values.output, values.kernel).measures)));
    return;
  }
  for (const driver of positionals.length > 0 ? positionals.map(labDriver) : labDrivers()) {
    const file = join(folder, `${driver.module}.measure.json`);
    if (values.estimates) {
      if (!existsSync(file)) continue;
      const known = JSON.parse(readFileSync(file, 'utf8')) as DriverMeasure;
      writeFileSync(file, text({ ...known, estimates: estimatesOf(driver, values.kernel, image) }));
      console.log(`${driver.module}: estimates renewed`);
      continue;
    }
    if (existsSync(file)) {
      console.log(`${file} is there; remove it to measure this driver again`);
      continue;
    }
    try {
      const found = await measureDriver(driver, values.kernel, image, values.verbose ? (line) => console.log(`    ${line}`) : undefined);
      writeFileSync(file, text(found));
      console.log(`${driver.module}: ${Object.keys(found.functions.isolated ?? {}).length} entry points measured`);
    } catch (error) {
      // One driver's failure must not end the run of the others.
      console.log(`${driver.module}: ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 1;
    }
  }
}

/** JSON with one line for each function: small, and a difference can be read. */
function text(found: DriverMeasure): string {
  return (
    JSON.stringify(found, null, 1).replace(
      /\{\s+("(?:calls|bytesIn|objects|status|core|name)"[^{}]*?)\s+\}/g,
      (_, inner: string) => `{ ${inner.replace(/\s*\n\s*/g, ' ')} }`,
    ) + '\n'
  );
}

if (process.argv[1]?.endsWith('measure/run.ts')) void main();

/**
 * `npm run bench`: how long the editor and the command line wait, beside clangd and gcc on the same files in the same run. Prints tables of
 * ratios and writes test-output/bench.json. Times never make it fail, wrong results do.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join, relative } from 'node:path';
import { repositoryRoot } from '../support/repository';
import { measureCommandLine } from './commandLine';
import { measureCurve } from './curve';
import { measureFloor } from './floor';
import { measureLatency } from './latency';
import { measureLeak } from './leak';
import { readOptions, type SectionName } from './options';
import { type SectionResult, tableText } from './output';
import { profile } from './profile';
import { measureRules } from './rules';
import { type BenchSetting, benchSetting } from './setting';

const sections: Record<SectionName, (setting: BenchSetting, say: (line: string) => void) => Promise<SectionResult>> = {
  latency: measureLatency,
  command: measureCommandLine,
  floor: measureFloor,
  curve: measureCurve,
  rules: measureRules,
  leak: measureLeak,
};

const resultFile = join(repositoryRoot, 'test-output/bench.json');

function readResults(): Record<string, unknown> {
  try {
    return existsSync(resultFile) ? (JSON.parse(readFileSync(resultFile, 'utf8')) as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Keeps what earlier runs wrote about other sections. */
function writeResult(name: SectionName, result: SectionResult): void {
  mkdirSync(join(repositoryRoot, 'test-output'), { recursive: true });
  const machine = { processors: availableParallelism(), loadAverage: loadavg()[0], node: process.version, at: new Date().toISOString() };
  const all = { ...readResults(), [name]: { machine, wrong: result.wrong, skipped: result.skipped, ...result.data } };
  writeFileSync(resultFile, `${JSON.stringify(all, null, 1)}\n`);
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if ('message' in options) {
    console.log(options.message);
    return options.status;
  }
  const setting = benchSetting(options);
  if (typeof setting === 'string') {
    console.log(`bench: SKIPPED: ${setting}`);
    return 0;
  }
  if (options.profile !== undefined) return profile(options.profile, setting);

  console.log(`Against ${setting.headers}, on ${availableParallelism()} processors at a load of ${loadavg()[0].toFixed(1)}.`);
  const say = (line: string): void => void process.stderr.write(`bench: ${line}\n`);
  let wrong = 0;
  for (const name of options.sections) {
    let result: SectionResult;
    try {
      result = await sections[name](setting, say);
    } catch (error) {
      result = {
        tables: [],
        skipped: [],
        data: {},
        wrong: [`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`],
      };
    }
    for (const table of result.tables) console.log(tableText(table));
    for (const reason of result.skipped) console.log(`\nbench: SKIPPED: ${reason}`);
    for (const message of result.wrong) console.log(`\nbench: WRONG: ${message}`);
    wrong += result.wrong.length;
    writeResult(name, result);
  }
  console.log(`\nAll numbers: ${relative(process.cwd(), resultFile)}`);
  return wrong > 0 ? 1 : 0;
}

main().then(
  (status) => process.exit(status),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);

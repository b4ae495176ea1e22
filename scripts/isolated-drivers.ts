/**
 * Which entry points of real drivers can be isolated, whether the modules build, and why some cannot.
 *
 *   node --import=tsx scripts/isolated-drivers.ts [--only NAME]... [--kernel 6.1|6.12]... [--plan] [--keep FOLDER]
 *
 * Isolates every isolatable entry point of each driver of `test/support/isolatedDrivers.ts` at once, builds the module with `W=1` against
 * the installed headers, keeps what came of it in test-output/isolated-drivers/*.json and, when no --only is given, writes
 * docs/isolated-drivers.md from all that is kept. `--plan` builds nothing. `--keep` leaves the generated modules in a folder.
 * A module takes half a minute to two to build.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isolateModules } from '../server/src/engine';
import { writeGenerated } from '../server/src/engine/generatedFolder';
import { buildComplaints } from '../test/support/buildComplaints';
import { headersOf, ISOLATED_DRIVERS, KERNEL_LINES, type IsolatedDriver, sourceOf } from '../test/support/isolatedDrivers';
import { repositoryRoot } from '../test/support/repository';
import { type IsolatedBuild, isolatedDriversPage } from './isolatedDriversPage';

const RESULTS = join(repositoryRoot, 'test-output/isolated-drivers');

/** Annotations of the product that stand in the driver's own text: what its author wrote by hand. */
function annotationsIn(files: readonly { path: string; text: string }[]): number {
  return files
    .filter((f) => f.path.startsWith('native/'))
    .reduce((sum, f) => sum + (f.text.split('/* ---- isolated entry points')[0].match(/\b__fgft_(?!maybe)\w+/g) ?? []).length, 0);
}

interface Options {
  build: boolean;
  keep: string | undefined;
  /** Further words for make. */
  make: readonly string[];
}

async function measure(driver: IsolatedDriver, line: string, options: Options): Promise<IsolatedBuild | null> {
  const kernel = headersOf(line);
  const path = sourceOf(driver, line);
  if (kernel === null || path === null) return null;
  const answer = await isolateModules(path, null, { kernel });
  const result: IsolatedBuild = {
    driver: driver.name,
    path: driver.path,
    line,
    group: driver.group,
    subsystem: driver.subsystem,
    exempt: [],
    isolated: [],
    refused: [],
    annotations: 0,
    built: null,
    complaints: answer.problems.map((p) => JSON.stringify(p)),
    release: kernel.replace(/.*linux-headers-/, ''),
  };
  const [made] = answer.modules;
  if (!made) return result;
  const { plan, files } = made;
  result.exempt = plan.exempt;
  result.isolated = plan.entries.map((e) => e.name);
  result.refused = plan.refused.map((r) => ({
    name: r.name,
    reasons: r.refusals.map((x) => ({ reason: x.reason, at: x.location ? `${x.location.file}:${x.location.line}` : '', advice: x.advice })),
  }));
  result.annotations = annotationsIn(files);
  if (!options.build || files.length === 0) return result;
  const folder = options.keep ? join(options.keep, `${driver.name}-${line}`) : mkdtempSync(join(tmpdir(), 'fgft-isolated-'));
  try {
    mkdirSync(folder, { recursive: true });
    writeGenerated(folder, files);
    const make = spawnSync('make', [`KDIR=${kernel}`, 'W=1', ...options.make], { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 26 });
    result.complaints.push(...buildComplaints(`${make.stdout}${make.stderr}`));
    result.built = make.status === 0 && existsSync(join(folder, `${plan.module}.ko`));
  } finally {
    if (!options.keep) rmSync(folder, { recursive: true, force: true });
  }
  return result;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true },
      kernel: { type: 'string', multiple: true },
      plan: { type: 'boolean' },
      keep: { type: 'string' },
      make: { type: 'string', multiple: true },
      page: { type: 'boolean' },
    },
  });
  mkdirSync(RESULTS, { recursive: true });
  for (const line of values.page ? [] : (values.kernel ?? KERNEL_LINES)) {
    for (const driver of ISOLATED_DRIVERS.filter((d) => !values.only || values.only.includes(d.name))) {
      const started = Date.now();
      const result = await measure(driver, line, { build: !values.plan, keep: values.keep, make: values.make ?? [] });
      const seconds = Math.round((Date.now() - started) / 1000);
      if (!result) {
        console.error(`${driver.name} ${line}: no source or headers`);
        continue;
      }
      const file = join(RESULTS, `${driver.name}-${line}.json`);
      if (!values.plan) writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
      console.log(
        `${driver.name} ${line}: ${result.isolated.length} isolated, ${result.refused.length} refused, built ${result.built}, ${result.complaints.length} complaints, ${seconds} s`,
      );
      for (const r of result.refused)
        for (const { reason, at, advice } of r.reasons) console.log(`  - ${r.name}: ${reason} (${at})${advice ? ` [${advice}]` : ''}`);
      for (const c of result.complaints.slice(0, 12)) console.log(`  ! ${c}`);
    }
  }
  if (values.only || values.kernel || values.plan) return;
  const kept = readdirSync(RESULTS)
    .filter((f) => f.endsWith('.json'))
    .map((f) => JSON.parse(readFileSync(join(RESULTS, f), 'utf8')) as IsolatedBuild);
  writeFileSync(
    join(repositoryRoot, 'docs/isolated-drivers.md'),
    isolatedDriversPage(
      kept,
      ISOLATED_DRIVERS.map((d) => d.name),
    ),
  );
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 2;
});

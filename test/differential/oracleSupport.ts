/** The oracle: what a compiler saw in 14 drivers of Debian's kernel source, and the script that scores reports against it. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine, type Engine } from '../../server/src/engine';
import { repositoryRoot } from '../support/repository';
import { headersFolder } from './layoutsSupport';

export interface OracleSetting {
  /** Holds `compare.py` and `drivers/`. */
  folder: string;
  /** The unpacked kernel source that the oracle's files lie in. */
  source: string;
  /** The headers with the configuration that the oracle was made with. */
  kernel: string;
  drivers: { name: string; file: string }[];
}

/** The unpacked source of a kernel, whether it is there or not. */
export function kernelSource(version = '6.1'): string {
  const cache = process.env.FGFT_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'fgft');
  return join(cache, `kernel/linux-source-${version}`);
}

/** Everything that scoring needs, or why it cannot be done here. */
export function oracleSetting(): OracleSetting | string {
  const folder = process.env.FGFT_ORACLE ?? join(repositoryRoot, '..', 'shared', 'oracle');
  const source = kernelSource();
  const kernel = headersFolder();
  if (!existsSync(join(folder, 'compare.py')))
    return `no compare.py in ${process.env.FGFT_ORACLE ?? 'the oracle folder beside the checkout'} (FGFT_ORACLE names it)`;
  if (!existsSync(join(source, 'Makefile'))) return 'the kernel source (~/.cache/fgft/kernel/linux-source-6.1) is not unpacked';
  if (!kernel) return 'the linux-headers-6.1.0-*-amd64 package is not installed';
  try {
    execFileSync('python3', ['--version'], { stdio: 'ignore' });
  } catch {
    return 'python3 is not installed';
  }
  const drivers = readdirSync(join(folder, 'drivers'))
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => {
      const { files } = JSON.parse(readFileSync(join(folder, 'drivers', name), 'utf8')) as { files: string[] };
      return { name: name.slice(0, -'.json'.length), file: join(source, files[0]) };
    });
  return { folder, source, kernel, drivers };
}

/** Analyses every driver of the oracle with one engine and scores the reports: the script's output. */
export async function scoreTable(setting: OracleSetting, engine: Engine = createEngine({ kernel: setting.kernel })): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'fgft-oracle-'));
  try {
    for (const { name, file } of setting.drivers) {
      const { report, problems } = await engine.analyze(file);
      if (problems.length > 0) throw new Error(`${name}: ${problems.map((p) => p.message).join('; ')}`);
      writeFileSync(join(folder, `${name}.json`), JSON.stringify(report));
    }
    return execFileSync('python3', [join(setting.folder, 'compare.py'), '--tool', folder], { cwd: setting.folder, encoding: 'utf8' });
  } finally {
    engine.dispose();
    rmSync(folder, { recursive: true });
  }
}

export interface Score {
  precision: number;
  recall: number;
}

/** The totals of one kind (`entry`, `field`, `kcall`), in percent. */
export function totalOf(table: string, kind: string): Score {
  const found = new RegExp(`^  ${kind}\\s+P\\s+([\\d.]+)% R\\s+([\\d.]+)%`, 'm').exec(table);
  if (!found) throw new Error(`no total of ${kind} in:\n${table}`);
  return { precision: Number(found[1]), recall: Number(found[2]) };
}

/** Share of required fields whose writes were not lost, in percent. */
export function writesKept(table: string): number {
  return Number(/^  access .*no-lost-write ([\d.]+)%/m.exec(table)?.[1] ?? 0);
}

/** Share of required fields whose access is the oracle's, in percent. */
export function exactAccess(table: string): number {
  return Number(/^  access  exact ([\d.]+)%/m.exec(table)?.[1] ?? 0);
}

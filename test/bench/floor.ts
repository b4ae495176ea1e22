/** A whole report beside the least that any analysis on this parser must do: parsing the same text once. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { loadAssets } from '../../server/src/engine/assets';
import { loadKernelWorld, shared } from '../../server/src/engine/kernelWorld';
import { readModule } from '../../server/src/engine/moduleFiles';
import { nodeFileSystem } from '../../server/src/engine/nodeFileSystem';
import { moduleOf, modulesUnder } from '../../server/src/text/kbuild';
import { findKernelTree } from '../../server/src/text/kernelTree';
import { runAnalyze } from './commandLine';
import type { FloorTimes } from './floorChild';
import { type DriverName, drivers } from './kernelBuild';
import { emptySection, milliseconds, ratioText, type SectionResult } from './output';
import type { BenchSetting } from './setting';
import { median } from './statistics';

/** Most that a whole report should take, in times of the floor. */
const GOAL = 4;

/** The masked texts of a driver's module, or of all modules below a folder: C files and the drivers' own headers. */
async function maskedTexts(setting: BenchSetting): Promise<(file: string) => string[]> {
  const base = await shared(loadAssets());
  const { tree } = findKernelTree(nodeFileSystem, setting.sources, { given: setting.headers });
  const world = loadKernelWorld(tree, nodeFileSystem, base, undefined, 'x86');
  return (path) => {
    const options = { configuration: world.configuration };
    const isFile = path.endsWith('.c');
    const modules = isFile ? [moduleOf(nodeFileSystem, path, options)] : modulesUnder(nodeFileSystem, path, options);
    const world_ = { ...world.files, fs: nodeFileSystem, parser: base.parser, knowledge: base.knowledge, isOpen: () => false };
    const texts = new Map<string, string>();
    // Headers and sources that several modules have count once.
    for (const module of modules) for (const file of readModule(module, world_).files) texts.set(file.path, file.masked.text);
    return [...texts.values()];
  };
}

export async function measureFloor(setting: BenchSetting, say: (line: string) => void): Promise<SectionResult> {
  const section = emptySection();
  const textsOf = await maskedTexts(setting);
  const scratch = mkdtempSync(join(tmpdir(), 'fgft-bench-'));
  const child = join(import.meta.dirname, 'floorChild.ts');
  const rows: string[][] = [];
  const data: Record<string, unknown> = {};
  try {
    const cache = join(scratch, 'cache');
    mkdirSync(cache);
    runAnalyze(setting, drivers['8139too'], cache);
    const targets: { name: string; path: string }[] = (Object.keys(drivers) as DriverName[]).map((name) => ({
      name,
      // Folders hold the whole driver; 8139too shares its folder with others.
      path: name === '8139too' ? drivers[name] : dirname(drivers[name]),
    }));
    targets.push({ name: 'sound/pci', path: 'sound/pci' });
    for (const { name, path } of targets) {
      say(`floor: ${name}`);
      const texts = textsOf(join(setting.sources, path));
      const input = join(scratch, `${name.replaceAll('/', '-')}.json`);
      writeFileSync(input, JSON.stringify(texts));
      const floors: FloorTimes[] = [];
      const reports: { wall: number; cpu: number; engine: number }[] = [];
      for (let run = 0; run < Math.max(3, setting.options.runs - 2); run++) {
        const answer = spawnSync(process.execPath, ['--import=tsx', child, input], {
          cwd: join(import.meta.dirname, '../..'),
          encoding: 'utf8',
        });
        floors.push(JSON.parse(answer.stdout) as FloorTimes);
        // Without the reports of the run before: only the index of the kernel's headers is kept.
        const fresh = mkdtempSync(join(scratch, 'run-'));
        cpSync(cache, fresh, { recursive: true });
        const { time, entryPoints, engine } = runAnalyze(setting, path, fresh);
        rmSync(fresh, { recursive: true, force: true });
        if (entryPoints === 0) section.wrong.push(`fgft analyze finds no entry point in ${path}: status ${time.status} ${time.errors}`);
        reports.push({ wall: time.wall, cpu: time.user + time.system, engine });
      }
      const floor = {
        cold: median(floors.map((f) => f.cold)),
        coldCpu: median(floors.map((f) => f.coldCpu)),
        warm: median(floors.map((f) => f.warm)),
      };
      const report = {
        wall: median(reports.map((r) => r.wall)),
        cpu: median(reports.map((r) => r.cpu)),
        engine: median(reports.map((r) => r.engine)),
      };
      const characters = texts.reduce((sum, text) => sum + text.length, 0);
      rows.push([
        name,
        String(texts.length),
        (characters / 1000).toFixed(0),
        `${milliseconds(floor.cold)} (${milliseconds(floor.warm)})`,
        milliseconds(report.engine),
        ratioText(report.engine / floor.cold, GOAL),
        milliseconds(report.wall),
        ratioText(report.wall / floor.cold),
        ratioText(report.cpu / floor.coldCpu),
        (report.engine / (characters / 1e6)).toFixed(0),
      ]);
      data[name] = {
        files: texts.length,
        characters,
        floor,
        report,
        ratios: { engine: report.engine / floor.cold, wall: report.wall / floor.cold, cpu: report.cpu / floor.coldCpu },
      };
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  section.tables.push({
    title: 'A cold report against the floor, which is parsing the same masked text alone (each in a fresh process)',
    columns: ['driver', 'files', 'kchars', 'floor (again)', 'report', 'report/floor', 'command', 'command/floor', 'by CPU', 'ms per Mchar'],
    rows,
    notes: [
      "'files' with the driver's own headers. 'report': inside the process, from nothing loaded; 'command': the whole process; 'by CPU': command/floor in processor time.",
    ],
  });
  section.data = data;
  return section;
}

/**
 * A process that analyses the modules at one path as the command line does and writes how much processor time each rule took, and all that
 * went before the first of them. Bundled and started by rules.ts.
 */
import { writeFileSync } from 'node:fs';
import { compileLater } from '../../server/src/engine/compilation';
import { createEngine } from '../../server/src/engine';
import { analyzeCheckpoint } from '../../server/src/report/checkpoint';
import { locksOfModule } from '../../server/src/report/context';
import { RULES } from '../../server/src/report/rules';

/** Milliseconds of processor time, all threads of the process together. */
export interface RuleTimes {
  /** From a module's first file to its first rule, over all modules: reading, parsing, lowering, summaries, entry points. */
  below: number;
  /** By rule. What several rules share counts for the one that asks first, but for what stands in `shared`. */
  rules: Record<string, number>;
  /** Analyses that rules rest on and that others use too: what functions do to locks, and the checkpoint, which is a part of the report. */
  shared: { locks: number; checkpoint: number };
  modules: number;
  findings: number;
}

compileLater();

async function main([path, kernel, cacheFolder, output]: string[]): Promise<void> {
  const now = (): number => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
  const times: RuleTimes = { below: 0, rules: {}, shared: { locks: 0, checkpoint: 0 }, modules: 0, findings: 0 };
  let moduleBegan = 0;
  RULES.forEach((rule, i) => {
    const check = rule.check.bind(rule);
    rule.check = (driver, entries) => {
      if (i === 0) {
        const first = now();
        times.below += first - moduleBegan;
        locksOfModule(driver);
        const second = now();
        times.shared.locks += second - first;
        attempt(() => analyzeCheckpoint(driver, entries));
        times.shared.checkpoint += now() - second;
      }
      const begun = now();
      try {
        return check(driver, entries);
      } finally {
        times.rules[rule.id] = (times.rules[rule.id] ?? 0) + now() - begun;
      }
    };
  });
  const engine = createEngine({ kernel, cacheFolder });
  // What is loaded once for all modules belongs to none.
  await engine.diagnose(path).catch(() => undefined);
  const { report } = await engine.analyze(path, {
    progress: {
      report: () => {
        moduleBegan = now();
      },
    },
  });
  times.modules = report.drivers.length;
  times.findings = report.drivers.reduce((sum, driver) => sum + driver.findings.length, 0);
  engine.dispose();
  writeFileSync(output, JSON.stringify(times));
}

/** What fails here fails again in the rule, which says so. */
function attempt(run: () => unknown): void {
  try {
    run();
  } catch {
    // Reported with the rule.
  }
}

void main(process.argv.slice(2));

/**
 * A process that analyses the modules at one path as the command line does and writes how much processor time each rule took, and all that
 * went before the first of them. Bundled and started by rules.ts.
 */
import { writeFileSync } from 'node:fs';
import { compileLater } from '../../server/src/engine/compilation';
import { createEngine } from '../../server/src/engine';
import { RULES } from '../../server/src/report/rules';

/** Milliseconds of processor time, all threads of the process together. */
export interface RuleTimes {
  /** From a module's first file to its first rule, over all modules: reading, parsing, lowering, summaries, entry points. */
  below: number;
  /** By rule. What several rules share counts for the one that asks first. */
  rules: Record<string, number>;
  modules: number;
  findings: number;
}

compileLater();

async function main([path, kernel, cacheFolder, output]: string[]): Promise<void> {
  const now = (): number => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
  const times: RuleTimes = { below: 0, rules: {}, modules: 0, findings: 0 };
  let moduleBegan = 0;
  RULES.forEach((rule, i) => {
    const check = rule.check.bind(rule);
    rule.check = (driver, entries) => {
      const begun = now();
      if (i === 0) times.below += begun - moduleBegan;
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

void main(process.argv.slice(2));

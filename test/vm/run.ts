/**
 * Runs drivers under their workloads in a machine, and says what worked.
 *
 *   npx tsx test/vm/run.ts [--kernel 6.1] [--long] [--module FILE.ko] [--parameters WORDS] [--console FILE] [--verbose] [DRIVER...]
 *
 * --long goes through suspend and a reload as well; --module puts a module of your own in place of Debian's; --console keeps what the
 * kernel said.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { labDriver, labDrivers } from './lab/drivers';
import { kernelImage } from './lab/kernelImage';
import { disturbed, resultsOf } from './lab/results';
import { runWorkload } from './lab/workload';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kernel: { type: 'string', default: '6.1' },
    long: { type: 'boolean', default: false },
    module: { type: 'string' },
    parameters: { type: 'string' },
    console: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  const image = kernelImage(values.kernel);
  const drivers = positionals.length > 0 ? positionals.map(labDriver) : labDrivers();
  let failed = 0;
  for (const driver of drivers) {
    const run = await runWorkload({
      image,
      driver,
      replacement: values.module,
      parameters: values.parameters,
      long: values.long,
      onLine: values.verbose ? (line) => console.log(`    ${line}`) : undefined,
    });
    if (values.console) writeFileSync(values.console, run.console);
    const { steps, alarms, booted, taint, entries } = resultsOf(run);
    const unwell = disturbed(entries);
    const wrong = steps.filter((s) => s.status !== 0);
    const good = run.ended === 'end' && wrong.length === 0 && alarms.length === 0 && unwell.length === 0 && steps.length > 2;
    if (!good) failed++;
    console.log(
      `${good ? 'ok    ' : 'FAILED'} ${driver.module.padEnd(14)} ${steps.length - wrong.length}/${steps.length} steps, ${run.ended}, boot ${booted} s, ${run.seconds.toFixed(0)} s, taint ${taint}`,
    );
    for (const step of wrong) console.log(`       ${step.name}: status ${step.status}\n         ${step.output.join('\n         ')}`);
    if (entries.length > 0)
      console.log(
        `       isolated: ${entries.reduce((sum, e) => sum + e.calls, 0)} calls of ${entries.filter((e) => e.calls > 0).length} entry points`,
      );
    for (const line of unwell) console.log(`       ${line}`);
    for (const alarm of alarms.slice(0, 5)) console.log(`       kernel: ${alarm}`);
    if (good) continue;
    const said = run.console.split('\n');
    console.log(said.filter((l) => l.includes('fgft: ')).join('\n'));
    console.log(said.slice(-25).join('\n'));
  }
  process.exitCode = failed > 0 ? 1 : 0;
}

void main();

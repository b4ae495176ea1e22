/**
 * Runs drivers under their workloads in a machine, and says what worked.
 *
 *   npx tsx test/vm/run.ts [--kernel 6.1] [--long] [--module FILE.ko] [--parameters WORDS] [--verbose] [DRIVER...]
 *
 * --long goes through suspend and a reload as well; --module puts a module of your own in place of Debian's.
 */
import { parseArgs } from 'node:util';
import { labDriver, labDrivers } from './lab/drivers';
import { kernelImage } from './lab/kernelImage';
import { resultsOf } from './lab/results';
import { runWorkload } from './lab/workload';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kernel: { type: 'string', default: '6.1' },
    long: { type: 'boolean', default: false },
    module: { type: 'string' },
    parameters: { type: 'string' },
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
    const { steps, alarms, booted, taint } = resultsOf(run);
    const wrong = steps.filter((s) => s.status !== 0);
    const good = run.ended === 'end' && wrong.length === 0 && alarms.length === 0 && steps.length > 2;
    if (!good) failed++;
    console.log(
      `${good ? 'ok    ' : 'FAILED'} ${driver.module.padEnd(14)} ${steps.length - wrong.length}/${steps.length} steps, ${run.ended}, boot ${booted} s, ${run.seconds.toFixed(0)} s, taint ${taint}`,
    );
    for (const step of wrong) console.log(`       ${step.name}: status ${step.status}\n         ${step.output.join('\n         ')}`);
    for (const alarm of alarms.slice(0, 5)) console.log(`       kernel: ${alarm}`);
    if (!good) console.log(run.console.split('\n').slice(-25).join('\n'));
  }
  process.exitCode = failed > 0 ? 1 : 0;
}

void main();

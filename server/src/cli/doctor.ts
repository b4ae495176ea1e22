import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Diagnosis, Engine, EngineOptions } from '../engine/engine';
import { plural } from '../report/amounts';
import { exitStatus } from './analyze';
import type { Terminal } from './terminal';

/** Runs `fgft doctor`. Resolves to the exit status. */
export async function runDoctor(
  file: string,
  kernel: string | undefined,
  terminal: Terminal,
  makeEngine: (options: EngineOptions) => Engine,
): Promise<number> {
  const path = resolve(terminal.workingDirectory, file);
  const found = await stat(path).catch(() => null);
  if (found === null) {
    terminal.error(`fgft: there is no file ${file}\n`);
    return exitStatus.unusable;
  }
  if (!found.isFile()) {
    terminal.error(`fgft: ${file} is not a file; doctor takes one .c or .h file\n`);
    return exitStatus.unusable;
  }
  const engine = makeEngine({ kernel: kernel && resolve(terminal.workingDirectory, kernel) });
  try {
    const diagnosis = await engine.diagnose(path);
    terminal.out(describeDiagnosis(diagnosis));
    return kernel !== undefined && diagnosis.kernel === null ? exitStatus.unusable : exitStatus.done;
  } finally {
    engine.dispose();
  }
}

/** The diagnosis as text, one matter after the other, ending with what is wrong. */
export function describeDiagnosis(diagnosis: Diagnosis): string {
  const lines = [`file           ${diagnosis.file}`, ...kernelLines(diagnosis), `configuration  ${diagnosis.configuration}`];
  const { module } = diagnosis;
  if (module) {
    lines.push(`module         ${module.name}: ${module.why}`);
    lines.push(`  makefile     ${module.makefile ?? 'none'}`);
    for (const file of module.files) lines.push(`  file         ${file}`);
  } else lines.push('module         none found');

  const missing = diagnosis.includes.filter((include) => include.resolved === null);
  lines.push(`headers        ${diagnosis.includes.length - missing.length} of ${diagnosis.includes.length} found`);
  for (const include of missing) lines.push(`  not found    ${include.path}`);

  const rows = diagnosis.knowledge.reduce((total, pack) => total + pack.rows, 0);
  lines.push(`knowledge      ${plural(rows, 'row')} in ${plural(diagnosis.knowledge.length, 'pack')}`);
  for (const pack of diagnosis.knowledge) lines.push(`  ${String(pack.rows).padStart(5)} rows   ${pack.file}`);

  lines.push(diagnosis.problems.length === 0 ? 'problems       none' : 'problems');
  for (const problem of diagnosis.problems) lines.push(`  ${problem}`);
  return `${lines.join('\n')}\n`;
}

function kernelLines({ kernel, kernelTried }: Diagnosis): string[] {
  const tried = kernelTried.filter((path) => kernel === null || !path.startsWith(kernel.root)).map((path) => `  tried        ${path}`);
  if (kernel === null) return ['kernel         none found: sizes that the driver itself does not tell are unknown', ...tried];
  return [
    `kernel         ${kernel.root}`,
    `  found by     ${kernel.foundBy}`,
    `  kind         ${kernel.kind === 'source' ? 'source tree' : 'installed headers'}`,
    `  release      ${kernel.release || 'unknown'}`,
    `  architecture ${kernel.architecture}`,
    ...tried,
    ...kernel.includeFolders.map((folder) => `  include      ${folder}`),
  ];
}

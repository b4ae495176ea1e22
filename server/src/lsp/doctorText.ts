import type { Diagnosis } from '../engine/engine';

/** A diagnosis as lines of text. */
export function doctorText(diagnosis: Diagnosis): string {
  const { kernel, module } = diagnosis;
  const lines = [`File: ${diagnosis.file}`];
  if (kernel)
    lines.push(
      `Kernel: ${kernel.root} (${kernel.kind}, ${kernel.release || 'release unknown'}, ${kernel.architecture}), found by: ${kernel.foundBy}`,
    );
  else lines.push('Kernel: none found; sizes that the driver itself does not tell are unknown');
  for (const tried of diagnosis.kernelTried) lines.push(`  tried: ${tried}`);
  lines.push(`Configuration: ${diagnosis.configuration}`);
  if (module) {
    lines.push(`Module: ${module.name} (${module.why})`);
    if (module.makefile !== null) lines.push(`  linked by: ${module.makefile}`);
    for (const file of module.files) lines.push(`  file: ${file}`);
  } else {
    lines.push('Module: none');
  }
  const missing = diagnosis.includes.filter((include) => include.resolved === null);
  lines.push(
    `Includes: ${diagnosis.includes.length}, not found: ${missing.length === 0 ? 'none' : missing.map((include) => include.path).join(', ')}`,
  );
  for (const { file, rows } of diagnosis.knowledge) lines.push(`Knowledge: ${file}, ${rows} rows`);
  for (const problem of diagnosis.problems) lines.push(`Problem: ${problem}`);
  return lines.join('\n');
}

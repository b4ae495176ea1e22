/** A module with every chosen fault in it, each of which can be brought to life at run time. */
import { copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { vmFolder } from '../lab/folders';
import { withFaults } from './apply';
import { candidatesOf, type Ground } from './candidates';
import { chooseFaults, type ChosenFault, type EntryFunctions } from './choose';

export interface PlantedFault extends Omit<ChosenFault, 'before' | 'after' | 'start' | 'end'> {
  /** Relative to the folder of sources. */
  file: string;
}

/**
 * Plants faults into the C files below `folder/tree` of a Kbuild module. The module must be built afterwards. `tree` is `suspect` for an
 * isolated module, whose copies of the driver's files lie there, and `.` for a native one.
 */
export function plantFaults(
  folder: string,
  tree: string,
  module: string,
  entries: readonly EntryFunctions[],
  ground: Ground,
  seed: number,
  perKind: number,
): PlantedFault[] {
  const planted: PlantedFault[] = [];
  const objects: string[] = [];
  for (const path of cFiles(join(folder, tree))) {
    const text = readFileSync(path, 'utf8');
    const candidates = candidatesOf(text, ground);
    const own = new Set(candidates.map((c) => c.function));
    const here = entries.filter((e) => own.has(e.name));
    const faults = chooseFaults(candidates, here, seed, perKind, planted.length + 1);
    if (faults.length === 0) continue;
    writeFileSync(path, withFaults(text, faults));
    const file = relative(join(folder, tree), path);
    objects.push(join(tree, file).replace(/\.c$/, '.o'));
    planted.push(
      ...faults.map(({ before: _, after: __, start: ___, end: ____, ...fault }) => ({
        ...fault,
        line: sourceLine(text, fault.line),
        file,
      })),
    );
  }
  for (const name of ['fault.h', 'fault.c']) copyFileSync(join(vmFolder, 'campaign', name), join(folder, `fgft_campaign_${name}`));
  const kbuild = join(folder, 'Kbuild');
  const before = readFileSync(kbuild, 'utf8');
  const object = `${module}-y += fgft_campaign_fault.o`;
  const more = [
    '',
    ...(before.includes(object) ? [] : [object]),
    ...objects.map((o) => `CFLAGS_${o} += -include $(src)/fgft_campaign_fault.h`),
    '',
  ];
  writeFileSync(kbuild, before + more.join('\n'));
  return planted;
}

function cFiles(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) return cFiles(path);
      return name.endsWith('.c') && !name.endsWith('.mod.c') ? [path] : [];
    });
}

/** The line in the driver's own file: generated copies begin with text of their own, and say so with a `#line`. */
function sourceLine(text: string, line: number): number {
  const before = text.split('\n').slice(0, line - 1);
  for (let i = before.length - 1; i >= 0; i--) {
    const directive = /^#line (\d+)/.exec(before[i]);
    if (directive) return Number(directive[1]) + (line - 2 - i);
  }
  return line;
}

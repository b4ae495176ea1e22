/** The words after `npm run bench --`. */
import { parseArgs } from 'node:util';
import { type DriverName, drivers } from './kernelBuild';

export const sectionNames = ['latency', 'command', 'floor', 'curve', 'rules', 'leak'] as const;
export type SectionName = (typeof sectionNames)[number];

export interface BenchOptions {
  sections: SectionName[];
  /** Only these drivers in the latency tables. */
  files?: DriverName[];
  /** Open drivers where they lie in the source tree, which has no configuration, instead of copies read against the headers. */
  inTree: boolean;
  /** Edits per file in the latency tables. */
  edits: number;
  /** Times each file is opened with a warm cache. */
  opens: number;
  /** Repetitions of each command. */
  runs: number;
  /** Edits in the leak test. */
  leakEdits: number;
  /** A C file to profile instead of measuring anything. */
  profile?: string;
  /** Kernel headers to read drivers against, instead of the newest installed ones. */
  kernel?: string;
}

const usage = `usage: npm run bench -- [SECTION...] [options]

Sections (all if none is named): ${sectionNames.join(', ')}

  --file NAME       only this driver in the latency tables (8139too, e1000, i40e, ixgbe); may be repeated
  --in-tree         open the drivers inside the kernel sources, where they are read against those instead of the headers
  --edits N         edits per file in the latency tables (20)
  --opens N         times each file is opened (3)
  --runs N          repetitions of each command (5), and of the profiled analysis
  --leak-edits N    edits in the leak test (500)
  --kernel DIR      installed headers to read drivers against (the newest linux-headers-6.1*-amd64)
  --profile FILE    say where the time goes in the analysis of one C file's module, and measure nothing else
`;

/** The options, or the text to print instead of running. */
export function readOptions(words: string[]): BenchOptions | { message: string; status: number } {
  try {
    const { values, positionals } = parseArgs({
      args: words,
      allowPositionals: true,
      options: {
        file: { type: 'string', multiple: true },
        'in-tree': { type: 'boolean', default: false },
        edits: { type: 'string', default: '20' },
        opens: { type: 'string', default: '3' },
        runs: { type: 'string', default: '5' },
        'leak-edits': { type: 'string', default: '500' },
        profile: { type: 'string' },
        kernel: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return { message: usage, status: 0 };
    const unknown = positionals.find((name) => !(sectionNames as readonly string[]).includes(name));
    if (unknown !== undefined) return { message: `bench: unknown section '${unknown}'\n\n${usage}`, status: 2 };
    const noDriver = values.file?.find((name) => !(name in drivers));
    if (noDriver !== undefined) throw new Error(`--file knows ${Object.keys(drivers).join(', ')}, not '${noDriver}'`);
    const count = (name: 'edits' | 'opens' | 'runs' | 'leak-edits'): number => {
      const value = Number(values[name]);
      if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} takes a positive number, not '${values[name]}'`);
      return value;
    };
    return {
      sections: positionals.length > 0 ? (positionals as SectionName[]) : [...sectionNames],
      files: values.file as DriverName[] | undefined,
      inTree: values['in-tree'],
      edits: count('edits'),
      opens: count('opens'),
      runs: count('runs'),
      leakEdits: count('leak-edits'),
      profile: values.profile,
      kernel: values.kernel,
    };
  } catch (error) {
    return { message: `bench: ${error instanceof Error ? error.message : String(error)}\n\n${usage}`, status: 2 };
  }
}

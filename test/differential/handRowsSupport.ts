/**
 * What the kernel's own bodies do to the objects that they are given, found by our own analysis of the file that defines the function.
 * It is what surely can happen: what a body hands on to functions of other files stays out of sight, unless a row tells.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { READ, WRITE } from '../../server/src/analysis/model';
import { loadAssets } from '../../server/src/engine/assets';
import { analyzeDriver } from '../../server/src/engine/driver';
import { loadKernelWorld, shared } from '../../server/src/engine/kernelWorld';
import { readModule } from '../../server/src/engine/moduleFiles';
import { nodeFileSystem } from '../../server/src/engine/nodeFileSystem';
import type { KernelFunction, Knowledge } from '../../server/src/knowledge/model';
import { findKernelTree } from '../../server/src/text/kernelTree';

/** Folders whose functions drivers call. Single files stand for themselves. */
const SEARCHED = [
  'lib',
  'kernel',
  'mm',
  'block',
  'net/core',
  'net/ethernet',
  'net/socket.c',
  'fs',
  'sound/core',
  'arch/x86/lib',
  'drivers/ata',
  'drivers/base',
  'drivers/clk',
  'drivers/gpio',
  'drivers/hid',
  'drivers/hwmon/hwmon.c',
  'drivers/i2c/i2c-core-base.c',
  'drivers/i2c/i2c-core-smbus.c',
  'drivers/input',
  'drivers/net/mdio.c',
  'drivers/net/mii.c',
  'drivers/net/phy',
  'drivers/pci',
  'drivers/rtc',
  'drivers/scsi',
  'drivers/spi/spi.c',
  'drivers/tty',
  'drivers/usb/core',
  'drivers/usb/serial/usb-serial.c',
  'drivers/virtio',
  'drivers/watchdog',
];
const EXPORTED = /^EXPORT_SYMBOL(?:_GPL|_NS|_NS_GPL)?\(\s*(\w+)/gm;

/** The file that exports each function, as a path below the source; `inside` narrows the search. */
export function exportingFiles(source: string, inside: readonly string[] = SEARCHED): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (path: string): void => {
    const full = join(source, path);
    if (!existsSync(full)) return;
    if (statSync(full).isDirectory()) for (const name of readdirSync(full).sort()) visit(`${path}/${name}`);
    else if (path.endsWith('.c'))
      for (const [, name] of readFileSync(full, 'latin1').matchAll(EXPORTED)) if (!found.has(name)) found.set(name, path);
  };
  for (const path of inside) visit(path);
  return found;
}

/** What a body does to one argument's object, in bits of the analysis. */
export interface SeenFunction {
  name: string;
  /** By argument: read before it is written, and written. */
  arguments: Map<number, number>;
  /** Arguments that point to a number: they are the caller's, and no object of the kernel's. */
  numbers: Set<number>;
}

export interface Reader {
  knowledge: Knowledge;
  /** The functions of a file, by name. */
  read(file: string): Map<string, SeenFunction>;
}

/** A reader of the kernel's own files. */
export async function bodyReader(source: string, kernel: string, cacheFolder: string): Promise<Reader> {
  const base = await shared(loadAssets());
  const { tree } = findKernelTree(nodeFileSystem, source, { given: kernel });
  const world = loadKernelWorld(tree, nodeFileSystem, base, cacheFolder, 'x86');
  const read = (file: string): Map<string, SeenFunction> => {
    const module = {
      name: file,
      files: [join(source, file)],
      makefile: null,
      includeFolders: [],
      defines: [],
      why: 'one file of the kernel',
    };
    const files = readModule(module, {
      ...world.files,
      fs: nodeFileSystem,
      parser: base.parser,
      knowledge: base.knowledge,
      isOpen: () => false,
    });
    const { analysis, scope } = analyzeDriver(
      files,
      { knowledge: base.knowledge, kernel: world.kernel, architecture: 'x86', kernelMacro: world.kernelMacro, display: (p) => p },
      true,
    );
    const { paths } = analysis;
    const found = new Map<string, SeenFunction>();
    for (const node of analysis.nodes) {
      const types = scope.forFile(node.file);
      const numbers = new Set<number>();
      node.ir.locals.forEach(({ type, parameter }, i) => {
        const pointer = types.resolve(type);
        if (parameter && pointer.kind === 'pointer' && ['basic', 'enum'].includes(types.resolve(pointer.to).kind)) numbers.add(i);
      });
      const seen: SeenFunction = { name: node.name, arguments: new Map(), numbers };
      for (const effect of analysis.summaries[node.id].effects.values()) {
        const root = paths.rootOf(effect.path);
        const steps = paths.stepsOf(effect.path);
        if (root.kind !== 'parameter' || steps[0]?.kind !== 'deref' || steps.slice(1).some((s) => s.kind !== 'field' && s.kind !== 'index'))
          continue;
        const bits = (effect.readFirst ? effect.access & READ : 0) | (effect.access & WRITE);
        seen.arguments.set(root.index, (seen.arguments.get(root.index) ?? 0) | bits);
      }
      found.set(node.name, seen);
    }
    return found;
  };
  return { knowledge: base.knowledge, read };
}

export interface Disagreement {
  name: string;
  argument: number;
  file: string;
  /** What the row says and what the body does besides. */
  row: string;
  body: string;
}

function bitsOf(access: string | undefined): number {
  return (access?.includes('R') ? READ : 0) | (access?.includes('W') ? WRITE : 0);
}

function words(bits: number): string {
  return `${bits & READ ? 'R' : ''}${bits & WRITE ? 'W' : ''}` || 'A';
}

/**
 * Where a body does more to an argument than the row that was written by hand says. Of arguments that the row does not speak of, those
 * that point to numbers are compared: what the kernel does to its own objects it does to the originals.
 */
export function disagreements(row: KernelFunction, seen: SeenFunction, file: string): Disagreement[] {
  const found: Disagreement[] = [];
  for (const [index, bits] of seen.arguments) {
    const access = row.arguments[index];
    if (access === undefined && !seen.numbers.has(index)) continue;
    if (bits & ~bitsOf(access)) found.push({ name: row.name, argument: index, file, row: access ?? 'A', body: words(bits) });
  }
  return found;
}

/** Programs and modules of our own, compiled once per content into the cache. */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { command } from './command';
import { labCache, vmFolder } from './folders';
import type { KernelImage } from './kernelImage';

function digest(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(readFileSync(path));
  return hash.digest('hex').slice(0, 16);
}

/** The guest's static tool. */
export function labtool(): string {
  const source = join(vmFolder, 'guest/labtool.c');
  const program = join(labCache(), 'tools', `labtool-${digest([source])}`);
  if (existsSync(program)) return program;
  mkdirSync(join(labCache(), 'tools'), { recursive: true });
  command('gcc', ['-O2', '-Wall', '-static', '-o', `${program}.partial`, source]);
  renameSync(`${program}.partial`, program);
  return program;
}

/** A kernel module of `test/vm/modules`, built against the headers of an image. */
export function labModule(name: string, image: KernelImage): string {
  const source = join(vmFolder, 'modules', name);
  const files = readdirSync(source).map((f) => join(source, f));
  const folder = join(labCache(), 'tools', `${name}-${image.release}-${digest(files)}`);
  const built = join(folder, `${name}.ko`);
  if (existsSync(built)) return built;
  rmSync(folder, { recursive: true, force: true });
  cpSync(source, folder, { recursive: true });
  command('make', ['-s', '-C', image.headers, `M=${folder}`, 'modules']);
  return built;
}

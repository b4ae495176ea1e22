/** Reads a module for the architecture that it was written for. */
import { architectureWith } from '../text/architecture';
import type { FileSystem } from '../text/fileSystem';
import type { KernelWorld } from './kernelWorld';
import type { ModuleFiles } from './moduleFiles';

/**
 * Reads a module in a world; where it includes headers that only another architecture of the tree has, it is read again in that
 * architecture's world. `fixed`: the user chose the architecture, so that there is no other.
 */
export function readForItsArchitecture(
  world: KernelWorld,
  fs: FileSystem,
  fixed: boolean,
  read: (world: KernelWorld) => ModuleFiles,
): { files: ModuleFiles; world: KernelWorld } {
  const files = read(world);
  const architecture = fixed ? null : architectureWith(fs, world.tree, files.missing);
  if (architecture === null) return { files, world };
  for (const file of files.files) {
    file.tree?.delete();
    file.tree = null;
  }
  const other = world.forArchitecture(architecture);
  return { files: read(other), world: other };
}

/** The machine's file system: busybox, the laboratory's tool and scripts, modules. Everything is in memory of the guest. */
import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { command } from './command';
import { vmFolder } from './folders';
import type { KernelImage } from './kernelImage';
import { ModuleIndex, moduleName } from './modules';

export interface InitramfsContent {
  image: KernelImage;
  /** Modules that the script loads by name; each comes with what it needs. */
  modules: readonly string[];
  /** Modules of our own, by name: taken in place of the package's, with the dependencies of the package's if it has one. */
  own: ReadonlyMap<string, string>;
  /** Shell text, run after boot with the words of `guest/steps.sh`. */
  script: string;
  /** More files: name below /lab to path on the host. */
  files?: ReadonlyMap<string, string>;
}

/** Packs an initramfs. Throws when a module does not exist or a tool is missing. */
export function writeInitramfs(content: InitramfsContent, labtool: string, to: string): void {
  const root = mkdtempSync(join(tmpdir(), 'fgft-initramfs-'));
  try {
    for (const folder of ['bin', 'proc', 'sys', 'dev', 'tmp', 'lab/modules']) mkdirSync(join(root, folder), { recursive: true });
    copyFileSync('/bin/busybox', join(root, 'bin/busybox'));
    // Applets are links, made where the archive is written: `busybox --install` would cost seconds in an emulated machine.
    const applets = command('/bin/busybox', ['--list']).toString().split('\n').filter(Boolean);
    for (const applet of applets) if (applet !== 'busybox') symlinkSync('busybox', join(root, 'bin', applet));
    copyFileSync(labtool, join(root, 'bin/labtool'));
    copyFileSync(join(vmFolder, 'guest/init.sh'), join(root, 'init'));
    chmodSync(join(root, 'init'), 0o755);
    copyFileSync(join(vmFolder, 'guest/steps.sh'), join(root, 'lab/steps.sh'));
    cpSync(join(vmFolder, 'guest/workloads'), join(root, 'lab/workloads'), { recursive: true });
    writeFileSync(join(root, 'lab/script.sh'), content.script);
    writeModules(content, join(root, 'lab/modules'));
    for (const [name, path] of content.files ?? []) copyFileSync(path, join(root, 'lab', name));
    const packed = spawnSync('sh', ['-c', `find . | cpio --create --format=newc --quiet --owner=0:0 > "$0"`, to], { cwd: root });
    if (packed.status !== 0) throw new Error(`cpio: ${packed.stderr.toString()}`);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function writeModules({ image, modules, own }: InitramfsContent, folder: string): void {
  const index = new ModuleIndex(image);
  const present = new Set<string>();
  const put = (name: string): void => {
    if (present.has(name)) return;
    present.add(name);
    const replacement = own.get(name);
    if (replacement) copyFileSync(replacement, join(folder, `${name}.ko`));
    else index.extract(name, join(folder, `${name}.ko`));
  };
  for (const asked of modules) {
    const name = moduleName(asked);
    if (index.isBuiltIn(name)) {
      writeFileSync(join(folder, `${name}.list`), '');
      continue;
    }
    const needs = own.has(name) ? ownNeeds(index, own.get(name)!) : index.needsOf(name);
    for (const n of [...needs, name]) put(n);
    writeFileSync(join(folder, `${name}.list`), [...needs, name].join('\n') + '\n');
  }
}

/** What a module of our own needs stands in its own `depends` field. */
function ownNeeds(index: ModuleIndex, file: string): string[] {
  const depends = command('modinfo', ['--field', 'depends', file]).toString().trim();
  return index.closure(depends ? depends.split(',') : []);
}

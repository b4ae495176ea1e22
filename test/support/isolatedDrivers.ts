/** The drivers that are isolated as a whole, to show that their modules build; where their sources and the kernels' headers are. */
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from './repository';

export interface IsolatedDriver {
  name: string;
  /** Relative to the kernel's source; of our own examples relative to the repository. */
  path: string;
  /** `named`: the drivers that the product was judged by while it was made. `further`: chosen afterwards, to see what nothing was made for. */
  group: 'example' | 'named' | 'further';
  subsystem: string;
}

/** Lines of Linux whose sources and headers are looked for. */
export const KERNEL_LINES = ['6.1', '6.12'];

const named = (subsystem: string, ...paths: string[]): IsolatedDriver[] => paths.map((path) => driver('named', subsystem, path));
const further = (subsystem: string, ...paths: string[]): IsolatedDriver[] => paths.map((path) => driver('further', subsystem, path));

function driver(group: IsolatedDriver['group'], subsystem: string, path: string): IsolatedDriver {
  // A driver whose file only says "main" or "base" is known by its folder.
  const stem = path.replace(/.*\//, '').replace(/\.c$/, '');
  const name = stem.replace(/[_-](main|base)$/, '');
  return { name: name === 'usb' ? 'usb-storage' : name, path, group, subsystem };
}

export const ISOLATED_DRIVERS: readonly IsolatedDriver[] = [
  { name: 'fgft_demo_nic', path: 'examples/fgft_demo_nic', group: 'example', subsystem: 'network' },
  ...named(
    'network',
    'drivers/net/ethernet/realtek/8139too.c',
    'drivers/net/ethernet/realtek/8139cp.c',
    'drivers/net/ethernet/intel/e1000/e1000_main.c',
    'drivers/net/ethernet/amd/pcnet32.c',
    'drivers/net/ethernet/realtek/r8169_main.c',
    'drivers/net/ethernet/via/via-rhine.c',
  ),
  ...named('USB network', 'drivers/net/usb/pegasus.c'),
  ...named('USB storage', 'drivers/usb/storage/usb.c'),
  ...named('sound', 'sound/pci/ens1370.c', 'sound/pci/ens1371.c'),
  ...named('input', 'drivers/input/mouse/psmouse-base.c'),
  ...named('block', 'drivers/block/virtio_blk.c'),
  ...named('watchdog', 'drivers/watchdog/i6300esb.c'),
  ...further('network', 'drivers/net/ethernet/dec/tulip/winbond-840.c', 'drivers/net/ethernet/smsc/epic100.c'),
  ...further('HID', 'drivers/hid/hid-logitech-dj.c', 'drivers/hid/hid-sony.c'),
  ...further('USB serial', 'drivers/usb/serial/cp210x.c', 'drivers/usb/serial/ftdi_sio.c'),
  ...further('I2C', 'drivers/i2c/busses/i2c-i801.c', 'drivers/i2c/busses/i2c-piix4.c'),
  ...further('sound', 'sound/pci/intel8x0.c', 'sound/pci/cmipci.c'),
  ...further('MMC', 'drivers/mmc/host/via-sdmmc.c', 'drivers/mmc/host/wbsd.c'),
  ...further('hwmon', 'drivers/hwmon/it87.c'),
  ...further('character', 'drivers/char/hw_random/via-rng.c'),
];

/** The headers of an installed kernel of that line; null when there are none. */
export function headersOf(line: string): string | null {
  if (!existsSync('/usr/src')) return null;
  const found = readdirSync('/usr/src').filter((n) => n.startsWith(`linux-headers-${line}.`) && !n.endsWith('-common'));
  return found.length > 0 ? join('/usr/src', found.sort().at(-1)!) : null;
}

/** Where a driver's source lies; null when it is not there. */
export function sourceOf({ group, path }: IsolatedDriver, line: string): string | null {
  const sources = process.env.FGFT_KERNEL_SOURCES ?? join(homedir(), '.cache/fgft/kernel');
  const found = group === 'example' ? join(repositoryRoot, path) : join(sources, `linux-source-${line}`, path);
  return existsSync(found) ? found : null;
}

/**
 * Rollback of real devices, seen and not assumed: an isolated entry point writes its device and goes wrong at its very end. Registers,
 * configuration space and the driver's memory must then be what they were; with the log of writes switched off, or without a fault, they must not.
 */
import assert from 'node:assert/strict';
import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { skip } from '../support/skip';
import { labDriver } from './lab/drivers';
import { vmFolder } from './lab/folders';
import { buildModule, isolate } from './lab/isolated';
import type { KernelImage } from './lab/kernelImage';
import { runMachine } from './lab/machine';
import { imageOrReason } from './lab/ready';
import { loadingLines, modulesOf } from './lab/workload';

const LINE = '6.1';

/** Plants statements, and a fault behind them that can be switched on, before the last `return` of a function of the suspect copy. */
function plantAtEnd(folder: string, file: string, name: string, statements = ''): void {
  const path = join(folder, 'suspect', file);
  const text = readFileSync(path, 'utf8');
  const head = new RegExp(`^static int (?:\\w+ )*${name}\\s*\\([^;{]*\\)\\s*\\{`, 'm').exec(text);
  assert.ok(head, `${name} is not in ${file}`);
  const end = text.indexOf('\n}', head.index);
  const at = text.lastIndexOf('return', end);
  assert.ok(at > head.index, `${name} has no return`);
  writeFileSync(path, `${text.slice(0, at)}${statements} FGFT_FAULT_DIVIDE(1); ${text.slice(at)}`);
  for (const part of ['fault.h', 'fault.c']) copyFileSync(join(vmFolder, 'campaign', part), join(folder, `fgft_campaign_${part}`));
  const kbuild = readFileSync(join(folder, 'Kbuild'), 'utf8');
  const module = /^obj-m\s*:=\s*(\S+)\.o/m.exec(kbuild)![1];
  const object = join('suspect', file).replace(/\.c$/, '.o');
  writeFileSync(
    join(folder, 'Kbuild'),
    `${kbuild}\n${module}-y += fgft_campaign_fault.o\nCFLAGS_${object} += -include $(src)/fgft_campaign_fault.h\n`,
  );
}

interface Planted {
  /** Statements of the entry point before it goes wrong. */
  statements: string;
  /** C of the module's own, beside the driver: what the script looks through. */
  window: string;
}

async function runIn(
  image: KernelImage,
  name: string,
  file: string,
  entry: string,
  script: string,
  planted?: Planted,
): Promise<Map<string, string>> {
  const driver = labDriver(name);
  const folder = mkdtempSync(join(tmpdir(), 'fgft-rollback-'));
  try {
    isolate(driver, LINE, image, folder);
    plantAtEnd(folder, file, entry, planted?.statements);
    if (planted) appendFileSync(join(folder, 'fgft_campaign_fault.c'), planted.window);
    const { module } = buildModule(folder, image);
    const { modules, own } = modulesOf(driver, image, module);
    const lines = [`parameters=/sys/module/${driver.module}/parameters`, ...loadingLines(driver), script];
    const run = await runMachine({ image, modules, own, devices: driver.devices, processors: 2, limit: 300, script: lines.join('\n') });
    assert.equal(run.ended, 'end', run.console.slice(-3000));
    const said = new Map<string, string>();
    for (const line of run.lines) {
      const [, key, value] = /^@@ saw (\S+) (.*)$/.exec(line) ?? [];
      if (key) said.set(key, value.trim());
    }
    return said;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `saw NAME TEXT`; `once CHOSEN RESTORE COMMAND`: runs it with the fault and the log switched on or off, and says its status. */
const WORDS = `
saw() { echo "@@ saw $*" >&3; }
once() {
	echo "$2" >$parameters/campaign_chosen
	echo "$3" >$parameters/fgft_restore
	name=$1
	shift 3
	"$@" >/dev/null 2>&1
	saw "$name-status" $?
	echo 0 >$parameters/campaign_chosen
	look "$name"
}
`;

describe('rollback of a device', function () {
  this.timeout(900_000);
  let image: KernelImage;

  before(function () {
    const ready = imageOrReason(LINE);
    if (typeof ready === 'string') skip(this, ready);
    image = ready;
  });

  it('registers behind a lock register, and the address in memory', async () => {
    const said = await runIn(
      image,
      '8139too',
      '8139too.c',
      'rtl8139_set_mac_address',
      `${WORDS}
until_true 20 first_of '/sys/class/net/[eu]*'
interface=$(basename "$(first_of '/sys/class/net/[eu]*')")
look() {
	saw "$1-registers" $(labtool registers $interface | head -1 | cut -c1-17)
	saw "$1-lock" $(labtool registers $interface | sed -n 6p | cut -c1-2)
	saw "$1-memory" $(cat /sys/class/net/$interface/address)
}
look before
once fault 1 1 ip link set $interface address 52:54:00:aa:bb:cc
once fault-without-log 1 0 ip link set $interface address 52:54:00:aa:bb:cc
once well 0 1 ip link set $interface address 52:54:00:dd:ee:ff
`,
    );
    assert.equal(said.get('before-registers'), '52 54 00 12 34 56');
    assert.notEqual(said.get('fault-status'), '0');
    assert.equal(said.get('fault-registers'), said.get('before-registers'));
    assert.equal(said.get('fault-lock'), said.get('before-lock'));
    assert.equal(said.get('fault-memory'), said.get('before-memory'));
    assert.equal(said.get('fault-without-log-registers'), '52 54 00 aa bb cc');
    assert.equal(said.get('fault-without-log-memory'), said.get('before-memory'));
    assert.equal(said.get('well-status'), '0');
    assert.equal(said.get('well-registers'), '52 54 00 dd ee ff');
    assert.equal(said.get('well-memory'), '52:54:00:dd:ee:ff');
  });

  it('PCI configuration space', async () => {
    const said = await runIn(
      image,
      'i6300esb',
      'i6300esb.c',
      'esb_timer_start',
      `${WORDS}
until_true 20 first_of '/dev/watchdog'
device=$(dirname "$(first_of '/sys/bus/pci/drivers/i6300*/0*/config')")
look() { saw "$1-lock" $(dd if="$device/config" bs=1 skip=104 count=1 2>/dev/null | hexdump -e '1/1 "%02x"'); }
start() { ( : >/dev/watchdog ) ; }
look before
once fault 1 1 start
once fault-without-log 1 0 start
`,
    );
    assert.match(said.get('before-lock') ?? '', /^[0-9a-f]{2}$/);
    assert.notEqual(said.get('fault-status'), '0');
    assert.equal(said.get('fault-lock'), said.get('before-lock'));
    assert.notEqual(said.get('fault-without-log-lock'), said.get('before-lock'));
  });

  it('references to devices and modules', async () => {
    const said = await runIn(
      image,
      'i6300esb',
      'i6300esb.c',
      'esb_timer_start',
      `${WORDS}
until_true 20 first_of '/dev/watchdog'
look() { saw "$1-references" $(cat $parameters/references); }
start() { ( : >/dev/watchdog ) ; }
look before
once fault 1 1 start
once fault-again 1 1 start
once well 0 1 start
`,
      {
        statements: 'get_device(&edev->pdev->dev); pci_dev_get(edev->pdev); __module_get(THIS_MODULE);',
        window: `
#include <linux/pci.h>
static int print_references(char *buffer, const struct kernel_param *parameter)
{
	struct pci_dev *card = pci_get_device(0x8086, 0x25ab, NULL);
	int references = card ? kref_read(&card->dev.kobj.kref) - 1 : -1;

	pci_dev_put(card);
	return scnprintf(buffer, PAGE_SIZE, "%d %d\\n", references, module_refcount(THIS_MODULE));
}
static const struct kernel_param_ops reference_operations = { .get = print_references };
module_param_cb(references, &reference_operations, NULL, 0444);
`,
      },
    );
    assert.match(said.get('before-references') ?? '', /^[1-9]\d* \d+$/);
    assert.notEqual(said.get('fault-status'), '0');
    assert.equal(said.get('fault-references'), said.get('before-references'));
    assert.equal(said.get('fault-again-references'), said.get('before-references'));
    // Without the fault they stay: two of the device, one of the module and one of the open watchdog's.
    assert.notEqual(said.get('well-references'), said.get('before-references'));
  });
});

/** The example driver is a real module: it compiles without warnings against every installed kernel's headers, annotated or not. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '../support/repository';
import { skip } from '../support/skip';

const example = join(repositoryRoot, 'examples/fgft_demo_nic');
const annotationFolder = join(repositoryRoot, 'server/runtime/include');

/** Headers that can build a module: 6.1 is the oldest that the example is written for. */
const headers = existsSync('/usr/src')
  ? readdirSync('/usr/src').filter((name) => /^linux-headers-(6\.([1-9]|1\d)\.|[7-9]\.)/.test(name) && !name.endsWith('-common'))
  : [];

/** Builds a copy of the example that `edit` may change. Returns what make printed and whether the module is there. */
function build(kernelHeaders: string, edit: (folder: string) => void): { output: string; built: boolean } {
  const folder = mkdtempSync(join(tmpdir(), 'fgft-example-'));
  try {
    cpSync(example, folder, { recursive: true });
    edit(folder);
    const answer = spawnSync('make', [`KDIR=/usr/src/${kernelHeaders}`, `FGFT_INCLUDE=${annotationFolder}`, 'W=1'], {
      cwd: folder,
      encoding: 'utf8',
    });
    return { output: `${answer.stdout}${answer.stderr}`, built: existsSync(join(folder, 'fgft_demo_nic.ko')) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function replaceIn(file: string, changes: [RegExp, string][]): void {
  let text = readFileSync(file, 'utf8');
  for (const [pattern, replacement] of changes) {
    assert.match(text, pattern);
    text = text.replace(pattern, replacement);
  }
  writeFileSync(file, text);
}

/** Every annotation once, each in the place that its documentation shows. */
function annotate(folder: string): void {
  replaceIn(join(folder, 'demo_nic.h'), [
    [/#include <linux\/bits.h>/, '#include <fgft.h>\n$&'],
    [/\tu8 \*wake_pattern;/, '\t__fgft_count(wake_pattern_length) u8 *wake_pattern;\n\t__fgft_string const char *label;'],
    [/\tstruct dentry \*debugfs;/, '\t__fgft_opaque struct dentry *debugfs;'],
    [/\tu32 phy_data;/, '\t__fgft_shared u32 phy_data;'],
  ]);
  replaceIn(join(folder, 'demo_nic_control.c'), [
    [/^static int demo_set_wol/m, '__fgft_suspect $&'],
    [/^int demo_ioctl/m, '__fgft_suspect_if(command == SIOCSMIIREG) $&'],
  ]);
  replaceIn(join(folder, 'demo_nic_main.c'), [
    [/^static int demo_suspend/m, '__fgft_checkpoint $&'],
    [/^static int demo_resume/m, '__fgft_restore $&'],
  ]);
}

describe('the example driver as a kernel module', function () {
  this.timeout(180_000);

  before(function () {
    if (headers.length === 0) skip(this, 'no kernel headers below /usr/src: install linux-headers-amd64');
    for (const tool of ['make', 'gcc']) if (spawnSync(tool, ['--version']).status !== 0) skip(this, `${tool} is not installed`);
  });

  for (const name of headers) {
    it(`compiles against ${name} without warnings`, () => {
      const { output, built } = build(name, () => {});
      assert.ok(built, output);
      // A module's BTF needs the kernel's own image, which headers need not bring.
      assert.doesNotMatch(output, /warning|error/i, output);
    });
  }

  it('compiles the same with every annotation', () => {
    const { output, built } = build(headers[headers.length - 1], annotate);
    assert.ok(built, output);
    assert.doesNotMatch(output, /warning|error/i, output);
  });
});

import { strict as assert } from 'node:assert';
import { parseConfiguration } from '../../../server/src/text/configuration';
import { MemoryFileSystem, type FileSystem } from '../../../server/src/text/fileSystem';
import { moduleOf, modulesOf, modulesUnder, parseKbuild } from '../../../server/src/text/kbuild';

function folder(files: Record<string, string>): MemoryFileSystem {
  return new MemoryFileSystem(new Map(Object.entries(files).map(([name, text]) => [name.startsWith('/') ? name : '/d/' + name, text])));
}

/** `name: file file` for each module. */
function summary(fs: FileSystem, configuration?: string, at = '/d'): string[] {
  const options = configuration === undefined ? {} : { configuration: parseConfiguration(configuration) };
  return modulesOf(fs, at, options).map((m) => `${m.name}: ${m.files.map((f) => f.slice(at.length + 1)).join(' ')}`);
}

describe('parseKbuild', () => {
  it('reads selectors, continuations, comments and variables', () => {
    const { assignments } = parseKbuild(
      'parts := a.o \\\n  b.o # two\nfoo-y := $(parts) $(addprefix sub/,c.o d.o) \\\r\n e.o\nobj-$(CONFIG_FOO) += foo.o\nbar-$' +
        '{CONFIG_B:m=y} = x.o\nbaz-$(subst m,y,$(CONFIG_Z)) := z.o\n',
    );
    assert.deepEqual(
      assignments.map((a) => [a.stem, a.selector, a.words.join(' ')]),
      [
        ['parts', '', 'a.o b.o'],
        ['foo', 'y', 'a.o b.o sub/c.o sub/d.o e.o'],
        ['obj', 'CONFIG_FOO', 'foo.o'],
        ['bar', 'CONFIG_B', 'x.o'],
        ['baz', 'CONFIG_Z', 'z.o'],
      ],
    );
  });

  it('keeps every branch with its conditions', () => {
    const { assignments } = parseKbuild(
      'ifeq ($(CONFIG_A),y)\nx-y += a.o\nelse ifdef CONFIG_B\nx-y += b.o\nelse\nx-y += c.o\nendif\nifneq ($(KERNELRELEASE),)\nobj-m := x.o\nelse\nall:\n\t$(MAKE) -C $(KDIR)\nendif\nx-y += d.o\n',
    );
    assert.deepEqual(
      assignments.map((a) => [a.words.join(' '), a.conditions.map((c) => c.text)]),
      [
        ['a.o', ['ifeq ($(CONFIG_A),y)']],
        ['b.o', ['ifdef CONFIG_B']],
        ['c.o', ['else of ifdef CONFIG_B']],
        ['x.o', ['ifneq ($(KERNELRELEASE),)']],
        ['d.o', []],
      ],
    );
  });

  it('survives what is broken', () => {
    for (const text of [
      'ifeq (',
      'endif\nelse\n',
      'a-y := $(b',
      'x := $(x)\ny-y += $(x) $($(x))',
      'a \\',
      '$(a)-$(b) += $(c)',
      ':=',
      'include $(x',
    ])
      parseKbuild(text);
  });
});

describe('modulesOf', () => {
  it('finds single and composite modules and those that are built in', () => {
    const fs = folder({
      Makefile:
        'obj-m := one.o\nobj-$(CONFIG_TWO) += two-mod.o\nobj-y += three.o sub/\ntwo-mod-objs := t1.o t2.o\ntwo-mod-$(CONFIG_EXTRA) += t3.o\nthree-y := a/x.o missing.o\n',
      'one.c': '',
      't1.c': '',
      't2.c': '',
      't3.c': '',
      'a/x.c': '',
      'sub/z.c': '',
    });
    assert.deepEqual(summary(fs), ['one: one.c', 'two-mod: t1.c t2.c t3.c', 'three: a/x.c']);
    assert.deepEqual(summary(fs, 'CONFIG_TWO=m\n'), ['one: one.c', 'two-mod: t1.c t2.c', 'three: a/x.c']);
  });

  it('gives each file that nobody names a module of its own, except those that others include', () => {
    const fs = folder({ Makefile: 'obj-m += drv.o\n', 'drv.c': '#include "part.c"\n', 'part.c': '', 'loose.c': '', 'drv.mod.c': '' });
    assert.deepEqual(summary(fs), ['drv: drv.c', 'loose: loose.c']);
    assert.deepEqual(summary(folder({ 'foo.c': '' })), ['foo: foo.c']);
  });

  it('leaves out what this program generated: it holds the driver once more', () => {
    const files = {
      'foo.c': '',
      'fgft-isolated/foo/Kbuild': 'obj-m := foo.o\nfoo-y := native/foo.o\n',
      'fgft-isolated/foo/native/foo.c': '',
    };
    const names = (more: Record<string, string>): string[] => modulesUnder(folder({ ...files, ...more }), '/d').flatMap((m) => m.files);
    assert.deepEqual(names({ 'fgft-isolated/foo/fgft-files.json': '{}' }), ['/d/foo.c']);
    assert.equal(names({}).length, 2);
  });

  it('honours conditions that the configuration decides', () => {
    const makefile =
      'obj-m += d.o\nd-y := d1.o\nifeq ($(CONFIG_A),y)\nd-y += a.o\nelse\nd-y += b.o\nendif\nifdef CONFIG_C\nd-y += c.o\nendif\n';
    const fs = folder({ Makefile: makefile, 'd1.c': '', 'a.c': '', 'b.c': '', 'c.c': '' });
    assert.deepEqual(summary(fs), ['d: d1.c a.c b.c c.c']);
    assert.deepEqual(summary(fs, 'CONFIG_A=y'), ['d: d1.c a.c']);
    assert.deepEqual(summary(fs, 'CONFIG_C=m'), ['d: d1.c b.c c.c']);
  });

  it('reads lists that are built from other variables', () => {
    const fs = folder({ Makefile: 'proc-$(CONFIG_PROC_FS) += p.o\nd-objs := m.o $(proc-y)\nobj-m += d.o\n', 'm.c': '', 'p.c': '' });
    assert.deepEqual(summary(fs), ['d: m.c p.c']);
    assert.deepEqual(summary(fs, 'CONFIG_PROC_FS=y'), ['d: m.c p.c']);
    assert.deepEqual(summary(fs, ''), ['d: m.c']);
  });
});

describe('moduleOf', () => {
  it('finds the module of a part, and says why', () => {
    const fs = folder({ Makefile: 'obj-$(CONFIG_D) += my-drv.o\nmy-drv-y := main.o hw.o\n', 'main.c': '', 'hw.c': '' });
    const module = moduleOf(fs, '/d/hw.c');
    assert.deepEqual([module.name, module.files, module.makefile], ['my-drv', ['/d/main.c', '/d/hw.c'], '/d/Makefile']);
    assert.equal(module.why, 'obj-$(CONFIG_D) names my-drv.o in /d/Makefile');
  });

  it('keeps a file that its configuration switches off', () => {
    const fs = folder({
      Makefile: 'obj-m += d.o\nd-y := a.o\nd-$(CONFIG_X) += x.o\nd-$(CONFIG_Z) += z.o\n',
      'a.c': '',
      'x.c': '',
      'z.c': '',
    });
    const options = { configuration: parseConfiguration('') };
    assert.deepEqual(moduleOf(fs, '/d/x.c', options).files, ['/d/a.c', '/d/x.c']);
    assert.deepEqual(
      modulesOf(fs, '/d', options).map((m) => m.files),
      [['/d/a.c']],
    );
  });

  it('searches the Makefiles above for objects in sub-folders', () => {
    const fs = folder({
      Makefile: 'obj-m += d.o\nd-y := core/main.o lib/deep/x.o\n',
      'core/main.c': '',
      'lib/deep/x.c': '',
      'lib/Makefile': '',
    });
    assert.deepEqual(moduleOf(fs, '/d/lib/deep/x.c').files, ['/d/core/main.c', '/d/lib/deep/x.c']);
    assert.deepEqual(
      modulesUnder(fs, '/d').map((m) => m.name),
      ['d'],
    );
  });

  it('gives a file that a neighbour links no module of its own', () => {
    const fs = folder({
      'core/Makefile': 'gpu-y := main.o\ninclude $(src)/../display/Makefile\ngpu-y += $(DISPLAY)\nobj-m += gpu.o\n',
      'core/main.c': '',
      'display/Makefile': 'DISPLAY := ../display/plane.o\n',
      'display/plane.c': '',
      'display/alone.c': '',
    });
    assert.deepEqual(
      modulesUnder(fs, '/d').map((m) => `${m.name}: ${m.files.join(' ')}`),
      ['gpu: /d/core/main.c /d/display/plane.c', 'alone: /d/display/alone.c'],
    );
  });

  it('follows a file that one in the folder above includes', () => {
    const fs = folder({ Makefile: 'obj-m += drv.o\n', 'drv.c': '#include "selftest/t.c"\n', 'selftest/t.c': '' });
    assert.equal(moduleOf(fs, '/d/selftest/t.c').name, 'drv');
  });

  it('follows a file that another one includes', () => {
    const fs = folder({
      Makefile: 'obj-m += hcd.o\n',
      'hcd.c': '# include "hub.c"\n',
      'hub.c': '#include "x.c"',
      'x.c': '#include "hub.c"',
    });
    assert.deepEqual([moduleOf(fs, '/d/x.c').name, moduleOf(fs, '/d/hub.c').files], ['hcd', ['/d/hcd.c']]);
    const loop = folder({ 'a.c': '#include "b.c"', 'b.c': '#include "a.c"' });
    assert.equal(moduleOf(loop, '/d/a.c').files.length, 1);
  });

  it('collects include folders and defines', () => {
    const fs = folder({
      '/k/Makefile': 'VERSION = 6\n',
      '/k/include/linux/module.h': '',
      '/k/drivers/Makefile': 'subdir-ccflags-y += -DABOVE\nccflags-y += -DNOT_BELOW\n',
      '/k/drivers/d/Makefile':
        'ccflags-y := -I $(srctree)/drivers/scsi -I$(src)/inc -DONE -DTWO=2 -I$(srctree)/$(src)/..\nccflags-$(CONFIG_DBG) += -DDBG\nCFLAGS_a.o := -I$(src) -DSTR=\\"x\\"\nCFLAGS_other.o := -DOTHER\nobj-m += a.o\n',
      '/k/drivers/d/a.c': '',
    });
    const module = moduleOf(fs, '/k/drivers/d/a.c', { configuration: parseConfiguration('') });
    assert.deepEqual(module.includeFolders, ['/k/drivers/scsi', '/k/drivers/d/inc', '/k/drivers', '/k/drivers/d']);
    assert.deepEqual(
      module.defines.map((d) => `${d.name}=${d.body}`),
      ['ABOVE=1', 'ONE=1', 'TWO=2', 'STR="x"'],
    );
    const outOfTree = folder({ Makefile: 'ccflags-y := -I$(src)/inc -I$(PWD)/x -Irel\nobj-m += a.o\n', 'a.c': '' });
    assert.deepEqual(moduleOf(outOfTree, '/d/a.c').includeFolders, ['/d/inc', '/d/x', '/d/rel']);
  });

  it('does not hang on loops of links or throw on what cannot be read', () => {
    const loop: FileSystem = {
      read: () => undefined,
      stat: (path) => ({ kind: path.endsWith('.c') || path.endsWith('Makefile') ? 'file' : 'directory', size: 1, modified: 0 }),
      list: (path) => (path.length > 10_000 ? undefined : ['again', 'x.c']),
      canonical: () => '/d',
    };
    assert.deepEqual(
      modulesUnder(loop, '/d').map((m) => m.name),
      ['x'],
    );
  });
});

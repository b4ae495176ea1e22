import { strict as assert } from 'node:assert';
import { MemoryFileSystem } from '../../../server/src/text/fileSystem';
import { isDriverHeader, resolveInclude } from '../../../server/src/text/includes';
import { findKernelTree, linuxVersionCode, type KernelTree } from '../../../server/src/text/kernelTree';

const makefile = '# SPDX\nVERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 192\nEXTRAVERSION =\nNAME = X\n';

function source(root: string): [string, string][] {
  return [
    [`${root}/Makefile`, makefile],
    [`${root}/include/linux/module.h`, ''],
    [`${root}/include/asm-generic/div.h`, ''],
    [`${root}/include/uapi/linux/a.h`, ''],
    [`${root}/arch/x86/include/asm/io.h`, ''],
    [`${root}/drivers/net/Makefile`, 'obj-y += a.o'],
    [`${root}/drivers/net/a.c`, ''],
    [`${root}/drivers/net/a.h`, ''],
    [`${root}/kernel/fork.c`, ''],
  ];
}

function headers(release: string, folder = '/usr/src'): [string, string][] {
  const common = `${folder}/linux-headers-${release}-common`;
  const flavour = `${folder}/linux-headers-${release}-amd64`;
  return [
    [`${common}/Makefile`, makefile],
    [`${common}/include/linux/module.h`, ''],
    [`${common}/include/uapi/linux/a.h`, ''],
    [`${common}/include/asm-generic/div.h`, ''],
    [`${common}/arch/x86/include/asm/io.h`, ''],
    [`${common}/arch/x86/include/uapi/asm/u.h`, ''],
    [`${flavour}/Makefile`, `include /usr/src/linux-headers-${release}-common/Makefile\n`],
    [`${flavour}/.kernelvariables`, 'override ARCH = x86\n'],
    [`${flavour}/include/config/auto.conf`, 'CONFIG_A=y\n'],
    [`${flavour}/include/generated/utsrelease.h`, `#define UTS_RELEASE "${release}-amd64"\n`],
    [`${flavour}/arch/x86/include/generated/asm/g.h`, ''],
  ];
}

const files = (...parts: [string, string][][]): MemoryFileSystem => new MemoryFileSystem(new Map(parts.flat()));

describe('findKernelTree', () => {
  it('takes what is given and tries nothing else', () => {
    const fs = files(source('/k'), headers('6.1.0-1'));
    const found = findKernelTree(fs, '/k/drivers/net/a.c', { given: '/nowhere', setting: '/k' });
    assert.equal(found.tree, null);
    assert.deepEqual(found.tried, ['/nowhere: no such folder (given)']);
    assert.match(found.problems[0], /\/nowhere is neither a kernel source tree nor/);
    assert.equal(findKernelTree(fs, '/x.c', { given: '/k' }).tree?.foundBy, 'given');
  });

  it('finds the tree around the path, then the setting, then the running kernel, then the newest headers', () => {
    const fs = files(source('/k'), source('/other'), headers('6.1.0-9'), headers('6.1.0-56'), headers('6.12.1'), [
      ['/home/u/drv/foo.c', ''],
    ]);
    const all = { setting: '/other', runningRelease: '6.1.0-9-amd64' };
    assert.deepEqual(
      [findKernelTree(fs, '/k/drivers/net/a.c', all).tree?.root, findKernelTree(fs, '/k/drivers', all).tree?.foundBy],
      ['/k', 'path lies in it'],
    );
    assert.equal(findKernelTree(fs, '/home/u/drv/foo.c', all).tree?.root, '/other');
    const newest = findKernelTree(fs, '/home/u/drv/foo.c', { runningRelease: '9.9.9' });
    assert.equal(newest.tree?.root, '/usr/src/linux-headers-6.12.1-amd64');
    assert.deepEqual(newest.tried, [
      '/home/u/drv/foo.c: lies in no kernel tree',
      '/lib/modules/9.9.9/build: no such folder (running kernel)',
      '/usr/src/linux-headers-6.12.1-amd64: used (newest installed headers)',
    ]);
    const broken = findKernelTree(fs, '/home/u/drv/foo.c', { setting: '/home/u/drv' });
    assert.equal(broken.tree?.foundBy, 'newest installed headers');
    assert.equal(broken.problems.length, 1);
  });

  it('says that there is none', () => {
    const found = findKernelTree(files([['/a/b.c', '']]), '/a/b.c', {});
    assert.equal(found.tree, null);
    assert.deepEqual(found.problems, []);
    assert.equal(found.tried.at(-1), '/usr/src: no linux-headers-* folders');
  });

  it('describes a source tree', () => {
    const tree = findKernelTree(files(source('/k')), '/', { given: '/k/' }).tree as KernelTree;
    assert.deepEqual(tree, {
      root: '/k',
      kind: 'source',
      release: '6.1.192',
      architecture: 'x86',
      includeFolders: ['/k/arch/x86/include', '/k/include', '/k/include/uapi'],
      configurationFile: null,
      foundBy: 'given',
    });
  });

  it("describes a distribution's pair of headers folders, also when the pair was moved", () => {
    for (const folder of ['/usr/src', '/opt/moved']) {
      const fs = files(headers('6.1.0-56', folder));
      const tree = findKernelTree(fs, '/', { given: `${folder}/linux-headers-6.1.0-56-amd64` }).tree as KernelTree;
      const at = `${folder}/linux-headers-6.1.0-56`;
      assert.equal(tree.kind, 'headers');
      assert.equal(tree.release, '6.1.0-56-amd64');
      assert.deepEqual(tree.includeFolders, [
        `${at}-common/arch/x86/include`,
        `${at}-amd64/arch/x86/include/generated`,
        `${at}-common/include`,
        `${at}-amd64/include`,
        `${at}-common/arch/x86/include/uapi`,
        `${at}-common/include/uapi`,
      ]);
      assert.equal(tree.configurationFile, `${at}-amd64/include/config/auto.conf`);
      assert.equal(linuxVersionCode(fs, tree), (6 << 16) + (1 << 8) + 192);
    }
  });
});

describe('includes', () => {
  const fs = files(headers('6.1.0-56'), [
    ['/d/a.c', ''],
    ['/d/own.h', ''],
    ['/d/sub/x.h', ''],
    ['/inc/extra.h', ''],
    ['/d/linux/module.h', ''],
  ]);
  const tree = findKernelTree(fs, '/', { given: '/usr/src/linux-headers-6.1.0-56-amd64' }).tree;
  const resolve = (path: string, angled: boolean): string | null => resolveInclude(fs, tree, '/d/a.c', { path, angled }, ['/inc']);

  it('looks beside the file for quoted names only', () => {
    assert.equal(resolve('own.h', false), '/d/own.h');
    assert.equal(resolve('own.h', true), null);
    assert.equal(resolve('sub/../own.h', false), '/d/own.h');
    assert.equal(resolve('linux/module.h', false), '/d/linux/module.h');
    assert.equal(resolve('linux/module.h', true), '/usr/src/linux-headers-6.1.0-56-common/include/linux/module.h');
  });

  it('searches the -I folders and falls back to asm-generic', () => {
    assert.equal(resolve('extra.h', true), '/inc/extra.h');
    assert.equal(resolve('asm/div.h', true), '/usr/src/linux-headers-6.1.0-56-common/include/asm-generic/div.h');
    assert.equal(resolve('asm/io.h', true), '/usr/src/linux-headers-6.1.0-56-common/arch/x86/include/asm/io.h');
    assert.equal(resolve('none.h', false), null);
    assert.equal(resolveInclude(fs, null, '/d/a.c', { path: 'asm/div.h', angled: true }, []), null);
  });

  it("tells the driver's text from the kernel's", () => {
    assert.equal(isDriverHeader(tree, '/d/own.h'), true);
    assert.equal(isDriverHeader(tree, '/usr/src/linux-headers-6.1.0-56-common/include/linux/module.h'), false);
    assert.equal(isDriverHeader(null, '/d/own.h'), true);
  });
});

import { strict as assert } from 'node:assert';
import { assumedConfiguration, parseConfiguration } from '../../../server/src/text/configuration';
import { folderOf, joinPath, liesIn, normalizePath } from '../../../server/src/text/paths';

describe('configuration', () => {
  it('reads auto.conf', () => {
    const { value, source } = parseConfiguration(
      '# a comment\nCONFIG_A=y\nCONFIG_B=m\nCONFIG_C=n\n# CONFIG_D is not set\nCONFIG_N=0x10\nCONFIG_S="a \\"b\\""\nCONFIG_E=""\n',
    );
    assert.deepEqual(
      ['A', 'B', 'C', 'D', 'N', 'S', 'E'].map((n) => value('CONFIG_' + n)),
      ['y', 'm', undefined, undefined, '0x10', 'a "b"', ''],
    );
    assert.equal(source, 'auto.conf');
  });

  it('assumes that all is on but what switches debugging or other machines', () => {
    const { value } = assumedConfiguration('x86');
    for (const name of ['PCI', 'NET_POLL_CONTROLLER', 'DEBUG_FS', 'PM_SLEEP', 'X86_64', 'X86', 'SMP', '64BIT'])
      assert.equal(value('CONFIG_' + name), 'y', name);
    for (const name of [
      'DEBUG_KERNEL',
      'E1000_DEBUG',
      'CPU_BIG_ENDIAN',
      '32BIT',
      'X86_32',
      'ARM64',
      'SPARC',
      'PPC',
      'KASAN',
      'PCI_MODULE',
      'PREEMPT_RT',
    ])
      assert.equal(value('CONFIG_' + name), undefined, name);
    assert.equal(value('CONFIG_HZ'), '250');
    assert.equal(value('toString'), undefined);
    assert.equal(assumedConfiguration('arm64').value('CONFIG_ARM64'), 'y');
    assert.equal(assumedConfiguration('arm64').value('CONFIG_X86_64'), undefined);
  });
});

describe('paths', () => {
  it('normalizes', () => {
    assert.equal(normalizePath('/a//b/./c/../d/'), '/a/b/d');
    assert.equal(normalizePath('/../..'), '/');
    assert.equal(normalizePath('../a/../../b'), '../../b');
    assert.equal(joinPath('/a/b', '../c'), '/a/c');
    assert.equal(joinPath('/a', '/c/./d'), '/c/d');
    assert.deepEqual([folderOf('/a/b'), folderOf('/a'), folderOf('/')], ['/a', '/', '/']);
    assert.deepEqual([liesIn('/a/b', '/a'), liesIn('/ab', '/a'), liesIn('/a', '/')], [true, false, true]);
  });
});

import { strict as assert } from 'node:assert';
import { assumedConfiguration, NO_ASSUMPTIONS, parseConfiguration } from '../../../server/src/text/configuration';
import { loadAssets } from '../../../server/src/engine/assets';
import { knowledgeOf } from '../../../server/src/knowledge/load';
import { folderOf, joinPath, liesIn, normalizePath } from '../../../server/src/text/paths';

const assumptions = knowledgeOf(loadAssets().knowledge).knowledge.configuration;

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
    const { value } = assumedConfiguration(assumptions, 'x86');
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
    assert.equal(assumedConfiguration(assumptions, 'arm64').value('CONFIG_ARM64'), 'y');
    assert.equal(assumedConfiguration(assumptions, 'arm64').value('CONFIG_X86_64'), undefined);
  });

  it('assumes of an architecture what its own symbols say, and of those with two widths the wider', () => {
    const { value } = assumedConfiguration(assumptions, 'powerpc');
    assert.deepEqual(
      ['PPC', 'PPC64', 'PPC32', 'X86', 'ARM64', '64BIT', 'CPU_BIG_ENDIAN'].map((n) => value('CONFIG_' + n)),
      ['y', 'y', undefined, undefined, undefined, 'y', undefined],
    );
    const m68k = assumedConfiguration(assumptions, 'm68k');
    assert.deepEqual(
      ['M68K', 'AMIGA', '64BIT', '32BIT', 'CPU_BIG_ENDIAN'].map((n) => m68k.value('CONFIG_' + n)),
      ['y', 'y', undefined, 'y', 'y'],
    );
    assert.equal(assumedConfiguration(NO_ASSUMPTIONS, 'x86').value('CONFIG_DEBUG'), 'y');
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

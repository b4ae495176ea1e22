import { strict as assert } from 'node:assert';
import { flat, run } from './preprocessSupport';

const config = 'CONFIG_ON=y\nCONFIG_MOD=m\nCONFIG_HZ=250\nCONFIG_NAME="x"\n';
const kernel = {
  predefined: (name: string) => ({ LINUX_VERSION_CODE: '393664', PAGES: '(1UL << SHIFT)', SHIFT: '12' })[name],
  isKernelMacro: (name: string) => name === 'netif_thing',
};

function holds(condition: string, before = ''): boolean {
  const r = run(`${before}\n#if ${condition}\nyes\n#else\nno\n#endif\n`, { config, ...kernel });
  assert.deepEqual(r.problems, [], condition);
  return flat(r) === 'yes';
}

describe('preprocess: conditionals', () => {
  it('follows the configuration', () => {
    const on = [
      'defined(CONFIG_ON)',
      'defined CONFIG_ON',
      'CONFIG_ON',
      'IS_ENABLED(CONFIG_ON)',
      'IS_BUILTIN(CONFIG_ON)',
      'IS_ENABLED(CONFIG_MOD)',
      'IS_MODULE(CONFIG_MOD)',
      'IS_REACHABLE(CONFIG_MOD)',
      'defined(CONFIG_MOD_MODULE)',
      'CONFIG_HZ == 250',
      'defined(MODULE)',
    ];
    const off = [
      'defined(CONFIG_OFF)',
      'CONFIG_OFF',
      'IS_ENABLED(CONFIG_OFF)',
      'defined(CONFIG_MOD)',
      'IS_BUILTIN(CONFIG_MOD)',
      'IS_MODULE(CONFIG_ON)',
      'defined(CONFIG_ON_MODULE)',
      'CONFIG_HZ > 1000',
      'defined(__BIG_ENDIAN)',
    ];
    for (const condition of on) assert.equal(holds(condition), true, condition);
    for (const condition of off) assert.equal(holds(condition), false, condition);
  });

  it('computes', () => {
    const on = [
      '1 + 2 * 3 == 7',
      '(1 ? 2 : 3) == 2',
      '0x10 == 16',
      '010 == 8',
      "'a' == 97",
      '-1 < 0',
      '!0',
      '~0 == -1',
      '1 << 4 == 16',
      '10UL / 3 == 3',
      '7 % 4 == 3',
      '1 || 0 && 0',
      'UNKNOWN == 0',
      '-1 > 0u',
      '0 || (1 && !defined(X))',
      '5 / 0 == 0 || 1',
      'UNKNOWN(1, 2) == 0',
      '4 >= 4 && 3 <= 4 && 3 != 4',
      '(6 ^ 3) == 5 && (6 | 3) == 7 && (6 & 3) == 2',
    ];
    for (const condition of on) assert.equal(holds(condition), true, condition);
    assert.equal(holds('0'), false);
  });

  it('tests versions, attributes and macros of kernel headers', () => {
    assert.equal(holds('LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 0)'), true);
    assert.equal(holds('LINUX_VERSION_CODE < KERNEL_VERSION(5,10,300)'), false);
    assert.equal(holds('__has_attribute(__fallthrough__)'), false);
    assert.equal(holds('PAGES == 4096'), true);
    assert.equal(holds('defined(netif_thing)'), true);
    assert.equal(holds('netif_thing'), false);
    assert.equal(holds('defined(netif_thing)', '#undef netif_thing'), false);
  });

  it("expands the driver's own macros in conditions", () => {
    assert.equal(holds('LEVEL > 2', '#define LEVEL 3'), true);
    assert.equal(holds('MIN(4, 2) == 2', '#define MIN(a, b) ((a) < (b) ? (a) : (b))'), true);
    assert.equal(holds('HAVE', '#define HAVE (defined(CONFIG_ON) && IS_ENABLED(CONFIG_MOD))'), true);
    assert.equal(holds('A == B', '#define A 1\n#define B 1'), true);
    assert.equal(holds('FLAG', '#define FLAG 1\n#undef FLAG'), false);
  });

  it('chooses one branch of a chain', () => {
    const chain = (n: number): string =>
      flat(run(`#define N ${n}\n#if N == 1\none\n#elif N == 2\ntwo\n#elif N == 2 || 1\nthree\n#else\nfour\n#endif\nrest`));
    assert.deepEqual([1, 2, 3].map(chain), ['one rest', 'two rest', 'three rest']);
    assert.equal(flat(run('#ifdef A\na\n#elifndef B\nb\n#else\nc\n#endif')), 'b');
  });

  it('nests', () => {
    assert.equal(flat(run('#if 0\n#if 1\na\n#else\nb\n#endif\nc\n#else\n#ifndef X\nd\n#endif\n#endif\ne')), 'd e');
  });

  it('is not disturbed by prose that is switched off', () => {
    const r = run('int a;\n#if 0\nDon\'t do this "yet: it (breaks {\n#define GONE(x) x\n#error no\n#endif\nint b = GONE(1);');
    assert.equal(flat(r), 'int a; int b = GONE(1);');
    assert.deepEqual(r.problems, []);
  });

  it('reports what is switched off, directives not included', () => {
    const text = 'a\n#if 0\nb\nc\n#elif 0\nd\n#else\ne\n#endif\nf\n';
    assert.deepEqual(
      run(text).inactive.map((r) => text.slice(r.start, r.end)),
      ['b\nc\n', 'd\n'],
    );
  });

  it('reads a header whose include guard is defined already', () => {
    for (const guard of ['#ifndef H_', '#if !defined(H_)', '#pragma once\n#ifndef H_']) {
      const r = run(`/* x */\n${guard}\n#define H_\nint a;\n#endif\n`, {
        macros: [{ name: 'H_', parameters: null, variadic: false, body: '', file: 'x', offset: 0 }],
      });
      assert.equal(flat(r), 'int a;', guard);
    }
  });

  it('decides conditions inside the arguments of a macro', () => {
    assert.equal(flat(run('#define F(a, b) a + b\nF(1,\n#ifdef CONFIG_ON\n2\n#else\n3\n#endif\n);', { config })), '1 + 2;');
    const cut = run('#define F(a, b) a + b\nF(1,\n#ifdef CONFIG_OFF\n2\n#endif\n}', { config });
    assert.equal(flat(cut), 'F(1, }');
  });

  it('says which conditionals are unbalanced', () => {
    assert.deepEqual(
      run('#endif\nint a;\n#else\n#if 1\nint b;').problems.map((p) => p.message),
      ['#endif without #if', '#else without #if', '#if without #endif'],
    );
    assert.match(run('#if (1\na\n#endif').problems[0].message, /lacks a \)/);
  });
});

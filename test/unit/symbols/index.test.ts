/** The header index: what it finds, in which order, and that its cache gives the same. */
import assert from 'node:assert/strict';
import {
  deserializeIndex,
  HeaderNameKind,
  indexHeader,
  indexHeaders,
  serializeIndex,
  type HeaderIndex,
} from '../../../server/src/symbols/headerIndex';

/** `kind name` of everything found, in order, but for the words of macro calls. */
function found(text: string): string[] {
  const entry = indexHeader('a.h', text);
  return entry.names
    .map((name, i) => `${HeaderNameKind[entry.kinds[i]]} ${name}`)
    .filter((_, i) => entry.kinds[i] !== HeaderNameKind.CallWord);
}

function startOf(text: string, name: string): string {
  const entry = indexHeader('a.h', text);
  const offset = entry.offsets[entry.names.indexOf(name)];
  return text.slice(offset, offset + 12);
}

describe('header index', () => {
  it('finds records, also nested, attributed and behind typedefs', () => {
    assert.deepEqual(found('struct foo { struct bar { int a; } b; union baz { int c; }; };'), ['Struct foo', 'Struct bar', 'Union baz']);
    assert.deepEqual(found('struct __packed foo { int a; };\nunion __attribute__((packed)) bar { int a; } __packed;'), [
      'Struct foo',
      'Union bar',
    ]);
    assert.deepEqual(found('typedef struct { int a; } foo_t, *foo_p;\ntypedef struct tag { int a; } __attribute__((packed)) tag_t;'), [
      'Typedef foo_t',
      'Typedef foo_p',
      'Struct tag',
      'Typedef tag_t',
    ]);
    assert.deepEqual(found('struct foo;\nenum bar;\nstruct foo *f(struct foo *x);'), ['Function f']);
    assert.deepEqual(found('struct a A_COMMON;\nunion b B_BODY;\nstruct c C_INIT = { 1 };\nextern struct d D;'), [
      'Struct a',
      'Union b',
      'Variable C_INIT',
      'Variable D',
    ]);
    assert.deepEqual(found('struct a { struct_group_tagged(b, c, int d; int e;); };'), ['Struct a', 'Struct b']);
  });

  it('finds enum constants with their enum', () => {
    const text = 'enum color { RED = 1 << 2, GREEN = F(1, 2),\n#ifdef X\n BLUE,\n#endif\n};';
    assert.deepEqual(found(text), ['Enum color', 'EnumConstant RED', 'EnumConstant GREEN', 'EnumConstant BLUE']);
    assert.equal(startOf(text, 'BLUE'), 'enum color {');
    assert.deepEqual(found('struct a { enum { ONE, TWO } kind; };'), ['Struct a', 'EnumConstant ONE', 'EnumConstant TWO']);
  });

  it('finds typedefs of every form', () => {
    assert.deepEqual(
      found(
        'typedef unsigned int u32;\ntypedef int (*fn_t)(int, void *);\ntypedef void handler_t(int);\ntypedef u8 mac_t[6];\ntypedef u64 __attribute__((aligned(4))) low_t;\ntypedef struct x __percpu *p_t;',
      ),
      ['Typedef u32', 'Typedef fn_t', 'Typedef handler_t', 'Typedef mac_t', 'Typedef low_t', 'Typedef p_t'],
    );
  });

  it('finds functions and variables', () => {
    assert.deepEqual(
      found(
        'extern int foo(int a) __must_check;\nstatic inline struct x *bar(void)\n{ return 0; }\n__printf(1, 2) void baz(const char *f, ...);\nint __init qux(void);\nvoid (*signal(int n))(int);',
      ),
      ['Function foo', 'Function bar', 'Function baz', 'Function qux', 'Function signal'],
    );
    assert.deepEqual(
      found(
        'extern int a, *b, c[4];\nextern const struct ops d __read_mostly;\nextern int (*e)(int);\nstatic const int f[] = { 1, 2 };\nDECLARE_PER_CPU(struct x, g);',
      ),
      ['Variable a', 'Variable b', 'Variable c', 'Variable d', 'Variable e', 'Variable f', 'Variable g'],
    );
    assert.deepEqual(found('LOCK(a)\nLOCK(b)\n#undef LOCK\ntypedef struct { int x; } c;\nLOCK(d)\nstruct e { int x; };'), [
      'MacroCall LOCK',
      'MacroCall LOCK',
      'Typedef c',
      'Struct e',
      'MacroCall LOCK',
    ]);
    assert.equal(startOf('MACRO(x)\nstatic inline int f(void) { }', 'f'), 'static inlin');
  });

  it('finds macro calls by the words that their names can be made of', () => {
    const text = 'int first;\nDEFINE_THING(spinlock, struct raw_thing *, ab)\n\nMORE(char, void (spinlock));\n';
    const fresh = indexHeaders([{ path: 'a.h', text }]);
    const cached = deserializeIndex(serializeIndex(fresh)) as HeaderIndex;
    const updated = indexHeaders([]).update([indexHeader('a.h', text)], []);
    for (const index of [fresh, cached, updated]) {
      const calls = (word: string): string[] =>
        index.callsWith(word).map((c) => `${c.name} ${c.file} ${text.slice(c.offset, c.offset + 4)}`);
      assert.deepEqual(calls('spinlock'), ['DEFINE_THING a.h DEFI', 'MORE a.h MORE']);
      assert.deepEqual(calls('raw_thing'), ['DEFINE_THING a.h DEFI']);
      // A type's word counts as the first argument alone, and two letters are no part of a name.
      assert.deepEqual(calls('char'), ['MORE a.h MORE']);
      for (const word of ['struct', 'void', 'ab', 'first', 'DEFINE_THING']) assert.deepEqual(calls(word), []);
    }
  });

  it('finds macros and includes, and follows continuations', () => {
    assert.deepEqual(found('#define A 1\n#  define B(x) \\\n  struct hidden { }\n#include <linux/x.h>\n#undef A'), [
      'Macro A',
      'Macro B',
      'Include linux/x.h',
    ]);
  });

  it('reads all branches but assembler, C++ and #if 0', () => {
    assert.deepEqual(
      found(
        '#ifdef __ASSEMBLY__\n.macro foo\n#define IN_ASSEMBLER\n#else\nstruct a { int x; };\n#endif\n#ifdef __cplusplus\nextern "C" {\n#endif\nint f(void);\n#if 0\nint g(void);\n#endif',
      ),
      ['Struct a', 'Function f'],
    );
    assert.deepEqual(found('#ifdef X\nstruct a {\n#else\nstruct a { int more;\n#endif\n  int b;\n};\nint f(void);'), [
      'Struct a',
      'Struct a',
      'Function f',
    ]);
  });

  it('survives hostile text', () => {
    for (const text of [
      '}}}}',
      '{{{{',
      '((((',
      '#endif\n#else\n#elif',
      'struct',
      'enum {',
      'typedef',
      'enum { A',
      '#define',
      'struct a {'.repeat(5000),
      'struct_group_tagged(',
    ])
      indexHeader('a.h', text);
  });

  describe('over several headers', () => {
    const files = [
      { path: '/a/one.h', text: 'struct foo { int a; };\n#define BAR 1\n' },
      { path: '/a/two.h', text: 'struct foo { int b; };\nint bar(void);\n' },
    ];
    const places = (index: HeaderIndex, name: string): string[] => index.places(name).map((p) => `${p.file}:${p.offset}`);

    it('keeps all candidates in order', () => {
      const index = indexHeaders(files);
      assert.deepEqual(places(index, 'foo'), ['/a/one.h:0', '/a/two.h:0']);
      assert.deepEqual(places(index, 'nothing'), []);
      assert.deepEqual(index.places('foo', HeaderNameKind.Union), []);
      assert.equal(index.size, 4);
    });

    it('gives the same after a round through the cache', () => {
      const index = deserializeIndex(serializeIndex(indexHeaders(files)));
      assert.ok(index);
      assert.deepEqual(index.entries(), indexHeaders(files).entries());
      assert.deepEqual(places(index, 'bar'), ['/a/two.h:23']);
      const empty = deserializeIndex(serializeIndex(indexHeaders([])));
      assert.deepEqual(empty?.files(), []);
    });

    it('takes nothing else for a cache', () => {
      const bytes = serializeIndex(indexHeaders(files));
      for (const wrong of [
        new Uint8Array(0),
        bytes.slice(0, 40),
        bytes.slice(0, -1),
        new Uint8Array(bytes.length),
        new TextEncoder().encode('x'.repeat(500)),
      ])
        assert.equal(deserializeIndex(wrong), undefined);
      const unaligned = new Uint8Array(bytes.length + 1);
      unaligned.set(bytes, 1);
      assert.equal(deserializeIndex(unaligned.subarray(1))?.size, 4);
    });

    it('updates single files', () => {
      const index = indexHeaders(files).update(
        [indexHeader('/a/one.h', 'struct foo2 { };'), indexHeader('/a/new.h', 'struct foo { };')],
        [],
      );
      assert.deepEqual(places(index, 'foo'), ['/a/two.h:0', '/a/new.h:0']);
      assert.deepEqual(places(index, 'foo2'), ['/a/one.h:0']);
      const without = index.update([], ['/a/two.h', '/a/new.h']);
      assert.deepEqual(places(without, 'foo'), []);
      assert.deepEqual(without.files(), ['/a/one.h']);
      assert.deepEqual(deserializeIndex(serializeIndex(index))?.entries(), index.entries());
    });
  });
});

import assert from 'node:assert/strict';
import type { RecordDeclaration } from '../../../server/src/symbols/types';
import { declare, prepareParser, say } from './declarationsSupport';

const members = (record: RecordDeclaration): string[] =>
  record.members.map((m) => `${m.name}: ${say(m.type)}${m.bits === null ? '' : ` :${m.bits}`}`);

/** Members of `struct s { … };`. */
function membersOf(body: string, evaluate?: (text: string) => number | null): string[] {
  const found = declare(`struct s { ${body} };`, evaluate).records.find((r) => r.name === 's');
  assert.ok(found);
  return members(found);
}

describe('symbols: records and enums', () => {
  before(prepareParser);

  it('reads declarators of every shape', () => {
    assert.deepEqual(
      membersOf(
        'int a, *b, **c, d[2][3]; int (*f)(int, void *); void *(*g[4])(void); int (*h)[5]; unsigned long long int u; const char *s; bool t; size_t z;',
      ),
      [
        'a: int',
        'b: pointer to int',
        'c: pointer to pointer to int',
        'd: array[2] of array[3] of int',
        'f: pointer to function(int, pointer to void) to int',
        'g: array[4] of pointer to function() to pointer to void',
        'h: pointer to array[5] of int',
        'u: unsigned long long',
        's: pointer to const char',
        't: _Bool',
        'z: size_t',
      ],
    );
  });

  it('reads pointers to functions that return a named type', () => {
    assert.deepEqual(membersOf('u8 (*a)(int); irqreturn_t (*b)(int, void *); netdev_tx_t\t(*c) (struct sk_buff *skb); u32 (*d)[3];'), [
      'a: pointer to function(int) to u8',
      'b: pointer to function(int, pointer to void) to irqreturn_t',
      'c: pointer to function(pointer to struct sk_buff) to netdev_tx_t',
      'd: pointer to array[3] of u32',
    ]);
  });

  it('gives address spaces to the pointer that the word belongs to', () => {
    assert.deepEqual(
      membersOf(
        'void __iomem *a, *b; void * __iomem c; struct x __rcu *d; struct y __percpu *e; struct z __rcu **f; struct z *__rcu *g; void (*h)(void __user *p);',
      ),
      [
        'a: pointer(iomem) to void',
        'b: pointer(iomem) to void',
        'c: pointer(iomem) to void',
        'd: pointer(rcu) to struct x',
        'e: pointer(percpu) to struct y',
        'f: pointer to pointer(rcu) to struct z',
        'g: pointer(rcu) to pointer to struct z',
        'h: pointer to function(pointer(user) to void) to void',
      ],
    );
  });

  it('keeps attributes with the member they stand at', () => {
    const [record] = declare('struct s { u32 a __aligned(8), b; struct foo c[] __counted_by(b); void (*f)(void __user *p); };').records;
    assert.deepEqual(
      record.members.map((m) => m.attributes.map((a) => `${a.name}(${a.arguments ?? ''})`).join(' ')),
      ['__aligned(8)', '', '__counted_by(b)', ''],
    );
  });

  it('gives records their attributes, before and behind the body, in the kernel spelling', () => {
    const spelled = (text: string): string =>
      declare(text)
        .records[0].attributes.map((a) => a.name + (a.arguments === null ? '' : `(${a.arguments})`))
        .join(' ');
    assert.equal(spelled('struct __packed s { int a; };'), '__packed');
    assert.equal(spelled('struct s { int a; } __packed;'), '__packed');
    assert.equal(spelled('typedef struct { int a; } __attribute__((packed, aligned(4))) s_t;'), '__packed __aligned(4)');
    assert.equal(spelled('struct s { int a; } __aligned(8);'), '__aligned(8)');
    assert.equal(spelled('struct s { int a; } __packed __aligned(4);'), '__packed __aligned(4)');
    assert.equal(spelled('struct s { int a; } __attribute__ ((__packed__)) v;'), '__packed');
  });

  it('reads bit-fields, named and not', () => {
    assert.deepEqual(membersOf('unsigned a:3, b:5; unsigned :0; u8 c:1; int d:W;'), [
      'a: unsigned int :3',
      'b: unsigned int :5',
      ': unsigned int :0',
      'c: u8 :1',
      'd: int',
    ]);
    assert.deepEqual(membersOf('u32 :3; int x:2, :0, y:1, :N; struct { int :4; int z; } in;'), [
      ': u32 :3',
      'x: int :2',
      ': int :0',
      'y: int :1',
      ': int',
      'in: struct in',
    ]);
    const [record] = declare('struct s { int d:W; };').records;
    assert.equal(record.members[0].width, 'W');
    assert.deepEqual(
      membersOf('int d:W;', (text) => (text === 'W' ? 6 : null)),
      ['d: int :6'],
    );
  });

  it('tells flexible arrays from bounds that it cannot evaluate', () => {
    const [record] = declare('struct s { int a[N + 1]; int b[0x10]; int z[0]; int c[]; };').records;
    assert.deepEqual(
      record.members.map((m) => m.type),
      [
        { kind: 'array', of: { kind: 'basic', name: 'int' }, length: null, flexible: false, bound: 'N + 1' },
        { kind: 'array', of: { kind: 'basic', name: 'int' }, length: 16, flexible: false },
        { kind: 'array', of: { kind: 'basic', name: 'int' }, length: 0, flexible: true },
        { kind: 'array', of: { kind: 'basic', name: 'int' }, length: null, flexible: true },
      ],
    );
  });

  it('reads declaring macros', () => {
    assert.deepEqual(
      membersOf(
        'DECLARE_BITMAP(map, 70); DECLARE_BITMAP(m2, N); DECLARE_FLEX_ARRAY(struct foo, items); DECLARE_HASHTABLE(h, 4); DECLARE_KFIFO(k, u8, 16); struct_group(g, int x; int y;); __ETHTOOL_DECLARE_LINK_MODE_MASK(modes);',
      ),
      [
        'map: array[2] of unsigned long',
        'm2: array[((N) + 63) / 64] of unsigned long',
        'items: array[] of struct foo',
        'h: array[16] of struct hlist_head',
        'k: unknown',
        'x: int',
        'y: int',
        'modes: array[((__ETHTOOL_LINK_MODE_MASK_NBITS) + 63) / 64] of unsigned long',
      ],
    );
  });

  it('names untagged records after what declares them and nests them', () => {
    const { records } = declare(
      'struct s { struct { int c; } in[2]; union { int u; struct { int v; } named; }; struct tagged { int w; } t; struct tagged2 { int x; }; };',
    );
    assert.deepEqual(
      records.map((r) => `${r.tag} ${r.name} ${String(r.tagged)}`),
      ['struct in false', 'struct named false', 'struct tagged true', 'struct tagged2 true', 'struct s true'],
    );
    const outer = records[4];
    assert.deepEqual(members(outer), ['in: array[2] of struct in', ': union {}', 't: struct tagged']);
    const anonymous = outer.members[1].type;
    assert.ok(anonymous.kind === 'record' && anonymous.inline);
    assert.deepEqual(members(anonymous.inline), ['u: int', 'named: struct named']);
  });

  it('names an untagged record after its variable', () => {
    const { records, variables } = declare('static struct { int a; } v[3], *w;');
    assert.deepEqual(
      records.map((r) => r.name),
      ['v'],
    );
    assert.deepEqual(
      variables.map((v) => say(v.type)),
      ['array[3] of struct v', 'pointer to struct v'],
    );
  });

  it('reads typeof in all spellings', () => {
    assert.deepEqual(membersOf('typeof(x->y) a; __typeof__(int *) *b; typeof(x\n->z) c;'), [
      'a: typeof(x->y)',
      'b: pointer to __typeof__(int *)',
      'c: typeof(x\n->z)',
    ]);
  });

  it('places members by their name', () => {
    const text = 'struct s { int a; char *bb; };';
    const [record] = declare(text).records;
    assert.deepEqual(
      record.members.map((m) => m.offset),
      [text.indexOf('a;'), text.indexOf('bb')],
    );
    assert.equal(record.place.offset, text.indexOf('s {'));
  });

  it('counts enum constants and keeps the text of those it cannot evaluate', () => {
    const [e] = declare('enum e { A, B = 3, C, D = X << 2, E, F = (-1), G, H = B, I = 0x10UL, };').enums;
    assert.deepEqual(e.constants, [
      { name: 'A', value: 0 },
      { name: 'B', value: 3 },
      { name: 'C', value: 4 },
      { name: 'D', value: null, text: 'X << 2' },
      { name: 'E', value: null },
      { name: 'F', value: -1 },
      { name: 'G', value: 0 },
      { name: 'H', value: 3, text: 'B' },
      { name: 'I', value: 16 },
    ]);
  });
});

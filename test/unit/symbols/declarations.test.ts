import assert from 'node:assert/strict';
import { itemSource, readDeclaration, readFunction, readTypeDescriptor } from '../../../server/src/symbols/declarators';
import { declarationsOf } from '../../../server/src/symbols/declarations';
import type { Initializer } from '../../../server/src/symbols/types';
import { Kind } from '../../../server/src/syntax/nodeAccess';
import { declare, firstItem, parse, prepareParser, say } from './declarationsSupport';

const names = (list: readonly { name: string }[]): string[] => list.map((x) => x.name);

/** An initialiser as one line; a name that an expression resolves to stands behind `@`. */
function show(value: Initializer | null): string {
  if (!value) return '';
  if (value.kind === 'call') return `${value.name}(${value.arguments.join('|')})`;
  if (value.kind === 'expression') return value.text + (value.name && value.name !== value.text ? `@${value.name}` : '');
  const designators = (entry: (typeof value.entries)[number]): string =>
    entry.designators.map((d) => (d.kind === 'field' ? `.${d.name}` : `[${d.text}]`)).join('');
  return `{${value.entries.map((e) => designators(e) + (e.designators.length > 0 ? '=' : '') + show(e.value)).join(', ')}}`;
}

describe('symbols: declarations of an item', () => {
  before(prepareParser);

  it('reads the head of a function, attributes before, inside and behind it', () => {
    const text = '__fgft_suspect static int __init foo(void __iomem *a, char __user *b __maybe_unused, ...) __acquires(l)\n{ return 0; }\n';
    const [f] = declare(text).functions;
    assert.equal(f.name, 'foo');
    assert.deepEqual([f.storage, f.inline, f.defined, f.variadic, say(f.returns)], ['static', false, true, true, 'int']);
    assert.deepEqual(
      f.parameters.map((p) => `${p.name}: ${say(p.type)}`),
      ['a: pointer(iomem) to void', 'b: pointer(user) to char'],
    );
    assert.deepEqual(names(f.parameters[1].attributes), ['__user', '__maybe_unused']);
    assert.deepEqual(f.attributes, [
      { name: '__fgft_suspect', arguments: null },
      { name: '__init', arguments: null },
      { name: '__acquires', arguments: 'l' },
    ]);
  });

  it('gives places relative to the item', () => {
    const { items, masked } = parse('int before;\nstatic int f(void) { return 0; }\n');
    const [f] = declarationsOf(items[1], masked.text, masked.text, masked.marks, 'a.c', 'driver').functions;
    assert.deepEqual(f.place, { file: 'a.c', offset: 'static int '.length });
  });

  it('does not take the attributes of the item before', () => {
    const { functions } = declare('struct s { int a; } __packed;\nint f(void);\n__init int g(void);\n');
    assert.deepEqual(
      functions.map((f) => names(f.attributes)),
      [[], ['__init']],
    );
  });

  it('reads prototypes, also of functions that return function pointers', () => {
    const { functions, variables } = declare('extern void f(void); int (*get(int a))(void); int (g)(int); static int (*v)(int);');
    assert.deepEqual(
      functions.map((f) => `${f.storage} ${f.name}(${f.parameters.length}) ${say(f.returns)}`),
      ['extern f(0) void', 'none get(1) pointer to function() to int', 'none g(1) int'],
    );
    assert.deepEqual(names(variables), ['v']);
  });

  it('knows inline however it is written', () => {
    const { functions } = declare('static inline int a(void) { return 0; }\nstatic __always_inline int b(void) { return 0; }\n');
    assert.deepEqual(
      functions.map((f) => f.inline),
      [true, true],
    );
  });

  it('turns array and function parameters into pointers', () => {
    const [f] = declare('void f(const u8 mac[6], int cb(int), int m[2][3]);').functions;
    assert.deepEqual(
      f.parameters.map((p) => say(p.type)),
      ['pointer to const u8', 'pointer to function(int) to int', 'pointer to array[3] of int'],
    );
  });

  it('reads variables, their storage and whether they are constant', () => {
    const { variables } = declare(
      'static const struct foo a[] = { {}, {} }; const char *s; char *const p = 0; extern int e, *q; static const char *const names[] = { "x" };',
    );
    assert.deepEqual(
      variables.map((v) => `${v.storage} ${String(v.constant)} ${v.name}: ${say(v.type)}`),
      [
        'static true a: array[2] of struct foo',
        'none false s: pointer to const char',
        'none true p: pointer to char',
        'extern false e: int',
        'extern false q: pointer to int',
        'static true names: array[1] of pointer to const char',
      ],
    );
  });

  it('counts the elements of an unbounded array where the initialiser tells them', () => {
    const types = declare(
      'int a[] = { [1] = 2, 3, [1 ... 6] = 4 }; char s[] = "ab\\n"; int m[] = { [LAST] = 1 }; int n[] = { M(x) };',
    ).variables.map((v) => say(v.type));
    assert.deepEqual(types, ['array[7] of int', 'array[4] of char', 'array[] of int', 'array[1] of int']);
  });

  it('keeps initialisers as trees', () => {
    const text = `static struct pci_driver d = { .name = "x" V, .driver.pm = &ops, .a = pm_ptr(&ops), .e = (struct e[]){ 1 }, .g = (void *)h, .f = &t[0],
      SET_PM_OPS(s, r) .z = fn, [3] = 1, [A ... B] = 2, old: 4 };`;
    const [d] = declare(text).variables;
    assert.equal(
      show(d.initializer),
      '{.name="x" V, .driver.pm=&ops@ops, .a=pm_ptr(&ops), .e={1}, .g=(void *)h@h, .f=&t[0], SET_PM_OPS(s|r), .z=fn, [3]=1, [A ... B]=2, .old=4}',
    );
  });

  it('gives the arguments of macros as written', () => {
    const [, v] = declare('int x;\nstatic struct i t[] = { M(struct foo, "a,b", c(1, 2)) };').variables;
    assert.equal(show(v.initializer), '{M(struct foo|"a,b"|c(1, 2))}');
  });

  it('reads typedefs, several in one', () => {
    const { typedefs, records } = declare(
      'typedef struct { int a; } foo_t, *foo_p; typedef int (*cb_t)(struct x *); typedef u64 __aligned(4) compat_u64;',
    );
    assert.deepEqual(
      typedefs.map((t) => `${t.name}: ${say(t.type)}`),
      ['foo_t: struct foo_t', 'foo_p: pointer to struct foo_t', 'cb_t: pointer to function(pointer to struct x) to int', 'compat_u64: u64'],
    );
    assert.deepEqual(typedefs[2 + 1].attributes, [{ name: '__aligned', arguments: '4' }]);
    assert.deepEqual(
      records.map((r) => [r.name, r.tagged]),
      [['foo_t', false]],
    );
  });

  it('recognises macro calls at file scope in all their shapes', () => {
    const text = `module_pci_driver(drv);
static DEVICE_ATTR_RW(one);
static DEVICE_ATTR(name, 0644, show, store);
static DEFINE_MUTEX(m);
LIST_HEAD(h);
static const DECLARE_TLV_DB_SCALE(scale, 0, 1, 2);
module_param_named(debug, dbg, int, 0);
MODULE_PARM_DESC(debug, "a, b");
static SIMPLE_DEV_PM_OPS(ops, s, r)
late_initcall(x)
int after;
MODULE_LICENSE("GPL")
`;
    const { macroCalls, variables } = declare(text);
    assert.deepEqual(
      macroCalls.map((m) => `${m.name}(${m.arguments.join('|')})`),
      [
        'module_pci_driver(drv)',
        'DEVICE_ATTR_RW(one)',
        'DEVICE_ATTR(name|0644|show|store)',
        'DEFINE_MUTEX(m)',
        'LIST_HEAD(h)',
        'DECLARE_TLV_DB_SCALE(scale|0|1|2)',
        'module_param_named(debug|dbg|int|0)',
        'MODULE_PARM_DESC(debug|"a, b")',
        'SIMPLE_DEV_PM_OPS(ops|s|r)',
        'late_initcall(x)',
        'MODULE_LICENSE("GPL")',
      ],
    );
    assert.deepEqual(names(variables), ['after']);
  });

  it('knows a variable that a macro declares with an initialiser', () => {
    const { macroCalls, variables } = declare('static DEFINE_TABLE(tbl) = { 1, 2 };\nstatic DEFINE_TABLE_2(other, 4) = { 3 };\n');
    assert.deepEqual(names(macroCalls), ['DEFINE_TABLE', 'DEFINE_TABLE_2']);
    assert.deepEqual(
      variables.map((v) => `${v.name} ${show(v.initializer)} ${v.type.kind}`),
      ['tbl {1, 2} unknown', 'other {3} unknown'],
    );
  });

  it('reads declaring macros that name their type', () => {
    const { variables } = declare(
      'static DEFINE_PER_CPU(struct stats, st);\nDECLARE_PER_CPU(int, n);\nstatic DECLARE_BITMAP(map, 65);\nstatic DEFINE_PER_CPU(u64[4], four);\n',
    );
    assert.deepEqual(
      variables.map((v) => `${v.name}: ${say(v.type)}`),
      ['st: struct stats', 'n: int', 'map: array[2] of unsigned long', 'four: array[4] of u64'],
    );
  });

  it('defines a function through a macro', () => {
    const { functions } = declare('IRQ_HANDLER(foo)\n{ return 1; }\n');
    assert.deepEqual(
      functions.map((f) => [f.name, f.defined, f.variadic]),
      [['foo', true, true]],
    );
  });

  it('finds types declared inside a function body', () => {
    const { records, enums } = declare(
      'int f(void) { struct bar { int q; } z; enum { LOCAL = 4 }; struct late { int r; }; if (z.q) { struct { int w; } un; } return 0; }',
    );
    assert.deepEqual(names(records).sort(), ['bar', 'late', 'un']);
    assert.deepEqual(enums[0].constants, [{ name: 'LOCAL', value: 4 }]);
  });

  it('is total on text that is no C', () => {
    for (const text of [
      'int',
      '}{ ;;',
      'struct {',
      'static (',
      'int f(int',
      'x = {',
      '#',
      'typedef struct a {int b',
      '\0\ufffd@@',
      'enum { A = , B',
      'int a[;',
    ]) {
      assert.doesNotThrow(() => declare(text), text);
    }
  });
});

describe('symbols: readers for function bodies', () => {
  before(prepareParser);

  const text = `int f(struct foo *p) {
  static const u8 tbl[2] = { 1, 2 };
  struct foo __iomem *a = (struct foo __iomem *)p, **b;
  typeof(p->x) t = sizeof(struct bar *);
  DECLARE_BITMAP(map, 10);
  struct foo *g __free(kfree) = NULL;
}`;

  it('reads local declarations', () => {
    const source = firstItem(text);
    const all: string[] = [];
    for (let n = 0; n < source.nodes.count; n++) {
      if (source.nodes.kind[n] !== Kind.declaration) continue;
      for (const d of readDeclaration(source, n))
        all.push(
          `${d.storage} ${d.name}: ${say(d.type)} ${d.initializerNode > 0 ? '=' : ''}${d.attributes.map((a) => ` ${a.name}`).join('')}`,
        );
    }
    assert.deepEqual(all, [
      'static tbl: array[2] of u8 =',
      'none a: pointer(iomem) to struct foo = __iomem',
      'none b: pointer to pointer(iomem) to struct foo  __iomem',
      'none t: typeof(p->x) =',
      'none map: array[1] of unsigned long ',
      'none g: pointer to struct foo = __free',
    ]);
  });

  it('reads type names', () => {
    const source = firstItem(text);
    const all: string[] = [];
    for (let n = 0; n < source.nodes.count; n++)
      if (source.nodes.kind[n] === Kind.type_descriptor) all.push(say(readTypeDescriptor(source, n)));
    assert.deepEqual(all, ['pointer(iomem) to struct foo', 'pointer to struct bar']);
  });

  it('reads the head of a function with the attributes before it', () => {
    const { items, masked } = parse('int x;\n__fgft_suspect int f(int a) { return a; }');
    const f = readFunction(itemSource(items[1], masked.text, masked.marks));
    assert.deepEqual(f?.attributes, [{ name: '__fgft_suspect', arguments: null }]);
    assert.equal(readFunction(itemSource(items[0], masked.text, masked.marks)), null);
  });
});

import { strict as assert } from 'node:assert';
import { originOf } from '../../../server/src/syntax/preprocessed';
import { flat, run } from './preprocessSupport';

describe('preprocess: driver macros', () => {
  const cases: [string, string, string][] = [
    ['expression', '#define SQUARE(x) ((x) * (x))\nint a = SQUARE(b + 1);', 'int a = ((b + 1) * (b + 1));'],
    [
      'statement',
      '#define STOP(p) do { (p)->on = 0; } while (0)\nvoid f(struct s *p) { STOP(p); }',
      'void f(struct s *p) { do { (p)->on = 0; } while (0); }',
    ],
    ['control flow', '#define CHECK(e) if (e) goto out\nCHECK(x < 0);', 'if (x < 0) goto out;'],
    ['token pasting', '#define er32(reg) readl(hw->base + E1000_##reg)\ny = er32(CTRL);', 'y = readl(hw->base + E1000_CTRL);'],
    ['stringifying', '#define NAME(x) #x\nputs(NAME( a  +  "b\\n" ));', 'puts("a + \\"b\\\\n\\"");'],
    ['variadic', '#define LOG(fmt, ...) printk(fmt, __VA_ARGS__)\nLOG("%d %d", 1, 2);', 'printk("%d %d", 1, 2);'],
    ['GNU named variadic', '#define LOG(fmt, args...) printk(fmt, ##args)\nLOG("a"); LOG("b", x, y);', 'printk("a"); printk("b", x, y);'],
    [
      'comma before empty __VA_ARGS__',
      '#define LOG(fmt, ...) printk(fmt, ##__VA_ARGS__)\nLOG("a"); LOG("b", x);',
      'printk("a"); printk("b", x);',
    ],
    ['__VA_OPT__', '#define LOG(fmt, ...) printk(fmt __VA_OPT__(,) __VA_ARGS__)\nLOG("a"); LOG("b", x);', 'printk("a"); printk("b" , x);'],
    ['field name as argument', '#define GET(p, f) ((p)->f)\nx = GET(dev, stats.rx);', 'x = ((dev)->stats.rx);'],
    ['field path as object macro', '#define rx_top mac.top\nx = p->rx_top;', 'x = p->mac.top;'],
    ['names of the caller', '#define ON (priv->flags & 1)\nif (ON) return;', 'if ((priv->flags & 1)) return;'],
    ['function alias', '#define alloc_one driver_alloc\np = alloc_one(3);', 'p = driver_alloc(3);'],
    ['alias of a function-like macro', '#define A(x) (x + 1)\n#define B A\np = B(3) + B;', 'p = (3 + 1) + A;'],
    ['nested calls', '#define TWICE(x) x x\nTWICE(TWICE(a))', 'a a a a'],
    ['own name in the body', '#define foo (4 + foo)\nfoo', '(4 + foo)'],
    ['empty body', '#define __devinit\nstatic int __devinit f(void);', 'static int f(void);'],
    [
      'attribute',
      '#define MY_PACKED __attribute__((packed))\nstruct s { int a; } MY_PACKED;',
      'struct s { int a; } __attribute__((packed));',
    ],
    ['string', '#define PFX "drv: "\nprintk(PFX "x");', 'printk("drv: " "x");'],
    ['string of strings', '#define V "1"\n#define B "v" V\nchar v[] = B;', 'char v[] = "v" "1";'],
    ['list', '#define IDS 1, 2\nint a[] = { IDS };', 'int a[] = { 1, 2 };'],
    ['call over several lines', '#define ADD(a, b) (a + b)\nx = ADD(\n  one, /* first */\n  two);', 'x = (one + two);'],
    ['name without a call', '#define f(x) x\nint (*p)(int) = f;', 'int (*p)(int) = f;'],
    ['undefinition and redefinition', '#define N(x) x\nN(a)\n#undef N\nN(b)\n#define N(x) -x\nN(c)', 'a N(b) -c'],
    [
      'X-macro',
      '#define LIST X(a) X(b)\n#define X(n) int n##_count;\nLIST\n#undef X\n#define X(n) #n,\nconst char *s[] = { LIST };',
      'int a_count; int b_count; const char *s[] = { "a", "b", };',
    ],
    ['no gluing of operators', '#define NEG -1 - x\ny = -NEG-NEG;', 'y = - -1 - x- -1 - x;'],
    [
      'kernel macros stay',
      '#define LOCK(p) spin_lock(&(p)->lock)\nLOCK(p); readl(x); container_of(a, struct b, c);',
      'spin_lock(&(p)->lock); readl(x); container_of(a, struct b, c);',
    ],
    ['definition in a comment-laden line', '#define A(x) /* one */ (x) /* two\n  three */ + 1 // four\nA(2)', '(2) + 1'],
    ['continuation lines', '#define A(x) do { \\\n  use(x); \\\n} while (0)\nA(p);', 'do { use(p); } while (0);'],
    ['argument with braces and commas in parentheses', '#define RUN(code) code\nRUN({ f(a, b); g(); })', '{ f(a, b); g(); }'],
    ['no argument', '#define NOW() jiffies_now()\nx = NOW();', 'x = jiffies_now();'],
    ['IS_ENABLED in code stays', '#define X(a) a\nif (IS_ENABLED(CONFIG_PCI)) X(b);', 'if (IS_ENABLED(CONFIG_PCI)) b;'],
  ];
  for (const [name, source, expected] of cases) {
    it(name, () => {
      const result = run(source);
      assert.equal(flat(result), expected);
      assert.deepEqual(result.problems, []);
    });
  }

  it('keeps the name of macros that stand for constants', () => {
    const defines = [
      ['RING', '256'],
      ['MASK', '(RING - 1)'],
      ['BIT3', 'BIT(3)'],
      ['BITS', '(BIT(3) | GENMASK(7, 5))'],
      ['CAST', '((u16)0xffff)'],
      ['NEG', '-1'],
      ['ENUM', 'RTL_STATE_ON'],
      ['COND', '(RING > 4 ? 1 : 0)'],
      ['CALL', 'REG(2)'],
      ['CHARACTER', "'x'"],
    ];
    const source =
      '#define REG(n) (0x100 + (n) * 4)\n' + defines.map(([n, b]) => `#define ${n} ${b}\n`).join('') + defines.map(([n]) => n).join(' ; ');
    assert.equal(flat(run(source)), defines.map(([n]) => n).join(' ; '));
  });

  it('replaces object-like macros that stand for anything else', () => {
    const bodies = [
      'hw->mac',
      'static',
      'foo',
      '1, 2',
      '{ 1 }',
      'a.b',
      'x[3]',
      'do_it()',
      'sizeof(struct s)',
      'KERN_ERR "x"',
      'KERN_ERR PFX',
      '(p)',
      '&v',
      'int',
      'X = 1',
      '1 ;',
      '+',
    ];
    for (const body of bodies) assert.equal(flat(run(`#define M ${body}\n[ M ]`)), `[ ${body} ]`, body);
  });

  it('takes a name as constant only while what it names is one', () => {
    assert.equal(flat(run('#define A B\n#define B 1\nA\n#undef B\n#define B hw->b\nA')), 'A hw->b');
  });
});

describe('preprocess: segments', () => {
  const source = '#define GET(p, f) ((p)->f + base)\nint x = GET(dev, stats) + 1;\n';
  const result = run(source);
  const at = (needle: string): { offset: number; macro: string | null } => originOf(result.segments, result.text.indexOf(needle));

  it('maps text outside macros one to one', () => {
    assert.deepEqual(at('int x'), { offset: source.indexOf('int x'), macro: null });
    assert.deepEqual(at('+ 1;'), { offset: source.indexOf('+ 1;'), macro: null });
  });

  it('maps argument text to itself and names the macro', () => {
    assert.deepEqual(at('dev'), { offset: source.indexOf('dev'), macro: 'GET' });
    assert.deepEqual(at('stats'), { offset: source.indexOf('stats'), macro: 'GET' });
    assert.deepEqual(originOf(result.segments, result.text.indexOf('stats') + 2), { offset: source.indexOf('stats') + 2, macro: 'GET' });
  });

  it('maps body text to the use', () => {
    assert.deepEqual(at('->'), { offset: source.indexOf('GET(dev'), macro: 'GET' });
    assert.deepEqual(at('base'), { offset: source.indexOf('GET(dev'), macro: 'GET' });
  });

  it('names the outermost macro', () => {
    const text = '#define IN(x) (x)->in\n#define OUT(x) IN(x)\nOUT(a)';
    const r = run(text);
    assert.deepEqual(originOf(r.segments, r.text.indexOf('->')), { offset: text.indexOf('OUT(a)'), macro: 'OUT' });
  });

  it('keeps offsets and lines of text without macro uses', () => {
    const text = 'int a; /* one\n two */ int b; // c\n#if 0\nint c;\n#endif\nint d;\n';
    const r = run(text);
    assert.equal(r.text.length, text.length);
    assert.equal(r.text.split('\n').length, text.split('\n').length);
    assert.equal(r.text.indexOf('int b'), text.indexOf('int b'));
    assert.equal(r.text.indexOf('int d'), text.indexOf('int d'));
    assert.ok(!r.text.includes('int c'));
  });
});

describe('preprocess: includes', () => {
  it("brings the macros of the driver's own headers into force where the include stands", () => {
    const r = run('GET(a)\n#include "own.h"\nGET(a)', { headers: { 'own.h': '#define GET(x) x->v' } });
    assert.equal(flat(r), 'GET(a) a->v');
    assert.deepEqual(r.includes, [{ path: 'own.h', angled: false, offset: 7 }]);
    assert.deepEqual(r.macros, []);
    assert.deepEqual(
      r.exported.map((m) => [m.name, m.file]),
      [['GET', 'own.h']],
    );
  });

  it('puts a table into an initialiser', () => {
    const source =
      '#define ROW(a, b) { .id = a, .name = #b }\nstatic struct row rows[] = {\n#include "table.h"\n#undef ROW\n\t{ }\n};\nint after;';
    const r = run(source, { headers: { 'table.h': '/* rows */\nROW(1, one),\nROW(2, two),\n' } });
    assert.equal(flat(r), 'static struct row rows[] = { { .id = 1, .name = "one" }, { .id = 2, .name = "two" }, { } }; int after;');
    assert.equal(originOf(r.segments, r.text.indexOf('"two"')).offset, source.indexOf('#include'));
    assert.equal(originOf(r.segments, r.text.indexOf('int after')).offset, source.indexOf('int after'));
    assert.equal(r.includes[0].inlined, true);
  });

  it('puts a table between items where the macro is defined just before and undefined just after', () => {
    const r = run('#define X(n) int n;\n#include "list.h"\n#undef X\n', { headers: { 'list.h': 'X(a) X(b)' } });
    assert.equal(flat(r), 'int a; int b;');
  });

  it('reads a computed include', () => {
    assert.deepEqual(
      run('#define H "own.h"\n#include H\n').includes.map((i) => i.path),
      ['own.h'],
    );
    assert.deepEqual(
      run('#define H <linux/a.h>\n#include H\n').includes.map((i) => [i.path, i.angled]),
      [['linux/a.h', true]],
    );
  });

  it('survives an include of itself', () => {
    assert.equal(
      flat(run('int a[] = {\n#include "t.h"\n};', { headers: { 't.h': '1,\n#include "t.h"\n' } })).replace(/[ 1,]/g, ''),
      'inta[]={};',
    );
  });

  it('lists the packing pragmas', () => {
    const r = run('int a;\n#pragma pack(push, 1)\nint b;\n#pragma pack(pop)\nint c;');
    assert.deepEqual(
      r.packing.map((p) => p.alignment),
      [1, null],
    );
    assert.ok(r.packing[0].start <= r.text.indexOf('int b') && r.packing[1].start > r.text.indexOf('int b'));
  });
});

describe('preprocess: what cannot be expanded', () => {
  it('leaves an unfinished call as it is and says so', () => {
    const r = run('#define F(a, b) a b\nvoid g(void)\n{\n\tF(x,\n}\nint after;');
    assert.equal(flat(r), 'void g(void) { F(x, } int after;');
    assert.match(r.problems[0].message, /call of the macro F has no end/);
  });

  it('leaves a call with the wrong number of arguments and says so', () => {
    const r = run('#define F(a, b) a b\nF(x); F(x, y);');
    assert.equal(flat(r), 'F(x); x y;');
    assert.match(r.problems[0].message, /takes 2 arguments, not 1/);
  });

  it('stops at its limit of growth, and quickly', () => {
    const source = Array.from({ length: 40 }, (_, i) => `#define A${i}(x) A${i + 1}(x x) A${i + 1}(x x)\n`).join('') + 'A0(f)\nint after;';
    const started = Date.now();
    const r = run(source);
    assert.ok(Date.now() - started < 5000);
    assert.match(r.problems[0].message, /too large/);
    assert.equal(flat(r).slice(-16), 'A0(f) int after;');
  });

  it('stops at its limit of depth', () => {
    const source = Array.from({ length: 100 }, (_, i) => `#define a${i} a${i + 1} x\n`).join('') + 'a0';
    assert.match(run(source).problems[0].message, /more than 64 levels/);
  });

  it('does not hang on calls that never end', () => {
    const started = Date.now();
    run('#define F(x) x\n' + 'F('.repeat(50_000));
    assert.ok(Date.now() - started < 10_000);
  });
});

import { checkMask } from './maskSupport';

describe('mask: declaring macros', () => {
  it('declares bitmaps and hash tables as arrays', () => {
    checkMask('struct s { DECLARE_BITMAP(map, BITS); };', 'struct s { long map[ BITS]; };', [
      'declaration DECLARE_BITMAP: DECLARE_BITMAP(map, BITS)',
    ]);
    checkMask('void f(void) { DECLARE_BITMAP(map, 8) = {}; }', 'void f(void) { long map[ 8] = {}; }', [
      'declaration DECLARE_BITMAP: DECLARE_BITMAP(map, 8)',
    ]);
  });

  it('declares per-CPU variables under their type, storage class kept', () => {
    checkMask('static DEFINE_PER_CPU(struct foo *, x);', 'static struct foo * x ;', [
      'declaration DEFINE_PER_CPU: DEFINE_PER_CPU(struct foo *, x)',
    ]);
    checkMask('static DEFINE_PER_CPU(u64[4], x) = { 1 };', 'static u64 x = { 1 };', [
      'declaration DEFINE_PER_CPU: DEFINE_PER_CPU(u64[4], x)',
    ]);
  });

  it('declares flexible arrays and pointers to flexible records', () => {
    checkMask('struct s { DECLARE_FLEX_ARRAY(u8, data); };', 'struct s { u8 data ; };', [
      'declaration DECLARE_FLEX_ARRAY: DECLARE_FLEX_ARRAY(u8, data)',
    ]);
    checkMask('void f(void) { DEFINE_FLEX(struct foo, p, list, n, 3); }', 'void f(void) { struct foo* p ; }', [
      'declaration DEFINE_FLEX: DEFINE_FLEX(struct foo, p, list, n, 3)',
    ]);
  });

  it('keeps the members of groups', () => {
    checkMask('struct s { struct_group(g, int a; DECLARE_BITMAP(b, 3);); int c; };', 'struct s { int a; long b[ 3]; int c; };', [
      'declaration struct_group: struct_group(g, int a; DECLARE_BITMAP(b, 3);)' + ';',
      'declaration DECLARE_BITMAP: DECLARE_BITMAP(b, 3)',
    ]);
    checkMask('struct s { struct_group_attr(g, __packed, int a;) };', 'struct s { int a; };', [
      'declaration struct_group_attr: struct_group_attr(g, __packed, int a;)',
      'attribute __packed',
    ]);
  });

  it('declares the first argument of an unknown macro among members', () => {
    checkMask('struct s { DECLARE_KFIFO(fifo, u8, 16); FIELD_OF(x) };', 'struct s { int fifo ; int x; };', [
      'declaration DECLARE_KFIFO: DECLARE_KFIFO(fifo, u8, 16)',
      'declaration FIELD_OF: FIELD_OF(x)',
      'inserted ;',
    ]);
    checkMask('struct s { CACHELINE_PADDING(pad); int a; };', 'struct s { int a; };', [
      'declaration CACHELINE_PADDING: CACHELINE_PADDING(pad);',
    ]);
  });

  it('keeps macros that are types', () => {
    checkMask('struct s { LIST_OF(foo) list; PAIR_OF(a, b) pair; };', 'struct s { LIST_OF(foo) list; PAIR_OF pair; };', [
      'renamed PAIR_OF(a, b)',
    ]);
  });

  it('leaves members that are pointers to functions alone', () => {
    checkMask('struct s { u64 (*get)(struct s *p); foo_t (*rows)[3]; };', 'struct s { u64 (*get)(struct s *p); foo_t (*rows)[3]; };', []);
  });

  it('takes bit-fields without a name and empty members', () => {
    checkMask('struct s { int a:3, :2; u32 : 4; u32 b : 4;; const int :1; };', 'struct s { int a:3 ; u32 ; u32 b : 4; const int ; };', [
      'bit-field 2',
      'bit-field 4',
      'blanked ;',
      'bit-field 1',
    ]);
  });

  it('opens macros that only wrap a declaration', () => {
    checkMask('INDIRECT_CALLABLE_DECLARE(int f(struct foo *p));', 'int f(struct foo *p) ;', [
      'declaration INDIRECT_CALLABLE_DECLARE: INDIRECT_CALLABLE_DECLARE(int f(struct foo *p))',
    ]);
  });

  it('takes storage words off other macros, so that all read as calls', () => {
    checkMask(
      'static DEFINE_MUTEX(m); static const DEVICE_ATTR(a, 0444, show, NULL);',
      'DEFINE_MUTEX(m); DEVICE_ATTR(a, 0444, show, NULL);',
      ['attribute static', 'attribute static', 'attribute const'],
    );
    checkMask('module_param(debug, int, 0644);', 'module_param(debug, Int, 0644);', ['argument int']);
  });

  it('declares a variable where an initializer follows', () => {
    checkMask('static DEFINE_TABLE(ids) = { { 1 }, };', 'static int ids = { { 1 }, };', ['declaration DEFINE_TABLE: DEFINE_TABLE(ids)']);
  });

  it('declares a function where a body follows', () => {
    checkMask('static HANDLER(name, struct foo *p) { g(p); }', 'static int name( struct foo *p) { g(p); }', [
      'declaration HANDLER: HANDLER(name, struct foo *p)',
    ]);
  });

  it('blanks a use at file scope that has no semicolon and no room for one', () => {
    checkMask('MODULE_THING(x)\nint a;', '\nint a;', ['declaration MODULE_THING: MODULE_THING(x)']);
    checkMask('MODULE_THING(x) \nint a;', 'MODULE_THING(x);\nint a;', ['inserted ;']);
    checkMask('DEFINE_A(x)\nDEFINE_B(y)\nint f(void) { }', '\n\nint f(void) { }', [
      'declaration DEFINE_A: DEFINE_A(x)',
      'declaration DEFINE_B: DEFINE_B(y)',
    ]);
  });
});

describe('mask: enumerators', () => {
  it('keeps the name in a macro that makes enumerators, and gives it a comma', () => {
    checkMask('enum e { ITEM(a)\n ITEM(b, 3), C = VALUE(struct x), };', 'enum e { a,\n b , C = VALUE( x), };', [
      'declaration ITEM: ITEM(a)',
      'inserted ,',
      'declaration ITEM: ITEM(b, 3)',
      'argument struct x',
    ]);
  });
});

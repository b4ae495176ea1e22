import { checkMask } from './maskSupport';

const body = (text: string): string => `void f(void) { ${text} }`;
const check = (text: string, expected: string, marks: string[]): void => checkMask(body(text), body(expected), marks);

describe('mask: arguments that are types', () => {
  it('keeps the tag of a record', () => {
    check('p = container_of(q, struct foo, member);', 'p = container_of(q, foo, member);', ['argument struct foo']);
    check('x = va_arg(ap, const struct foo *);', 'x = va_arg(ap, foo );', ['argument const struct foo *']);
  });

  it('keeps a capitalised basic type', () => {
    check('n = min_t(unsigned int, a, b);', 'n = min_t(Unsigned , a, b);', ['argument unsigned int']);
    check('n = get(int);', 'n = get(Int);', ['argument int']);
  });

  it('keeps a typedef name and drops its stars', () => {
    check('x = va_arg(ap, foo_t **);', 'x = va_arg(ap, foo_t );', ['argument foo_t **']);
    check('x = product(a * b, c);', 'x = product(a * b, c);', []);
  });

  it('takes pointers to functions and arrays', () => {
    check('typecheck(void (*)(struct x *, int), fn);', 'typecheck(Void , fn);', ['argument void (*)(struct x *, int)']);
    check('typecheck(irqreturn_t (*)(int), fn);', 'typecheck(irqreturn_t , fn);', ['argument irqreturn_t (*)(int)']);
    check('n = count(struct foo[3]);', 'n = count( foo );', ['argument struct foo[3]']);
  });

  it('keeps the name of a declaration', () => {
    check('DEFINE(struct foo *name, 3);', 'DEFINE( name, 3);', ['argument struct foo *name']);
    check('WALK(u32 i, 3);', 'WALK( i, 3);', ['argument u32 i']);
  });

  it('looks into nested calls', () => {
    check('g(h(struct a), container_of(p, struct b, c));', 'g(h( a), container_of(p, b, c));', ['argument struct a', 'argument struct b']);
  });

  it('drops storage words', () => {
    check('MAKE(a, static inline, static int);', 'MAKE(a, 0 , Int);', ['argument static inline', 'argument static int', 'argument int']);
  });

  it('leaves declarators of pointers to functions and arrays alone', () => {
    check('u32 (*fn)(struct foo *, int) = g; p = (const s16 (*)[2])q;', 'u32 (*fn)(struct foo *, int) = g; p = (const s16 (*)[2])q;', []);
  });

  it('leaves sizeof and casts alone', () => {
    check('n = sizeof(struct foo) + g((struct foo *)p);', 'n = sizeof(struct foo) + g((struct foo *)p);', []);
  });

  it('makes a call of offsetof, whatever the member', () => {
    check('n = offsetof(struct foo, a.b[3]);', 'n = Offsetof( foo, a.b[3]);', ['renamed offsetof', 'argument struct foo']);
  });

  it('takes typeof as a type in arguments', () => {
    check('x = pick(typeof(*p) *, 1);', 'x = pick(typeof____ , 1);', ['argument typeof(*p) *', 'renamed typeof(*p)']);
  });

  it('works in array bounds and initializers at file scope, but not in prototypes', () => {
    checkMask('u8 pad[sizeof_field(struct foo, bar)];', 'u8 pad[sizeof_field( foo, bar)];', ['argument struct foo']);
    checkMask('int n = sizeof_field(struct foo, bar);', 'int n = sizeof_field( foo, bar);', ['argument struct foo']);
    checkMask('int f(struct foo *p, unsigned int n);', 'int f(struct foo *p, unsigned int n);', []);
  });
});

describe('mask: other arguments', () => {
  it('replaces operators', () => {
    check('wait(a, ==, b); fold(a, <<=, b);', 'wait(a, 0 , b); fold(a, 0 , b);', ['argument ==', 'argument <<=']);
  });

  it('keeps the value of a jump', () => {
    check('CHECK(p, return -EINVAL); CHECK(p, goto out); CHECK(p, break);', 'CHECK(p, -EINVAL); CHECK(p, out); CHECK(p, 0 );', [
      'argument return -EINVAL',
      'argument goto out',
      'argument break',
    ]);
  });

  it('makes a block of statements where there is room', () => {
    check('WAIT(dev, 5, if (g()) break; );', 'WAIT(dev, 5,{if (g()) break;});', ['inserted {', 'argument if (g()) break;', 'inserted }']);
    check('WAIT(dev, 5,if (g()) break;);', 'WAIT(dev, 5,0 );', ['argument if (g()) break;']);
    check('WAIT(dev, { g(); h(); });', 'WAIT(dev, { g(); h(); });', []);
  });

  it('keeps what initializers name', () => {
    check('REG(a, .get = fn);', 'REG(a, get = fn);', ['argument .get = fn']);
    check('REG({ .get = fn, { 1, 2, }, [A ... B] = 3 });', 'REG(( get = fn, ( 1, 2 ), (A ) = 3 ));', [
      'argument { .get = fn, { 1, 2, }, [A ... B] = 3 }',
    ]);
    check('g((struct foo){ .a = 1 });', 'g((struct foo){ .a = 1 });', []);
  });

  it('fills empty arguments', () => {
    check('g(a, , b);', 'g(a,0, b);', ['inserted 0']);
    check('g(a,);', 'g(a );', ['blanked ,']);
    check('g(a,,b);', 'g(a ,b);', ['blanked ,']);
  });
});

import { checkMask } from './maskSupport';

const body = (text: string): string => `void f(void) { ${text} }`;
const check = (text: string, expected: string, marks: string[]): void => checkMask(body(text), body(expected), marks);

describe('mask: case ranges', () => {
  it('blanks the upper bound', () => {
    check(
      "switch (c) { case '0' ... '9': case A...B: case F(x, 1) ... (2): g(); }",
      "switch (c) { case '0' : case A : case F(x, 1) : g(); }",
      ["case-range ... '9' -> '9'", 'case-range ...B -> B', 'case-range ... (2) -> (2)'],
    );
  });

  it('leaves ranges of designators alone', () => {
    checkMask('int a[] = { [0 ... 5] = 1 };', 'int a[] = { [0 ... 5] = 1 };', []);
  });
});

describe('mask: strings', () => {
  it('leaves one name before a string', () => {
    check('printk(KERN_ERR PREFIX "x" SUFFIX "y");', 'printk(KERN_ERR "x" SUFFIX "y");', ['blanked PREFIX']);
  });

  it('leaves the call of a name and a call', () => {
    check('printk(KERN_DEBUG pr_fmt("x"), 1);', 'printk( pr_fmt("x"), 1);', ['blanked KERN_DEBUG']);
  });

  it('blanks calls between strings', () => {
    check('g("a" __stringify(X) "b"); h(STR(Y) "c");', 'g("a" "b"); h( "c");', ['blanked __stringify(X)', 'blanked STR(Y)']);
  });
});

describe('mask: inserted punctuation', () => {
  it('ends statements', () => {
    check('DO_THIS(a)\n\tg();', 'DO_THIS(a)\n;g();', ['inserted ;']);
    check('if (a) DO_THIS(a)\n else g();', 'if (a) DO_THIS(a)\n;else g();', ['inserted ;']);
    check('DO_ALL_FLAGS\n\tputc(m);', 'DO_ALL_FLAGS\n;putc(m);', ['inserted ;']);
    check('goto out; out: ', 'goto out; out:;', ['inserted ;']);
  });

  it('separates elements of initializers', () => {
    checkMask('struct o x = { SET_OPS(a, b)\n\t.c = 1, };', 'struct o x = { SET_OPS(a, b)\n,.c = 1, };', ['inserted ,']);
  });

  it('never writes into comments or over newlines', () => {
    check('DO_THIS(a)\n/* b */\n g();', 'DO_THIS(a)\n/* b */\n;g();', ['inserted ;']);
  });
});

describe('mask: words', () => {
  it('names types that are expressions', () => {
    check('typeof(*p) *q; __typeof__(x) y;', 'typeof____ *q; __typeof_____ y;', ['renamed typeof(*p)', 'renamed __typeof__(x)']);
    check('typeof(\n\tx) y;', 'typeof_\n y;', ['renamed typeof(\n\tx)']);
  });

  it('reduces a computed goto to a name', () => {
    check('goto *targets[i];', 'goto targets ;', ['blanked *', 'blanked [i]']);
  });

  it('takes names that begin with a digit', () => {
    check('g(1SHOT, 0x1fUL, 1e5);', 'g(_SHOT, 0x1fUL, 1e5);', ['renamed 1SHOT']);
  });

  it('gives assembly its strings', () => {
    check(
      'asm volatile (CALL_HYPERVISOR : "=a"(x) : "b"(y) : "memory");',
      'asm volatile ("             " : "=a"(x) : "b"(y) : "memory");',
      ['renamed CALL_HYPERVISOR'],
    );
    check('asm ("x" : CONSTRAINT, "=a"(x) : : "memory");', 'asm ("x" : "=a"(x) : : "memory");', ['blanked CONSTRAINT,']);
  });

  it('makes a call of alignof of an expression, not of a type', () => {
    check('n = __alignof__(*p) + __alignof__(struct foo) + alignof(p->q);', 'n = Alignof (*p) + __alignof__(struct foo) + Alignof(p->q);', [
      'renamed __alignof__',
      'renamed alignof',
    ]);
  });

  it('takes the name of a macro that brings the parentheses of a condition', () => {
    check('if time_after(a, b) g();', 'if (a, b) g();', ['blanked time_after']);
  });

  it('takes the register of a variable as an attribute', () => {
    check('register long r asm("r0") = 1;', 'register long r = 1;', ['attribute asm("r0")']);
  });

  it('blanks directives that are left', () => {
    checkMask('#define A(x) \\\n x\nint a;', '\n\nint a;', ['blanked #define A(x) \\\n x']);
  });
});

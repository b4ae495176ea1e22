import { checkMask } from './maskSupport';

describe('mask: attributes', () => {
  it('blanks words without arguments', () => {
    checkMask('static int __init f(void __iomem *p);', 'static int f(void *p);', ['attribute __init', 'attribute __iomem']);
  });

  it('blanks words with arguments, strings and nested parentheses included', () => {
    checkMask('int f(char *s, ...) __printf(1, 2); u8 b[] __counted_by((n));', 'int f(char *s, ...) ; u8 b[] ;', [
      'attribute __printf(1, 2)',
      'attribute __counted_by((n))',
    ]);
    checkMask('struct s { int a; } __attribute__((packed, section(")"))) x;', 'struct s { int a; } x;', [
      'attribute __attribute__((packed, section(")")))',
    ]);
  });

  it('keeps what a cleanup attribute names', () => {
    checkMask('struct foo *p __free(kfree) = NULL;', 'struct foo *p = NULL;', ['attribute __free(kfree)']);
  });

  it('leaves a whole statement that looks like an attribute a call', () => {
    checkMask('void f(void) { __free(p); }', 'void f(void) { __free(p); }', []);
  });

  it('takes annotations before and after a declarator', () => {
    checkMask('__fgft_suspect_if(irq > 3) static int f(int irq) __fgft_checkpoint { }', 'static int f(int irq) { }', [
      'attribute __fgft_suspect_if(irq > 3)',
      'attribute __fgft_checkpoint',
    ]);
    checkMask('struct s { u8 *data __fgft_count(len); void *cookie __fgft_opaque; };', 'struct s { u8 *data ; void *cookie ; };', [
      'attribute __fgft_count(len)',
      'attribute __fgft_opaque',
    ]);
    checkMask('int f(void) __attribute__((isolate));', 'int f(void) ;', ['attribute __attribute__((isolate))']);
  });

  it('takes an unknown macro behind parameters as an attribute', () => {
    checkMask('static int f(int a) SOME_RULE(a) { }', 'static int f(int a) { }', ['attribute SOME_RULE(a)']);
  });

  it('takes an unknown macro before a declaration on the same line as an attribute', () => {
    checkMask('SOME_EXPORT("x") int f(void);', 'int f(void);', ['attribute SOME_EXPORT("x")']);
  });

  it('is not misled by an attribute cut off at the end', () => {
    checkMask('int a __aligned(8', 'int a __aligned(8', []);
    checkMask('int a __packed', 'int a', ['attribute __packed']);
  });
});

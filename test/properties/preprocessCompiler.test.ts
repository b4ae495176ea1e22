import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { run, tokenTexts } from '../unit/syntax/preprocessSupport';

/** What the compiler's preprocessor makes of a text, as tokens; undefined when it rejects the text. */
function compilerTokens(text: string): string[] | undefined {
  const result = spawnSync('gcc', ['-E', '-P', '-std=gnu11', '-w', '-undef', '-x', 'c', '-'], { input: text, encoding: 'utf8' });
  return result.status === 0 ? tokenTexts(result.stdout) : undefined;
}

function sameAsCompiler(text: string): void {
  const expected = compilerTokens(text);
  assert.ok(expected, `gcc rejects ${text}`);
  assert.deepEqual(tokenTexts(run(text, { expandConstants: true }).text), expected, text);
}

const SNIPPETS: readonly string[] = [
  '#define A(x) x\nA(A(A(1))) A (2) A\n(3) A',
  '#define f(x) x + g\n#define g(y) y - f\nf(1)(2)(3)(4)',
  '#define NIL(xxx) xxx\n#define G_0(arg) NIL(G_1)(arg)\n#define G_1(arg) NIL(arg)\nG_0(42)',
  '#define x 3\n#define f(a) f(x * (a))\n#undef x\n#define x 2\n#define g f\n#define z z[0]\n#define h g(~\n#define m(a) a(w)\n#define w 0,1\n#define t(a) a\n#define p() int\n#define q(x) x\n#define r(x,y) x ## y\n#define str(x) # x\n' +
    'f(y+1) + f(f(z)) % t(t(g)(0) + t)(1);\ng(x+(3,4)-w) | h 5) & m(f)^m(m);\np() i[q()] = { q(1), r(2,3), r(4,), r(,5), r(,) };\nchar c[2][6] = { str(hello), str() };',
  '#define str(s) # s\n#define xstr(s) str(s)\n#define debug(s, t) printf("x" # s "= %d, x" # t "= %s", x ## s, x ## t)\n#define INCFILE(n) vers ## n\n#define glue(a, b) a ## b\n#define xglue(a, b) glue(a, b)\n#define HIGHLOW "hello"\n#define LOW LOW ", world"\n' +
    'debug(1, 2);\nfputs(str(strncmp("abc\\0d", "abc", \'\\4\') == 0) str(: @), s);\nxstr(INCFILE(2).h)\nglue(HIGH, LOW);\nxglue(HIGH, LOW)',
  '#define hash_hash # ## #\n#define mkstr(a) # a\n#define in_between(a) mkstr(a)\n#define join(c, d) in_between(c hash_hash d)\nchar p[] = join(x, y);',
  '#define t(x,y,z) x ## y ## z\nint j[] = { t(1,2,3), t(,4,5), t(6,,7), t(8,9,), t(10,,), t(,11,), t(,,12), t(,,) };',
  '#define debug(...) fprintf(stderr, __VA_ARGS__)\n#define showlist(...) puts(#__VA_ARGS__)\n#define report(test, ...) ((test) ? puts(#test) : printf(__VA_ARGS__))\ndebug("Flag");\ndebug("X = %d\\n", x);\nshowlist(The first, second, and third items.);\nreport(x>y, "x is %d but y is %d", x, y);',
  '#define e(fmt, args...) p(fmt, ##args)\n#define e2(fmt, ...) p(fmt, ## __VA_ARGS__)\n#define only(args...) q(0, ##args)\ne("a") e("a",) e("a", b) e("a", b, c) e2("x") e2("x", y, z) only() only(1) only(1, 2)',
  '#define F(a, ...) f(0 __VA_OPT__(,) __VA_ARGS__)\n#define G(X, ...) f(0, X __VA_OPT__(,) __VA_ARGS__)\n#define SDEF(sname, ...) S sname __VA_OPT__(= { __VA_ARGS__ })\n#define EMP\nF(a, b, c) F(a) F(a,) F(a, EMP) G(a, b, c) G(a, ) SDEF(foo); SDEF(bar, 1, 2);',
  '#define EMPTY\n#define MINUS -\n#define NEG -x\n-EMPTY- -MINUS -NEG +NEG NEG-NEG a EMPTY b a/**/b (EMPTY)',
  '#define GT >\n#define EQ =\na-GT b EQ= c GT= d .EMPTY. 1 GT GT',
  '#define CAT(a, b) a ## b\n#define AB done\n#define XCAT(a, b) CAT(a, b)\n#define P -\nCAT(A, B) CAT(1, e3) CAT(x, 1) CAT(-, >) XCAT(A, B) CAT(., 5) CAT(<, <=) CAT(L, "x")',
  '#define STR(x) #x\n#define X(...) STR(__VA_ARGS__)\nSTR(  a   b\n  c ) STR("\\n" \'"\') STR(a-b a - b) X(1 2  3) STR(()) STR((a, b)) STR(/* gone */ a /* gone */ b)',
  '#define obj (4 + obj)\n#define f(a) a + f(a)\n#define loop1 loop2\n#define loop2 loop1\nobj f(f)(1) f(f(2)) loop1 loop2',
  '#define L(X) X(a, 1) X(b, 2)\n#define D(n, v) n = v,\nenum { L(D) };\n#undef D\n#define D(n, v) case n: return #n;\nswitch (x) { L(D) }',
  '#define swap(a, b) do { typeof(a) t = a; a = b; b = t; } while (0)\n#define IF if (\n#define THEN ) {\n#define END }\nIF x THEN swap(p->a[1], q); END',
  '#define LP (\n#define F(x) [x]\n#define G F LP\nG 1) F LP 2) F\n(3)',
  '#define EAT(...)\n#define ONE(x) 1\nEAT(a, b) ONE() ONE( ) ONE(EAT(1)) EAT()',
  '#define P(x) (x)\n#define Q P\n#define R Q\nR(1) R (P)(2) Q(R)(3)',
  '#define N 10\n#define M (N * 2)\n#define SZ(t) sizeof(t)\nint a[N + M]; SZ(struct s { int x; int y; }) SZ(M)',
  '#define c(x) x\n#define d(x) c(x)\nc(\n#define e 5\ne)\nd(e) c(\n#if e == 5\nyes\n#else\nno\n#endif\n)',
  '#define A B\n#define B C\n#define C A B C\nA B C',
  '#define K(x) #x x ## x x\n#define V v\nK(V) K(K) K()',
];

describe('preprocess against gcc -E', function () {
  this.timeout(300_000);

  before(function () {
    if (compilerTokens('int a;') !== undefined) return;
    console.warn('SKIPPED: preprocess against gcc -E: there is no gcc on this machine');
    this.skip();
  });

  SNIPPETS.forEach((snippet, i) => {
    it(`gives the same tokens for snippet ${i + 1}`, () => sameAsCompiler(snippet));
  });

  it('decides conditions the same way', () => {
    const operand = fc.oneof(
      fc.integer({ min: 0, max: 9 }).map(String),
      fc.constantFrom('A', 'B', 'UNKNOWN', 'defined(A)', 'defined C', '!defined(B)', '3u', "'x'"),
    );
    const { expression } = fc.letrec<{ expression: string }>((tie) => ({
      expression: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        operand,
        fc
          .tuple(
            tie('expression'),
            fc.constantFrom('+', '-', '*', '<<', '>>', '<', '>', '<=', '>=', '==', '!=', '&', '|', '^', '&&', '||'),
            tie('expression'),
          )
          .map(([a, o, b]) => `(${a} ${o} ${b})`),
        fc.tuple(tie('expression'), tie('expression'), tie('expression')).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
        fc.tuple(fc.constantFrom('-', '~', '!', '+'), tie('expression')).map(([o, a]) => `${o} ${a}`),
        fc
          .tuple(tie('expression'), fc.constantFrom('+', '*', '==', '&&', '||', '|', '&', '<<'), tie('expression'))
          .map(([a, o, b]) => `${a} ${o} ${b}`),
      ),
    }));
    fc.assert(
      fc.property(fc.array(expression, { minLength: 40, maxLength: 40 }), (expressions) => {
        sameAsCompiler(
          '#define A 4\n#define B (A - 5)\n' + expressions.map((e, i) => `#if ${e}\nyes${i}\n#else\nno${i}\n#endif\n`).join(''),
        );
      }),
      { numRuns: 15 },
    );
  });

  it('expands random macros the same way', () => {
    const name = fc.constantFrom('A', 'B', 'C', 'F', 'G');
    const word = fc.oneof(
      { weight: 3, arbitrary: name },
      { weight: 2, arbitrary: fc.constantFrom('x', 'y', '+', '-', '1', '(', ')', ',') },
    );
    const object = fc
      .tuple(fc.constantFrom('A', 'B', 'C'), fc.array(word, { maxLength: 4 }))
      .map(([n, body]) => `#define ${n} ${body.join(' ')}\n`);
    const item = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom('p', 'q', 'x', '+', '-', '(p)', '#p', '#q', 'p ## q', 'x ## p', 'p ## 1') },
      { weight: 2, arbitrary: name },
    );
    const call = fc
      .tuple(fc.constantFrom('F', 'G'), fc.array(item, { maxLength: 4 }))
      .map(([n, body]) => `#define ${n}(p, q) ${body.join(' ')}\n`);
    const argument = fc
      .array(fc.constantFrom('a', 'A', 'B', 'F(a, b)', '(u, v)', '-', 'G (1, A)', 'C'), { maxLength: 3 })
      .map((words) => words.join(' '));
    const use = fc.oneof(
      fc.tuple(fc.constantFrom('F', 'G'), argument, argument).map(([n, a, b]) => `${n}(${a}, ${b}) ;\n`),
      fc.constantFrom('A ;\n', 'B ;\n', 'C ;\n', '-A- ;\n'),
    );
    let compared = 0;
    fc.assert(
      fc.property(fc.array(fc.oneof(object, call), { maxLength: 6 }), fc.array(use, { minLength: 1, maxLength: 8 }), (defines, uses) => {
        const source = defines.join('') + uses.join('');
        const expected = compilerTokens(source);
        // Operands of `##` that make no token, and unbalanced calls, are errors for the compiler.
        if (!expected) return;
        const result = run(source, { expandConstants: true });
        if (result.problems.length > 0) return;
        compared++;
        assert.deepEqual(tokenTexts(result.text), expected, source);
      }),
      { numRuns: 400 },
    );
    assert.ok(compared > 100, `only ${compared} programs were compared`);
  });
});

/** Random token soup that is close enough to kernel C to reach every rule of the mask. */
import fc from 'fast-check';

const WORDS =
  'struct union enum int unsigned long void const static extern inline if else while for do switch case default return goto break typeof sizeof offsetof asm ' +
  'foo bar p x list_for_each_entry for_each_x scoped_guard guard container_of min_t DECLARE_BITMAP DEFINE_PER_CPU DEFINE_FLEX struct_group DECLARE_KFIFO ' +
  'MACRO DEFINE_MUTEX __iomem __init __packed __free __counted_by __aligned __attribute__ typedef MODULE_THING KERN_ERR';
const PUNCTUATORS = '( ) ( ) { } [ ] ; , . -> * & = == + ++ < ... : ? ! ~ /';
const LITERALS = '1 0x1f 1SHOT "text" "a\\n" \'c\' /* note */ // remark\n #define\n \\ é \u{1f600} $ @ ` "open';
const BLANKS = [' ', ' ', ' ', '', '\n', '\r\n', '\t', '\n\n'];
/** Whole phrases, so that rules which want several tokens in a row are reached often. */
const PHRASES = [
  'container_of(p, struct foo, m)',
  'list_for_each_entry(a, &b, c) {',
  'case 1 ... 5:',
  'void f(void) {',
  'struct s {',
  'enum e {',
  '= {',
  '};',
  ') {',
  'DEFINE_PER_CPU(struct foo *, x);',
  'DECLARE_BITMAP(a, 3);',
  'f(a, ==, b)',
  'f(, )',
  'typeof(*p) q;',
  'struct_group(g, int a;);',
  'static DEFINE_MUTEX(m);',
  'f(a, return -1)',
  'f({ .a = 1 })',
  'MACRO(a)',
  '"a" MACRO(b) "c"',
  'goto *p[i];',
  'out:',
  'asm volatile (NAME : "=a"(x) : FOO, "b"(y));',
  '#if X\n',
  'f(x, y;)',
];

const token = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...WORDS.split(' ')) },
  { weight: 4, arbitrary: fc.constantFrom(...PUNCTUATORS.split(' ')) },
  { weight: 1, arbitrary: fc.constantFrom(...LITERALS.split(' ')) },
  { weight: 2, arbitrary: fc.constantFrom(...PHRASES) },
);

/** A text of random tokens with random white space between them. */
export const soup = fc
  .array(fc.tuple(token, fc.constantFrom(...BLANKS)), { maxLength: 60 })
  .map((parts) => parts.map(([t, blank]) => t + blank).join(''));

/** A well-formed small file: functions, records and declarations in random order. */
export const file = fc
  .array(
    fc.constantFrom(
      'static int __init f(struct foo *p)\n{\n\tlist_for_each_entry(a, &p->b, c) {\n\t\tg(a);\n\t}\n\treturn 0;\n}\n',
      'struct foo {\n\tint a __packed;\n\tDECLARE_BITMAP(b, 3);\n};\n',
      'static DEFINE_MUTEX(m);\n',
      'int x = container_of(p, struct foo, a);\n',
      'void h(void)\n{\n\tif (a)\n\t\tb();\n\telse\n\t\tc();\n}\n',
      'enum e { A, B };\n',
      'MODULE_THING(x);\n',
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((items) => items.join('\n'));

/** A fraction. Not `fc.double`: most doubles between 0 and 1 are so small that they mean the first character. */
export const fraction = fc.nat({ max: 1_000_000 }).map((n) => n / 1_000_001);

/** One replacement in a text: where (a fraction of its length), how many characters go, what comes. */
export const edit = fc.record({
  at: fraction,
  remove: fc.nat({ max: 12 }),
  insert: fc.oneof(token, fc.constantFrom('', ' ', '\n', 'a', '{', '}', '(', ')', ';', '"', 'x = 1;', 'int y;\n')),
});
export type RandomEdit = { at: number; remove: number; insert: string };

/** Applies a replacement. */
export function applied(text: string, { at, remove, insert }: RandomEdit): string {
  const start = Math.floor(at * text.length);
  return text.slice(0, start) + insert + text.slice(start + remove);
}

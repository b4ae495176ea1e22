import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { type EarlierFile, readText } from '../../server/src/engine/reading';
import type { Parser } from '../../server/src/syntax/parser';
import { bareEnvironment } from '../../server/src/syntax/preprocessEnvironment';
import { parseConfiguration } from '../../server/src/text/configuration';
import { repositoryRoot } from '../support/repository';
import { newParser, shippedDialect } from '../unit/syntax/support';
import { applied, edit, file, fraction, type RandomEdit } from './maskSoup';

const dialect = shippedDialect();
const environment = bareEnvironment(parseConfiguration('CONFIG_X=y'));
const PATH = 'driver.c';

/** Items with all that an edit inside a function can have to do with: macros before and behind it, conditionals, expansions at every place. */
const withMacros = fc
  .array(
    fc.constantFrom(
      '#define READ(x) readl(base + (x))\n',
      '#define READ(x) \\\n\treadw(x)\n',
      '#undef READ\n',
      '#define COUNT 4\n',
      '#define BIT_OF(n) (1 << (n) + COUNT)\n',
      '#define for_all(i) for (i = 0; i < COUNT; i++)\n',
      '#pragma pack(1)\n',
      '#include "table.h"\n',
      'static int f(struct foo *p)\n{\n\tint i;\n\tfor_all(i) {\n\t\tp->x[i] = READ(i);\n\t}\n\treturn BIT_OF(2);\n}\n',
      '#ifdef CONFIG_X\nint g(void)\n{\n#ifdef READ\n\treturn READ(1);\n#else\n\treturn 0; /* none */\n#endif\n}\n#endif\n',
      'void h(void)\n{\n\tstr = "}";\n\tc = \'{\'; // }\n\tlist_for_each_entry(a, b, c) {\n\t\tg(READ);\n\t}\n}\n',
      'struct foo {\n\tint x[COUNT];\n};\n',
      'static DEFINE_MUTEX(m);\n',
      'int k(int a)\n{\n#define LOCAL 1\n\treturn LOCAL;\n#undef LOCAL\n}\n',
    ),
    { minLength: 1, maxLength: 10 },
  )
  .map((items) => items.join('\n'));

/** Mostly what typing does, so that much stays well-formed. */
const typed = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      at: fraction,
      remove: fc.constantFrom(0, 0, 0, 1),
      insert: fc.constantFrom('', ' ', '1', 'x', '\n', ' /* } */ ', ' READ(COUNT) ', ' A ', '\n\tg();\n'),
    }),
  },
  { weight: 1, arbitrary: edit },
);

describe('properties of reading a part of a file again', () => {
  let parser: Parser;
  before(async () => {
    parser = await newParser();
  });

  const read = (text: string, earlier?: EarlierFile): EarlierFile & { wasPart: boolean } => {
    const { preprocessed, masked, table } = readText(PATH, text, environment, dialect, earlier);
    const tree = parser.parse(masked.text);
    const items = parser.flatten(tree);
    tree.delete();
    return { text, preprocessed, masked, items, table, wasPart: earlier !== undefined && table === earlier.table };
  };

  /** Returns how many of the edits were read in part. */
  const check = (text: string, edits: readonly RandomEdit[]): number => {
    let state = read(text);
    let parts = 0;
    for (const one of edits) {
      const next = applied(state.text, one);
      state = read(next, state);
      if (state.wasPart) parts++;
      const whole = read(next);
      assert.deepEqual(state.preprocessed, whole.preprocessed, `read wrongly after an edit that gave ${JSON.stringify(next)}`);
      assert.deepEqual(state.masked, whole.masked, `masked wrongly after an edit that gave ${JSON.stringify(next)}`);
    }
    return parts;
  };

  for (const [name, texts] of [
    ['files', file],
    ['files with macros and conditionals', withMacros],
  ] as const) {
    it(`gives what reading the whole text gives, on ${name}`, () => {
      let parts = 0;
      fc.assert(
        fc.property(texts, fc.array(typed, { minLength: 1, maxLength: 4 }), (text, edits) => {
          parts += check(text, edits);
        }),
        { numRuns: 500 },
      );
      assert.ok(parts > 50, `only ${parts} edits were read in part: the property says little`);
    });
  }

  it('reads only the function after an edit in its body', () => {
    const text = readFileSync(join(repositoryRoot, 'examples/fgft_demo_nic/demo_nic_main.c'), 'utf8');
    const at = text.indexOf('return 0;');
    assert.equal(check(text, [{ at: (at + 0.5) / text.length, remove: 0, insert: ' ' }]), 1);
  });

  it('reads the whole text when a macro that the function uses changes behind it', () => {
    const text = '#define A() 1\nint f(void)\n{\n\treturn A();\n}\n#undef A\n#define A() 2\n';
    const at = text.indexOf('return');
    assert.equal(check(text, [{ at: (at + 0.5) / text.length, remove: 0, insert: ' ' }]), 0);
  });
});

import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { applyEdits, markEdits, unmarkEdits } from '../../server/src/lsp/annotationEdits';

function mark(text: string, name: string): string {
  const edits = markEdits(text, name);
  assert.ok(edits, `nothing to mark:\n${text}`);
  return applyEdits(text, edits);
}

function unmark(text: string, name: string): string {
  const edits = unmarkEdits(text, name);
  assert.ok(edits, `nothing to unmark:\n${text}`);
  return applyEdits(text, edits);
}

describe('mark as suspect', () => {
  it('puts the annotation before the storage class and the include after the last include', () => {
    const text = '#include <linux/a.h>\n#include "b.h"\n\nstatic int foo(int a)\n{\n\treturn a;\n}\n';
    const marked = '#include <linux/a.h>\n#include "b.h"\n#include <fgft.h>\n\n__fgft_suspect static int foo(int a)\n{\n\treturn a;\n}\n';
    assert.equal(mark(text, 'foo'), marked);
    assert.equal(unmark(marked, 'foo'), text);
  });

  const definitions: Record<string, string> = {
    'a head of several lines': 'static netdev_tx_t foo(struct sk_buff *skb,\n\t\t       struct net_device *dev)\n{\n}\n',
    'a return type on its own line': 'static int\nfoo(struct net_device *dev)\n{\n}\n',
    'attributes before and behind': 'static int __maybe_unused __attribute__((cold)) foo(int a) __acquires(lock)\n{\n}\n',
    'an attribute macro on a line of its own': '__printf(1, 2)\nstatic int foo(const char *format, ...)\n{\n}\n',
    'a macro without semicolon before it': 'MODULE_ALIAS("x")\nstatic int foo(void)\n{\n}\n',
    'a comment before it': '/**\n * foo - does foo(bar) {\n */\nstatic int foo(void)\n{\n}\n',
    'a condition around it': '#ifdef CONFIG_PM\nstatic int foo(struct device *d)\n{\n}\n#endif\n',
    'a condition inside its parameters': 'static int foo(int a\n#ifdef X\n\t, int b\n#endif\n)\n{\n}\n',
    'a struct and an initialiser before it': 'struct a {\n\tint b;\n};\nstatic struct a x = {\n\t.b = 1,\n};\nstatic int foo(void)\n{\n}\n',
    'braces that conditions double before it':
      'static void bar(int a)\n{\n#ifdef A\n\tif (a) {\n#else\n\tif (!a) {\n#endif\n\t\ta++;\n\t}\n}\n\nstatic int foo(void)\n{\n}\n',
    'unclosed braces before it': 'static void bar(int a)\n{\n\tSTART_BLOCK {\n\ta++;\n}\n\nstatic int foo(void)\n{\n}\n',
    'a prototype and a call before it': 'static int foo(void);\nstatic void bar(void)\n{\n\tfoo();\n}\nint foo(void)\n{\n}\n',
    'an indented definition': '\t static int foo(void)\n\t{\n\t}\n',
  };
  for (const [title, definition] of Object.entries(definitions)) {
    for (const [style, convert] of [
      ['LF', (s: string) => s],
      ['CRLF', (s: string) => s.replace(/\n/g, '\r\n')],
    ] as const) {
      it(`handles ${title} (${style})`, () => {
        for (const head of ['#include <linux/module.h>\n\n', '', '// SPDX-License-Identifier: GPL-2.0\n/* x */\n']) {
          const text = convert(head + definition);
          const marked = mark(text, 'foo');
          assert.match(marked, /__fgft_suspect [^;{}]*\bfoo\s*\(/);
          assert.match(marked, /#include <fgft\.h>\r?\n/);
          if (style === 'CRLF') assert.doesNotMatch(marked, /[^\r]\n/);
          assert.equal(markEdits(marked, 'foo'), undefined);
          assert.equal(unmark(marked, 'foo'), text);
        }
      });
    }
  }

  it('keeps the include out of conditions and away from includes behind functions', () => {
    const text = '#include <a.h>\n#ifdef X\n#include <b.h>\n#endif\nstatic int foo(void)\n{\n}\n#include "late.c"\n';
    assert.equal(mark(text, 'foo').split('\n')[1], '#include <fgft.h>');
  });

  it('keeps the include while another annotation needs it', () => {
    const text = '#include <a.h>\n\nint foo(void)\n{\n}\n\nint bar(void)\n{\n}\n';
    const both = mark(mark(text, 'foo'), 'bar');
    assert.equal(both.match(/fgft\.h/g)?.length, 1);
    const one = unmark(both, 'foo');
    assert.match(one, /fgft\.h/);
    assert.equal(unmark(one, 'bar'), text);
  });

  it('removes annotations with arguments, on their own line, behind the storage class, and the 2013 spelling', () => {
    assert.equal(unmark('__fgft_suspect_if(cmd == (1))\nint foo(int cmd)\n{\n}\n', 'foo'), 'int foo(int cmd)\n{\n}\n');
    assert.equal(unmark('static __fgft_suspect int foo(void)\n{\n}\n', 'foo'), 'static int foo(void)\n{\n}\n');
    assert.equal(unmark('int foo(void) __attribute__((isolate))\n{\n}\n', 'foo'), 'int foo(void)\n{\n}\n');
  });

  it('is not offered for prototypes, unknown names and table entries', () => {
    assert.equal(markEdits('int foo(void);\n', 'foo'), undefined);
    assert.equal(markEdits('int foo(void)\n{\n}\n', 'bar'), undefined);
    assert.equal(markEdits('struct ops o = {\n\t.open = wrap(foo),\n};\n', 'foo'), undefined);
    assert.equal(unmarkEdits('int foo(void)\n{\n}\n', 'foo'), undefined);
  });

  it('is taken back exactly by unmark, whatever surrounds it', () => {
    const piece = fc.constantFrom(
      '#include <linux/a.h>\n',
      '#include "b.h" /* why\n */\n',
      '#if X\n',
      '#else\n',
      '#endif\n',
      '#define M(a) \\\n\t{ a; \\\n\t}\n',
      '/* comment { */\n',
      '// line \\\ncomment {\n',
      'static const char text[] = "{ \\" /*";\n',
      'struct s {\n\tint a;\n};\n',
      'static int other(void)\n{\n\tif (x) {\n\t}\n}\n',
      'MODULE_LICENSE("GPL");\n',
      'module_init(x)\n',
      "static char c = '{';\n",
      '\n',
      '\t',
      'int early(void);\n',
    );
    const definition = fc.constantFrom(...Object.values(definitions), 'int foo(void) { return 0; }\n');
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 8 }),
        definition,
        fc.array(piece, { maxLength: 4 }),
        fc.boolean(),
        (before, body, after, crlf) => {
          const plain = [...before, body, ...after].join('');
          const text = crlf ? plain.replace(/\n/g, '\r\n') : plain;
          const edits = markEdits(text, 'foo');
          if (!edits) return;
          const marked = applyEdits(text, edits);
          assert.equal(unmark(marked, 'foo'), text);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('survives any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'foo(){}#"\'/*\\\n\r ;=,'.split(''), '#if', '#else', 'foo(', '__fgft_count(') }),
        (text) => {
          const edits = markEdits(text, 'foo') ?? unmarkEdits(text, 'foo') ?? [];
          for (const edit of edits) assert.ok(edit.start >= 0 && edit.end <= text.length && edit.start <= edit.end);
        },
      ),
      { numRuns: 500 },
    );
  });
});

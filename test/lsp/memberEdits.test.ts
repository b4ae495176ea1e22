/** The quick fixes that annotate a member: where the annotation goes, and where none is offered. */
import assert from 'node:assert/strict';
import { applyEdits } from '../../server/src/lsp/annotationEdits';
import { annotateMemberEdits } from '../../server/src/lsp/memberEdits';

const HEAD = '#include <fgft.h>\n';

describe('lsp: annotating members', () => {
  const cases: [what: string, text: string, record: string, member: string, expected: string | null][] = [
    ['a member', 'struct foo { int n; u8 *table; };', 'foo', 'table', 'struct foo { int n; __fgft_count(n) u8 *table; };'],
    [
      'a member on a line of its own',
      'struct foo {\n\tint n; /* of table; */\n\tu8 *table;\n};',
      'foo',
      'table',
      'struct foo {\n\tint n; /* of table; */\n\t__fgft_count(n) u8 *table;\n};',
    ],
    ['a function pointer', 'struct foo { int (*run)(int run); };', 'foo', 'run', 'struct foo { __fgft_count(n) int (*run)(int run); };'],
    [
      'a member of an anonymous record',
      'struct foo { union { u8 *a; u16 *b; }; };',
      'foo',
      'b',
      'struct foo { union { u8 *a; __fgft_count(n) u16 *b; }; };',
    ],
    [
      'a member of a record named by its member',
      'struct foo { struct { u8 *a; } inner; };',
      'inner',
      'a',
      'struct foo { struct { __fgft_count(n) u8 *a; } inner; };',
    ],
    [
      'a member of a typedef',
      'typedef struct { int n; u8 *a; } bar_t;',
      'bar_t',
      'a',
      'typedef struct { int n; __fgft_count(n) u8 *a; } bar_t;',
    ],
    ['one of several in a declaration', 'struct foo { u8 *a, *b; };', 'foo', 'a', 'struct foo { __fgft_count(n) u8 *a, *b; };'],
    ['nothing in another record', 'struct bar { u8 *table; };', 'foo', 'table', null],
    ['nothing of an inner record with a name', 'struct foo { struct { u8 *a; } inner; };', 'foo', 'a', null],
    ['nothing twice', 'struct foo { int n; __fgft_count(n) u8 *table; };', 'foo', 'table', null],
    ['nothing in a comment', '/* struct foo { u8 *table; }; */', 'foo', 'table', null],
  ];
  for (const [what, text, record, member, expected] of cases)
    it(`changes ${what}`, () => {
      const edits = annotateMemberEdits(HEAD + text, record, member, '__fgft_count(n)');
      assert.equal(edits ? applyEdits(HEAD + text, edits) : null, expected === null ? null : HEAD + expected);
    });

  it('includes the header where the text lacks it', () => {
    const text = '#include <linux/module.h>\nstruct foo { u8 *table; };';
    const edits = annotateMemberEdits(text, 'foo', 'table', '__fgft_string');
    assert.equal(applyEdits(text, edits ?? []), '#include <linux/module.h>\n#include <fgft.h>\nstruct foo { __fgft_string u8 *table; };');
  });
});

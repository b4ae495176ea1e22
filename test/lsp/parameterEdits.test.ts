/** The quick fixes that annotate a parameter: where the annotation goes, and where none is offered. */
import assert from 'node:assert/strict';
import { applyEdits } from '../../server/src/lsp/annotationEdits';
import { annotateParameterEdits } from '../../server/src/lsp/parameterEdits';

const HEAD = '#include <fgft.h>\n';

describe('lsp: annotating parameters', () => {
  const cases: [what: string, text: string, parameter: string, expected: string | null][] = [
    ['a pointer', 'int f(u8 *data, int n)\n{\n}\n', 'data', 'int f(__fgft_count(n) u8 *data, int n)\n{\n}\n'],
    [
      'a constant one on its own line',
      'int f(int n,\n\tconst u8 *data)\n{\n}\n',
      'data',
      'int f(int n,\n\t__fgft_count(n) const u8 *data)\n{\n}\n',
    ],
    ['an array', 'int f(u8 data[], int n)\n{\n}\n', 'data', 'int f(__fgft_count(n) u8 data[], int n)\n{\n}\n'],
    [
      'not the comment before it',
      'int f(/* data, of n */ u8 *data, int n)\n{\n}\n',
      'data',
      'int f(/* data, of n */ __fgft_count(n) u8 *data, int n)\n{\n}\n',
    ],
    [
      'behind a function pointer',
      'int f(int (*run)(u8 *data), u8 *data, int n)\n{\n}\n',
      'data',
      'int f(int (*run)(u8 *data), __fgft_count(n) u8 *data, int n)\n{\n}\n',
    ],
    ['not a prototype', 'int f(u8 *data, int n);\n', 'data', null],
    ['not another function', 'int g(u8 *data, int n)\n{\n}\n', 'data', null],
    ['not what is annotated', 'int f(__fgft_count(4) u8 *data, int n)\n{\n}\n', 'data', null],
    ['not what is no parameter', 'int f(int n)\n{\n\tu8 *data;\n}\n', 'data', null],
  ];
  for (const [what, text, parameter, expected] of cases)
    it(what, () => {
      const edits = annotateParameterEdits(HEAD + text, 'f', parameter, '__fgft_count(n)');
      assert.equal(edits ? applyEdits(HEAD + text, edits) : null, expected === null ? null : HEAD + expected);
    });

  it('adds the include', () => {
    const text = '#include <linux/module.h>\n\nint f(u8 *data, int n)\n{\n}\n';
    const edits = annotateParameterEdits(text, 'f', 'data', '__fgft_count(n)');
    assert.ok(edits && applyEdits(text, edits).includes('#include <linux/module.h>\n#include <fgft.h>\n'));
  });
});

/** Directives found without tokens: the same as with them. */
import assert from 'node:assert/strict';
import { directiveSpans, scan, TokenKind } from '../../../server/src/syntax/tokens';
import { randomNumbers } from '../../properties/analysisSupport';

function byTokens(text: string): number[] {
  const { count, kind, start, end } = scan(text);
  const spans: number[] = [];
  for (let i = 0; i < count; i++) if (kind[i] === TokenKind.Directive) spans.push(start[i], end[i]);
  return spans;
}

const FRAGMENTS = [
  '#define A 1',
  '#if defined(X) /* why */',
  '# include <linux/x.h> // so',
  '#',
  '\n',
  '\r\n',
  '\\\n',
  ' \t',
  'int x;',
  '/* one */',
  '/* two\nlines */',
  '// rest',
  '"text # \\" more"',
  "'#'",
  "'\\''",
  '"open',
  '/',
  '*/',
  '/*',
  'a # b',
  '\uFEFF',
];

describe('syntax: directives alone', () => {
  it('are those of the scanner, however lines, comments and strings stand', () => {
    for (const text of [
      '#define S "a\n#define B\n',
      '/* a */ /* b */ #define C /* c\n */ 1\nx',
      'int a; /*\n*/ #define D\n',
      '\\\n#define E \\\n 1\n#undef E',
    ])
      assert.deepEqual(directiveSpans(text), byTokens(text), text);
  });

  it('are those of the scanner in any mixture', () => {
    const random = randomNumbers(1);
    let directives = 0;
    for (let n = 0; n < 4000; n++) {
      const text = Array.from({ length: 2 + random(14) }, () => FRAGMENTS[random(FRAGMENTS.length)]).join('');
      const spans = byTokens(text);
      directives += spans.length / 2;
      assert.deepEqual(directiveSpans(text), spans, JSON.stringify(text));
    }
    assert.ok(directives > 1000);
  });
});

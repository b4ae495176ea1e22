import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { originOf, type PreprocessedFile } from '../../server/src/syntax/preprocessed';
import { run } from '../unit/syntax/preprocessSupport';

const fragment = fc.oneof(
  fc.constantFrom(
    '#define ',
    '#undef A\n',
    '#if ',
    '#ifdef A\n',
    '#ifndef A\n',
    '#elif 1\n',
    '#else\n',
    '#endif\n',
    '#include "own.h"\n',
    '#include <a.h>\n',
    '#pragma pack(1)\n',
  ),
  fc.constantFrom(
    'A',
    'A(x) x A(x)',
    'B',
    'F(a, b...) a ## b #b',
    'F(',
    'A(1, (2), B)',
    '__VA_OPT__(',
    'defined(A)',
    'IS_ENABLED(CONFIG_X)',
  ),
  fc.constantFrom(
    '\n',
    ' ',
    '\\\n',
    '\r\n',
    '"',
    "'",
    '/*',
    '*/',
    '//',
    '(',
    ')',
    '{',
    '}',
    ',',
    ';',
    '#',
    '##',
    '-',
    '>',
    '...',
    '0x1u',
    'é',
    '\ufeff',
    '\u0000',
  ),
  fc.string({ maxLength: 6 }),
);
const source = fc.array(fragment, { maxLength: 60 }).map((parts) => parts.join(''));

function checkSegments(text: string, result: PreprocessedFile): void {
  const { segments } = result;
  assert.equal(segments[0]?.start, 0);
  for (let i = 0; i < segments.length; i++) {
    if (i > 0) assert.ok(segments[i].start > segments[i - 1].start, 'segments are sorted');
    assert.ok(segments[i].start <= result.text.length);
    assert.ok(segments[i].origin >= 0 && segments[i].origin <= text.length);
  }
  for (let at = 0; at < result.text.length; at++) {
    const { offset, macro } = originOf(segments, at);
    assert.ok(offset >= 0 && offset <= text.length);
    if (macro === null && offset < text.length && !/\s/.test(result.text[at]))
      assert.equal(result.text[at], text[offset], 'text outside macros is copied');
  }
}

describe('preprocess: properties', () => {
  it('takes any text, and its segments cover the result', () => {
    fc.assert(
      fc.property(source, source, (text, header) => {
        checkSegments(text, run(text, { headers: { 'own.h': header } }));
      }),
      { numRuns: 1500 },
    );
  });

  it('changes nothing but blanks where there are no macros', () => {
    const plain = source.map((text) => text.replace(/#\s*\w*|##?/g, ' '));
    fc.assert(
      fc.property(plain, (text) => {
        const result = run(text);
        assert.equal(result.text.length, text.length);
        for (let i = 0; i < text.length; i++) assert.ok(result.text[i] === text[i] || (result.text[i] === ' ' && text[i] !== '\n'));
      }),
      { numRuns: 500 },
    );
  });

  it('keeps newlines outside macro calls', () => {
    fc.assert(
      fc.property(source, (text) => {
        const result = run(text.replace(/#\s*define/g, '#ident').replace(/#\s*include/g, '#ident'));
        assert.equal(result.text.split('\n').length, text.split('\n').length);
      }),
      { numRuns: 300 },
    );
  });
});

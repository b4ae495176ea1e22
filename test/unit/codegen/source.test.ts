import assert from 'node:assert/strict';
import { applyEdits, flattened, lineOf, type SourceFile } from '../../../server/src/codegen/source';
import { exportedData, nativeCopy, sharedData, suspectCopy } from '../../../server/src/codegen/sourceCopies';

const TEXT = `static int debug = 1;
int visible[2] = { 1, 2 };
static DEVICE_ATTR_RW(speed);

static int foo_open(struct net_device *dev,
		    int mode)
{
	return debug;
}
`;

const at = (needle: string): number => TEXT.indexOf(needle);

const file: SourceFile = {
  path: '/d/foo.c',
  display: 'drivers/foo.c',
  text: TEXT,
  isHeader: false,
  functions: [{ name: 'foo_open', start: at('static int foo_open'), nameAt: at('foo_open'), bodyAt: at('{\n\treturn'), isStatic: true }],
  variables: [
    {
      start: at('static int debug'),
      end: at(';\nint') + 1,
      isStatic: true,
      names: [{ name: 'debug', nameAt: at('debug'), discarded: false }],
    },
    {
      start: at('int visible'),
      end: at(';\nstatic DEV') + 1,
      isStatic: false,
      names: [{ name: 'visible', nameAt: at('visible'), discarded: false }],
    },
    {
      start: at('static DEVICE'),
      end: at(');\n\n') + 2,
      isStatic: true,
      names: [{ name: 'dev_attr_speed', nameAt: null, discarded: false }],
    },
  ],
};

describe('codegen: copies of a source', () => {
  it('makes edits from left to right and leaves out what overlaps', () => {
    const edits = [
      { start: 4, end: 5, text: 'X' },
      { start: 0, end: 2, text: '' },
      { start: 1, end: 3, text: 'lost' },
      { start: 4, end: 4, text: '+' },
    ];
    // An insertion at 4 comes after the replacement that was given first, and overlaps it.
    assert.equal(applyEdits('abcdef', edits), 'cdXf');
    assert.equal(
      applyEdits('ab', [
        { start: 1, end: 1, text: '1' },
        { start: 1, end: 1, text: '2' },
      ]),
      'a12b',
    );
  });

  it('flattens a head and counts lines', () => {
    assert.equal(flattened('int f(int a, /* why */\n\t\tint b) // end\n'), 'int f(int a, int b)');
    assert.equal(lineOf(TEXT, at('foo_open')), 5);
    assert.equal(lineOf(TEXT, 0), 1);
  });

  it('renames an entry point in the native copy, declares its stub before it, and keeps every line where it was', () => {
    const copy = nativeCopy(file, new Set(['foo_open']));
    assert.match(copy, /^#line 1 "drivers\/foo\.c"\n/);
    assert.match(
      copy,
      /static int foo_open\(struct net_device \*dev, int mode\); noinline static int fgft_native_foo_open\(struct net_device \*dev,\n/,
    );
    assert.equal(copy.split('\n').length, TEXT.split('\n').length + 1);
    assert.equal(nativeCopy(file, new Set()), `#line 1 "drivers/foo.c"\n${TEXT}`);
  });

  it('takes the data out of the suspect copy', () => {
    const copy = suspectCopy(file, 3);
    assert.match(copy, /static int fgft_shape_debug = 1; extern __typeof__\(fgft_shape_debug\) debug asm\("fgft_data_3_debug"\);/);
    assert.match(copy, /static int fgft_shape_visible\[2\] = \{ 1, 2 \}; extern __typeof__\(fgft_shape_visible\) visible;/);
    // What a macro names stays a macro; the line after it is the one that it was.
    assert.match(
      copy,
      /DEVICE_ATTR_RW\(speed\);\nextern __typeof__\(dev_attr_speed\) fgft_data_3_dev_attr_speed;\n#define dev_attr_speed fgft_data_3_dev_attr_speed\n#line 3 /,
    );
  });

  it('names what the suspect copy uses of the native one', () => {
    assert.deepEqual(sharedData(file, 3), [
      'extern __typeof__(debug) fgft_data_3_debug __attribute__((alias("debug")));',
      'extern __typeof__(dev_attr_speed) fgft_data_3_dev_attr_speed __attribute__((alias("dev_attr_speed")));',
    ]);
    assert.deepEqual(exportedData(file), ['visible']);
  });
});

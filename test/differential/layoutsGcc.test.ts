/** Record layouts against gcc on this machine (x86-64): hand-made tricky records, and random ones. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Parser } from '../../server/src/syntax/parser';
import { skip } from '../support/skip';
import { newParser } from '../unit/syntax/support';
import { gccLayouts, hasGcc, ourLayouts, scopeOf, type PrintedMember, type PrintedRecord } from './layoutsGccSupport';

const f = (name: string): PrintedMember => ({ name, isBitField: false });
const b = (name: string): PrintedMember => ({ name, isBitField: true });

const TRICKY = `
typedef unsigned char u8; typedef unsigned short u16; typedef unsigned int u32; typedef unsigned long long u64;
typedef u64 __attribute__((aligned(4))) low_u64;
typedef u8 wide_u8 __attribute__((aligned(16)));
enum small { SMALL_A, SMALL_B } __attribute__((packed));
enum medium { MEDIUM_A = 300 } __attribute__((packed));
enum signed_small { SIGNED_A = -1, SIGNED_B = 127 } __attribute__((packed));
enum big { BIG_A = 0x100000000LL };
enum plain { PLAIN_A, PLAIN_B = 7, PLAIN_C };
struct empty { };
struct simple { u8 a; u32 b; u16 c; u64 d; u8 e; };
struct packed_simple { u8 a; u32 b; u16 c; u64 d; u8 e; } __attribute__((packed));
struct packed_aligned { u8 a; u32 b; } __attribute__((packed, aligned(4)));
struct member_packed { u8 a; u32 b __attribute__((packed)); u16 c; };
struct member_aligned { u8 a; u8 b __attribute__((aligned(8))); u8 c; };
struct aligned_in_packed { u8 a; u32 b __attribute__((aligned(4))); u8 c; } __attribute__((packed));
struct aligned_default { u8 a; } __attribute__((aligned));
struct low { u8 a; low_u64 b; };
struct wide { u8 a; wide_u8 b; };
struct bits { u32 a:3; u32 b:30; u8 c:4; u8 d:5; u16 e:9; u64 g:33; u32 h:1; };
struct bits_mixed { u8 a; u32 b:24; u32 c:9; u8 d; u16 e:3; u64 g:40; };
struct bits_packed { u8 a; u32 b:24; u32 c:9; u8 d; u16 e:3; u64 g:40; } __attribute__((packed));
struct bits_after { u16 a; u32 b:17; u8 c; };
struct bits_bool { _Bool a:1; _Bool b:1; u32 c:31; };
struct bits_enum { enum plain a:4; enum plain b:4; u8 c; };
struct bits_expression { u32 a:(4 + 4); u32 b:sizeof(u16); };
struct enums { enum small a; enum medium b; enum signed_small c; enum big d; enum plain e; };
struct arrays { u8 a[3]; u16 b[PLAIN_C]; u32 c[sizeof(struct simple) / 4][2]; struct simple *d[2]; };
struct flexible { u32 n; struct simple items[]; };
struct zero_length { u8 n; u64 items[0]; };
struct pointers { u8 a; void (*call)(int, char); void *(*table[3])(void); int (*matrix)[4][2]; };
struct anonymous { u8 a; union { u32 b; struct { u8 c; u16 d; }; u8 e[6]; }; struct { u8 g:3; u8 h:7; }; u8 i; };
struct named_inner { u8 a; struct { u16 x; u8 y; } in; union { u64 p; u8 q; } un; u8 z; };
struct nested_packed { u8 a; struct packed_simple b; u32 c; };
struct packed_of_natural { u8 a; struct simple b; u16 c; } __attribute__((packed));
union choice { u8 a; u32 b:5; u64 c; struct simple d; u8 e[33]; };
union packed_choice { u8 a; u64 b; u8 c[9]; } __attribute__((packed));
struct long_double { u8 a; long double b; __int128 c; double d; float e; };
struct list { struct list *next, *prev; u8 tail; };
struct with_empty { u8 a; struct empty b; u32 c; };
struct before { __attribute__((packed)) u8 a; } ;
struct __attribute__((packed)) prefix { u8 a; u64 b; };
typedef struct { u8 a; u32 b; } anonymous_type;
struct uses_type { u8 a; anonymous_type b; const volatile u16 c; unsigned d; signed char e; long g; unsigned long long int h; };
`;

const TRICKY_RECORDS: PrintedRecord[] = [
  { tag: 'struct', name: 'empty', members: [] },
  ...['simple', 'packed_simple'].map((name): PrintedRecord => ({ tag: 'struct', name, members: 'abcde'.split('').map(f) })),
  ...['packed_aligned', 'low', 'wide'].map((name): PrintedRecord => ({ tag: 'struct', name, members: 'ab'.split('').map(f) })),
  ...['member_packed', 'member_aligned', 'aligned_in_packed', 'nested_packed', 'packed_of_natural', 'with_empty'].map(
    (name): PrintedRecord => ({ tag: 'struct', name, members: 'abc'.split('').map(f) }),
  ),
  { tag: 'struct', name: 'aligned_default', members: [f('a')] },
  { tag: 'struct', name: 'bits', members: 'abcdegh'.split('').map(b) },
  { tag: 'struct', name: 'bits_mixed', members: [f('a'), b('b'), b('c'), f('d'), b('e'), b('g')] },
  { tag: 'struct', name: 'bits_packed', members: [f('a'), b('b'), b('c'), f('d'), b('e'), b('g')] },
  { tag: 'struct', name: 'bits_after', members: [f('a'), b('b'), f('c')] },
  { tag: 'struct', name: 'bits_bool', members: 'abc'.split('').map(b) },
  { tag: 'struct', name: 'bits_enum', members: [b('a'), b('b'), f('c')] },
  { tag: 'struct', name: 'bits_expression', members: [b('a'), b('b')] },
  { tag: 'struct', name: 'enums', members: 'abcde'.split('').map(f) },
  { tag: 'struct', name: 'arrays', members: 'abcd'.split('').map(f) },
  { tag: 'struct', name: 'flexible', members: [f('n')] },
  { tag: 'struct', name: 'zero_length', members: [f('n'), f('items')] },
  { tag: 'struct', name: 'pointers', members: ['a', 'call', 'table', 'matrix'].map(f) },
  { tag: 'struct', name: 'anonymous', members: [...'abcde'.split('').map(f), b('g'), b('h'), f('i')] },
  { tag: 'struct', name: 'named_inner', members: ['a', 'in', 'un', 'z'].map(f) },
  { tag: 'union', name: 'choice', members: [f('a'), b('b'), f('c'), f('d'), f('e')] },
  { tag: 'union', name: 'packed_choice', members: 'abc'.split('').map(f) },
  { tag: 'struct', name: 'long_double', members: 'abcde'.split('').map(f) },
  { tag: 'struct', name: 'list', members: ['next', 'prev', 'tail'].map(f) },
  { tag: 'struct', name: 'before', members: [f('a')] },
  { tag: 'struct', name: 'prefix', members: [f('a'), f('b')] },
  { tag: 'struct', name: 'uses_type', members: 'abcdegh'.split('').map(f) },
];

const BASICS = ['char', 'unsigned char', 'short', 'unsigned int', 'int', 'long', 'unsigned long long', 'double', 'void *', '_Bool'];
const BIT_TYPES: [string, number][] = [
  ['unsigned char', 8],
  ['unsigned short', 16],
  ['unsigned int', 32],
  ['unsigned long', 64],
  ['_Bool', 1],
];

type Member =
  | { kind: 'plain'; type: string; array: number | null; attribute: string }
  | { kind: 'bits'; type: string; width: number; attribute: string }
  | { kind: 'close'; type: string }
  | { kind: 'inner'; record: RandomRecord; named: boolean };
interface RandomRecord {
  tag: 'struct' | 'union';
  members: Member[];
  attribute: string;
}

const attribute = fc.constantFrom(
  '',
  '',
  '',
  '',
  ' __attribute__((packed))',
  ' __attribute__((aligned(2)))',
  ' __attribute__((aligned(8)))',
  ' __attribute__((packed, aligned(4)))',
);
const { record: randomRecord } = fc.letrec<{ record: RandomRecord; member: Member }>((tie) => ({
  member: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({
      kind: fc.constant('plain' as const),
      type: fc.constantFrom(...BASICS),
      array: fc.option(fc.integer({ min: 0, max: 5 }), { freq: 3 }),
      attribute,
    }),
    fc.constantFrom(...BIT_TYPES).chain(([type, bits]) =>
      fc.record({
        kind: fc.constant('bits' as const),
        type: fc.constant(type),
        width: fc.integer({ min: 1, max: bits }),
        attribute: fc.constantFrom('', '', ' __attribute__((packed))'),
      }),
    ),
    fc.record({ kind: fc.constant('close' as const), type: fc.constantFrom('unsigned char', 'unsigned int', 'unsigned long') }),
    fc.record({ kind: fc.constant('inner' as const), record: tie('record'), named: fc.boolean() }),
  ),
  record: fc.record({
    tag: fc.constantFrom('struct' as const, 'struct' as const, 'union' as const),
    members: fc.array(tie('member'), { minLength: 1, maxLength: 7 }),
    attribute,
  }),
}));

function write(record: RandomRecord, name: string, printed: PrintedMember[], visible: boolean, counter: { next: number }): string {
  const members = record.members.map((member) => {
    const id = `m${counter.next++}`;
    switch (member.kind) {
      case 'plain':
        if (visible) printed.push(f(id));
        return `${member.type} ${id}${member.array === null ? '' : `[${member.array}]`}${member.attribute};`;
      case 'bits':
        if (visible) printed.push(b(id));
        return `${member.type} ${id}:${member.width}${member.attribute};`;
      case 'close':
        // The grammar knows no bit-field without a name: a named one of a single bit stands for it.
        if (visible) printed.push(b(id));
        return `${member.type} ${id}:1;`;
      case 'inner':
        if (visible && member.named) printed.push(f(id));
        return `${write(member.record, '', printed, visible && !member.named, counter)}${member.named ? ` ${id}` : ''};`;
    }
  });
  return `${record.tag} ${name === '' ? '' : name + ' '}{ ${members.join(' ')} }${record.attribute}`;
}

describe('layouts against gcc', function () {
  this.timeout(60_000);
  let parser: Parser;

  before(async function () {
    if (process.arch !== 'x64') skip(this, 'the machine is no x86-64: its compiler lays records out by another ABI');
    if (!hasGcc()) skip(this, 'gcc is not installed');
    parser = await newParser();
  });

  it('lays out tricky records as gcc does', () => {
    assert.deepEqual(ourLayouts(scopeOf(TRICKY, parser), TRICKY_RECORDS), gccLayouts(TRICKY, TRICKY_RECORDS));
  });

  it('lays out random records as gcc does', () => {
    const records: PrintedRecord[] = [];
    const texts = fc.sample(randomRecord, { numRuns: 200, seed: 7 }).map((record, i) => {
      const members: PrintedMember[] = [];
      const text = write(record, `random${i}`, members, true, { next: 0 });
      records.push({ tag: record.tag, name: `random${i}`, members });
      return text + ';';
    });
    const declarations = texts.join('\n');
    const expected = gccLayouts(declarations, records);
    const ours = ourLayouts(scopeOf(declarations, parser), records);
    for (const [name, line] of expected) assert.equal(`${name} ${ours.get(name)}`, `${name} ${line}`, texts[Number(/\d+/.exec(name)?.[0])]);
  });
});

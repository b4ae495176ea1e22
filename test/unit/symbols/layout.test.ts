/** What the differential tests cannot show: unknown types, other architectures, `#pragma pack`, hostile declarations. */
import assert from 'node:assert/strict';
import { PRAGMA_PACK } from '../../../server/src/symbols/layoutAttributes';
import type { CType, MemberDeclaration, RecordDeclaration } from '../../../server/src/symbols/types';
import type { Parser } from '../../../server/src/syntax/parser';
import { scopeOf } from '../../differential/layoutsGccSupport';
import { newParser } from '../syntax/support';

const TYPES = 'typedef unsigned char u8; typedef unsigned int u32; typedef unsigned long long u64;';

describe('record layout', () => {
  let parser: Parser;
  before(async () => {
    parser = await newParser();
  });

  const layout = (text: string, name: string, architecture = 'x86') => {
    const scope = scopeOf(`${TYPES}\n${text}`, parser, architecture);
    const record = scope.record('struct', name);
    assert.ok(record);
    const { size, align, members } = scope.layout(record);
    return { size, align, offsets: Object.fromEntries([...members].map(([member, found]) => [member, found.offset])) };
  };

  it('leaves unknown what depends on an unknown type, and nothing else', () => {
    assert.deepEqual(layout('struct a { u8 x; u32 y; unknown_t z; u8 w; };', 'a'), {
      size: null,
      align: null,
      offsets: { x: 0, y: 4, z: null, w: null },
    });
    assert.deepEqual(layout('struct a { u8 x; struct missing *p; u8 y[UNKNOWN]; u8 z; };', 'a'), {
      size: null,
      align: 8,
      offsets: { x: 0, p: 8, y: 16, z: null },
    });
    assert.deepEqual(layout('struct a { u8 x; u32 y:UNKNOWN; u8 z; };', 'a').offsets, { x: 0, y: null, z: null });
  });

  it('knows no sizes on an architecture that it does not know', () => {
    assert.deepEqual(layout('struct a { u8 x; u32 y; };', 'a', 'nios2'), { size: null, align: null, offsets: { x: null, y: null } });
  });

  it('counts the alignment of unnamed bit-fields on arm64 only', () => {
    const record: RecordDeclaration = {
      tag: 'struct',
      name: 'a',
      tagged: true,
      attributes: [],
      place: { file: 'a.c', offset: 0 },
      origin: 'driver',
      members: [],
    };
    const member = (name: string, type: string, bits: number | null): MemberDeclaration => ({
      name,
      type: { kind: 'basic', name: type },
      bits,
      attributes: [],
      offset: 0,
    });
    record.members.push(member('x', 'char', null), member('', 'int', 0), member('y', 'char', null));
    assert.equal(scopeOf('', parser, 'x86').layout(record).size, 5);
    assert.equal(scopeOf('', parser, 'arm64').layout(record).size, 8);
    assert.equal(scopeOf('', parser, 'arm64').layout(record).members.get('y')?.offset, 4);
  });

  it('obeys #pragma pack as the header reader hands it on', () => {
    const scope = scopeOf(`${TYPES} struct a { u8 x; u64 y; u32 z:3; u32 w:30; };`, parser);
    const record = scope.record('struct', 'a') as RecordDeclaration;
    const packed = { ...record, attributes: [{ name: PRAGMA_PACK, arguments: '2' }] };
    assert.equal(scope.layout(packed).size, 16);
    assert.equal(scope.layout(packed).align, 2);
    assert.equal(scope.layout(packed).members.get('y')?.offset, 2);
    assert.deepEqual(scope.layout(packed).members.get('w'), { offset: 10, bit: 3, bits: 30, size: 5 });
  });

  it("evaluates bounds, widths and alignments with the module's own constants", () => {
    const text = 'enum { COUNT = 3, MORE }; struct a { u8 x[COUNT * 2]; u32 y:MORE; u8 z __attribute__((aligned(sizeof(u64)))); };';
    assert.deepEqual(layout(text, 'a'), { size: 16, align: 8, offsets: { x: 0, y: 6, z: 8 } });
  });

  it('does not hang on records that contain themselves', () => {
    assert.equal(layout('struct a { struct b x; }; struct b { struct a y; };', 'a').size, null);
    assert.equal(
      layout('typedef loop_t loop_t; typedef one_t two_t; typedef two_t one_t; struct a { loop_t x; one_t y; };', 'a').size,
      null,
    );
    assert.equal(layout('struct a { u8 x[sizeof(struct a)]; };', 'a').size, null);
    const self: RecordDeclaration = {
      tag: 'struct',
      name: '',
      tagged: false,
      attributes: [],
      place: { file: 'a.c', offset: 0 },
      origin: 'driver',
      members: [],
    };
    const type: CType = { kind: 'record', tag: 'struct', name: '', inline: self };
    self.members.push({ name: '', type, bits: null, attributes: [], offset: 0 });
    const scope = scopeOf('', parser);
    assert.equal(scope.layout(self).size, null);
    assert.equal(scope.member(self, 'x'), undefined);
  });
});

/** What a call may leave behind in the members that it writes, and which member of a union is followed. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { isolateModules } from '../../../server/src/engine';
import type { PlannedField, PlannedObject } from '../../../server/src/report/isolation/model';
import { enumLimit } from '../../../server/src/report/isolation/values';
import { repositoryRoot } from '../../support/repository';

const driver = join(repositoryRoot, 'test/fixtures/isolate/values/values.c');
const options = { kernel: join(repositoryRoot, 'test/fixtures/minikernel'), workingDirectory: repositoryRoot };

describe('codegen: values that a call may leave', () => {
  let objects: PlannedObject[];
  let mode: PlannedObject[];
  let native: string;
  const priv = (of: PlannedObject[] = objects): PlannedObject => of.find((o) => o.type === 'struct values')!;
  const field = (text: string, of?: PlannedObject[]): PlannedField => priv(of).fields.find((f) => f.text === text)!;
  /** The text of one function of the generated C. */
  const made = (name: string): string => new RegExp(`^[^\\n]*\\b${name}\\(.*?\\n\\{\\n(.*?)^\\}`, 'ms').exec(native)?.[1] ?? '';

  before(async () => {
    const answer = await isolateModules(driver, null, options);
    assert.deepEqual(answer.problems, []);
    const [wol, rx] = ['values_set_wol', 'values_set_rx_mode'].map((n) => answer.modules[0].plan.entries.find((e) => e.name === n)!);
    objects = wol.objects;
    mode = rx.objects;
    native = answer.modules[0].files.find((f) => f.path === 'native/values.c')!.text;
  });

  it('are those of an enumeration that counts, and every bit of one that may hold sets', () => {
    assert.deepEqual(field('speed').limit, { least: 0, most: 3 });
    assert.deepEqual(field('error').limit, { least: -2, most: 0 });
    assert.deepEqual(field('wake').limit, { least: 0, most: 7 });
    assert.match(
      native,
      /FGFT_MEMBER\(struct values, error\), \.flags = FGFT_\w+( \| FGFT_WRITE)? \| FGFT_SIGNED, \.limit = &fgft_limit_minus_2_0 }/,
    );
    assert.match(native, /fgft_limit_minus_2_0 __maybe_unused = { \.least = -2, \.most = 0 };/);
  });

  it('are not limited where the driver itself goes beyond', () => {
    assert.equal(field('odd').limit, null);
  });

  it('are no more elements than an array has, or than its memory holds at run time', () => {
    assert.deepEqual(field('used').limit, { least: 0, most: 12 });
    assert.deepEqual(priv().counts, [{ count: [{ member: 'pattern_length' }], pointer: [{ member: 'pattern' }] }]);
    assert.match(
      made('fgft_values_set_wol_check_\\d+'),
      /fgft_holds\(core, before->pattern, now->pattern_length, sizeof\(\*before->pattern\)\)/,
    );
    assert.match(native, /\.check = fgft_values_set_wol_check_\d+,/);
  });

  it('are not NULL where the kernel follows a pointer without a test', () => {
    assert.equal(field('queue.next').neverNull, true);
    assert.match(native, /FGFT_MEMBER\(struct values, queue\.next\), \.flags = [^,]*FGFT_NON_NULL/);
    assert.equal(field('speed').neverNull, false);
  });

  it('of a variable go into its bit-fields through the record around them', () => {
    assert.match(
      native,
      /fgft_allow\(arguments\.call, &values_switches, sizeof\(values_switches\), FGFT_READ \| FGFT_WRITE \| FGFT_LOGGED\);/,
    );
    assert.doesNotMatch(native, /sizeof\(values_switches\.narrow/);
  });

  it('of a union are one field, whose pointer is followed when its tag says so', () => {
    const told = field('told.buffer');
    assert.deepEqual(
      told.alternatives?.map((a) => [a.text, a.pointer, a.when?.text ?? null]),
      [
        ['told.buffer', true, 'kind == VALUES_BUFFER'],
        ['told.cookie', false, null],
      ],
    );
    assert.ok(told.written && told.pointer);
    assert.equal(priv().fields.filter((f) => f.text.startsWith('told')).length, 1);
    const follow = made('fgft_values_set_wol_follow_\\d+_told_buffer');
    assert.match(follow, /if \(now->kind == VALUES_BUFFER\) {\n\t\tcopy = fgft_values_set_wol_share_\d+\(call, original\);/);
  });

  it('of a union without a tag are followed as plain memory, whatever type each member would give it', () => {
    const untold = field('buffer', mode);
    assert.deepEqual(untold.alternatives?.map((a) => a.text).sort(), ['buffer', 'cookie', 'other']);
    assert.match(
      native,
      /FGFT_MEMBER\(struct values, buffer\), \.flags = FGFT_READ \| FGFT_WRITE \| FGFT_POINTER, \.follow = fgft_follow_object }/,
    );
  });
});

describe('codegen: limits of enumerations', () => {
  const limit = (constants: [string, number, string?][]): unknown =>
    enumLimit(
      {
        name: 'e',
        constants: constants.map(([name, value, text]) => ({ name, value, text })),
        place: { file: 'a.c', offset: 0 },
      },
      constants.map(([, value]) => value),
    );

  it('take 1 and 2 for bits, and what does not count for a set', () => {
    assert.deepEqual(
      limit([
        ['A', 1],
        ['B', 2],
      ]),
      { least: 0, most: 3 },
    );
    assert.deepEqual(
      limit([
        ['A', 0],
        ['B', 1],
        ['C', 2],
        ['D', 3],
        ['E', 4],
      ]),
      { least: 0, most: 4 },
    );
    assert.deepEqual(
      limit([
        ['A', 1, 'BIT(0)'],
        ['B', 2, 'BIT(1)'],
        ['C', 3, 'A | B'],
        ['D', 4, 'BIT(2)'],
      ]),
      { least: 0, most: 7 },
    );
    assert.deepEqual(
      limit([
        ['A', 0],
        ['B', 9],
      ]),
      { least: 0, most: 15 },
    );
  });

  it('are none when a value is not known', () => {
    assert.equal(
      enumLimit({ name: 'e', constants: [{ name: 'A', value: null, text: 'X' }], place: { file: 'a.c', offset: 0 } }, [null]),
      null,
    );
    assert.equal(limit([]), null);
  });
});

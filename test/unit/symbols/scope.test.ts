/** What names mean to a module: its files against each other, the kernel's headers behind them, members, types and constants. */
import assert from 'node:assert/strict';
import { declarationsOf } from '../../../server/src/symbols/declarations';
import { indexHeaders } from '../../../server/src/symbols/headerIndex';
import { createHeaderReader } from '../../../server/src/symbols/headerReader';
import { createScope, type DriverFile, type KernelSymbols, type ModuleScope } from '../../../server/src/symbols/scope';
import { mask } from '../../../server/src/syntax/mask';
import type { Parser } from '../../../server/src/syntax/parser';
import type { MacroDefinition } from '../../../server/src/syntax/preprocessed';
import { parseConfiguration } from '../../../server/src/text/configuration';
import { MemoryFileSystem } from '../../../server/src/text/fileSystem';
import { newParser, shippedDialect } from '../syntax/support';

const KERNEL: Record<string, string> = {
  '/k/include/linux/types.h': `#ifndef _LINUX_TYPES_H
#define _LINUX_TYPES_H
typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;
#ifdef CONFIG_WIDE
typedef u64 wide_t;
#else
typedef u32 wide_t;
#endif
typedef __signed__ int s32;
#define DECLARE_BITMAP(name, bits) unsigned long name[BITS_TO_LONGS(bits)]
#define BITS_TO_LONGS(n) (((n) + 63) / 64)
struct callback_head { struct callback_head *next; void (*func)(struct callback_head *head); } __attribute__((aligned(sizeof(void *))));
#define rcu_head callback_head
#define SMP_CACHE_BYTES 64
#define ____cacheline_aligned __attribute__((__aligned__(SMP_CACHE_BYTES)))
#endif
`,
  '/k/include/linux/stddef.h': `#define __struct_group(TAG, NAME, ATTRS, MEMBERS...) union { struct { MEMBERS } ATTRS; struct TAG { MEMBERS } ATTRS NAME; }
#define struct_group(NAME, MEMBERS...) __struct_group(, NAME, , MEMBERS)
#define struct_group_tagged(TAG, NAME, MEMBERS...) __struct_group(TAG, NAME, , MEMBERS)
`,
  '/k/include/linux/device.h': `#include <linux/types.h>
#define DEVICE_NAME 16
enum device_kind { KIND_NONE, KIND_ONE = 1 << 4, KIND_TWO, KIND_LAST = KIND_TWO + DEVICE_EXTRA };
#define DEVICE_EXTRA 3
struct device {
	u8 name[DEVICE_NAME];	/* a name */
	wide_t wide;
#ifdef CONFIG_MISSING
	u64 hidden;
#endif
#if IS_ENABLED(CONFIG_MODULAR) && DEVICE_NAME >= 16
	u32 modular;
#endif
	DECLARE_BITMAP(flags, KIND_LAST);
	struct_group(pair, u8 first; u8 second;);
	struct_group_tagged(device_tail, tail, u32 third; u32 fourth;);
	unsigned short :3;
	unsigned short bits:5;
	struct rcu_head rcu;
	enum device_kind kind ____cacheline_aligned;
};
#define dev_alias tail.third
extern struct device *first_device;
extern int device_open(struct device *dev, u32 flags);
static inline u8 device_flag(const struct device *dev) { return dev->name[0]; }
#define device_open device_open
`,
  '/k/include/linux/lock_up.h': 'typedef struct { } raw_t;\n',
  '/k/include/linux/lock_smp.h': 'typedef struct { u32 value; } raw_t;\n',
  '/k/include/linux/lock.h':
    '#ifdef CONFIG_SMP\n#include <linux/lock_smp.h>\n#else\n#include <linux/lock_up.h>\n#endif\n#define LOCKNAME(n) typedef struct lock_##n { raw_t raw;; } lock_##n##_t; static inline int f_##n(void) { return 1; }\nLOCKNAME(small)\nLOCKNAME(large)\n\n#define END\n',
  '/k/include/crypto/body.h':
    '#define ALG_COMMON { u32 size; u8 kind; }\nstruct alg_common ALG_COMMON;\nstruct alg { u32 first; union { struct ALG_COMMON; struct alg_common co; }; };\n',
  '/k/include/linux/packed.h':
    '#pragma pack(push, 1)\nstruct on_wire { u8 a; u32 b; };\n#pragma pack(pop)\nstruct in_memory { u8 a; u32 b; };\n',
  '/k/include/linux/broken.h': 'struct broken { int a; int (b; };\nstruct unfinished { int a;\n',
};

describe('scope', () => {
  let parser: Parser;
  before(async () => {
    parser = await newParser();
  });

  function kernel(configuration = 'CONFIG_SMP=y\nCONFIG_MODULAR=m\n'): KernelSymbols {
    const files = new Map(Object.entries(KERNEL));
    return createHeaderReader({
      fileSystem: new MemoryFileSystem(files),
      index: indexHeaders([...files].map(([path, text]) => ({ path, text }))),
      architecture: 'x86',
      configuration: parseConfiguration(configuration),
      dialect: shippedDialect(),
      parser,
    });
  }

  function driverFile(path: string, text: string, macros: Record<string, string> = {}): DriverFile {
    const masked = mask(text, shippedDialect());
    const tree = parser.parse(masked.text);
    const items = parser.flatten(tree);
    tree.delete();
    const definitions = Object.entries(macros).map(([name, body]): MacroDefinition => ({
      name,
      parameters: null,
      variadic: false,
      body,
      file: path,
      offset: 0,
    }));
    return {
      path,
      declarations: items.map((item) => declarationsOf(item, masked.text, text, masked.marks, path, 'driver')),
      macros: definitions,
    };
  }

  const moduleScope = (files: DriverFile[], symbols?: KernelSymbols): ModuleScope =>
    createScope({ driver: files, kernel: symbols, architecture: 'x86' });

  it('keeps static names of different files apart', () => {
    const scope = moduleScope([
      driverFile('/a.c', 'static int helper(int a) { return a; }\nint shared(void) { return 0; }\nstatic int state = 1;', { SIZE: '1' }),
      driverFile('/b.c', 'static char helper(void) { return 0; }\nint shared(void);\nstatic char state = 2;', { SIZE: '2' }),
    ]);
    assert.deepEqual(scope.forFile('/a.c').function('helper')?.returns, { kind: 'basic', name: 'int' });
    assert.deepEqual(scope.forFile('/b.c').function('helper')?.returns, { kind: 'basic', name: 'char' });
    assert.equal(scope.forFile('/b.c').function('shared')?.place.file, '/a.c');
    assert.equal(scope.forFile('/b.c').variable('state')?.place.file, '/b.c');
    assert.equal(scope.forFile('/a.c').evaluate('SIZE'), 1);
    assert.equal(scope.forFile('/b.c').evaluate('SIZE'), 2);
    assert.equal(scope.forFile('/elsewhere.c').function('shared')?.defined, true);
  });

  it("prefers the driver to the kernel, but lays kernel records out with the kernel's names", () => {
    const scope = moduleScope([driverFile('/a.c', 'struct device { int own; };\ntypedef char u32;', { DEVICE_NAME: '1' })], kernel());
    assert.equal(scope.record('struct', 'device')?.origin, 'driver');
    assert.equal(scope.sizeof({ kind: 'named', name: 'u32' }), 1);
    const tail = scope.record('struct', 'device_tail');
    assert.ok(tail && scope.isKernelRecord(tail));
    assert.equal(scope.layout(tail).size, 8);
  });

  it('reads a kernel record under the configuration', () => {
    const scope = moduleScope([], kernel());
    const record = scope.record('struct', 'device');
    assert.ok(record);
    assert.equal(record.place.file, '/k/include/linux/device.h');
    const { members } = scope.layout(record);
    const offsets = Object.fromEntries([...members].map(([name, found]) => [name, found.offset]));
    assert.deepEqual(offsets, {
      name: 0,
      wide: 16,
      modular: 20,
      flags: 24,
      first: 32,
      second: 33,
      pair: 32,
      third: 36,
      fourth: 40,
      tail: 36,
      bits: 44,
      rcu: 48,
      kind: 64,
    });
    assert.equal(members.get('bits')?.bit, 3);
    assert.equal(scope.layout(record).size, 128);
    const wide = moduleScope([], kernel('CONFIG_WIDE=y\nCONFIG_MISSING=y\n'));
    const other = wide.record('struct', 'device');
    assert.ok(other);
    assert.equal(wide.layout(other).members.get('wide')?.size, 8);
    assert.equal(wide.layout(other).members.get('hidden')?.offset, 24);
    assert.equal(wide.layout(other).members.has('modular'), false);
  });

  it('finds members through anonymous ones and aliases', () => {
    const scope = moduleScope(
      [driverFile('/a.c', 'struct a { int x; union { struct { int y; } ; int z; }; struct { int w; } in; };')],
      kernel(),
    );
    const record = scope.record('struct', 'a');
    assert.ok(record);
    assert.equal(scope.member(record, 'y')?.record, record);
    assert.equal(scope.member(record, 'w'), undefined);
    const inner = scope.recordOf(scope.member(record, 'in')?.member.type ?? { kind: 'unknown' });
    assert.equal(inner?.name, 'in');
    assert.deepEqual(scope.memberAlias('dev_alias'), ['tail', 'third']);
    assert.deepEqual(scope.memberAlias('rcu_head'), ['callback_head']);
    assert.equal(scope.record('struct', 'rcu_head')?.name, 'callback_head');
  });

  it('follows typedefs, typeof and pointers', () => {
    const scope = moduleScope(
      [driverFile('/a.c', 'typedef struct device my_t; typedef my_t *my_p; my_t global; struct a { my_p p[3]; };')],
      kernel(),
    );
    assert.equal(scope.recordOf({ kind: 'named', name: 'my_t' })?.name, 'device');
    assert.equal(scope.resolve({ kind: 'named', name: 'my_p' }).kind, 'pointer');
    for (const text of ['global', '*(my_p)0', '((struct a *)0)->p[1][0]', 'first_device[2]', '(*first_device)'])
      assert.equal(scope.recordOf({ kind: 'typeof', text })?.name, 'device', text);
    assert.equal(scope.sizeof({ kind: 'typeof', text: 'typeof(global.kind)' }), 4);
    assert.equal(scope.resolve({ kind: 'typeof', text: 'nothing->x' }).kind, 'unknown');
    assert.equal(scope.parseType('struct device *').kind, 'pointer');
    assert.equal(scope.parseType('no_such_type').kind, 'unknown');
    assert.equal(scope.parseType('u32').kind, 'named');
  });

  it('evaluates with macros, enums, sizes and offsets of both sides', () => {
    const scope = moduleScope([driverFile('/a.c', 'enum { OWN = KIND_TWO, NEXT };', { LENGTH: '(DEVICE_NAME + OWN)' })], kernel());
    const values: Record<string, number | null> = {
      LENGTH: 33,
      NEXT: 18,
      KIND_LAST: 20,
      'sizeof(struct device)': 128,
      'sizeof(u64[DEVICE_NAME])': 128,
      'sizeof(((struct device *)0)->name)': 16,
      'offsetof(struct device, tail.fourth)': 40,
      'offsetof(struct device, name[3])': 3,
      'IS_ENABLED(CONFIG_MODULAR)': 1,
      'BITS_TO_LONGS(65)': 2,
      NOTHING: null,
      'sizeof(struct nothing)': null,
    };
    for (const [text, value] of Object.entries(values)) assert.equal(scope.evaluate(text), value, text);
    assert.equal(scope.enumConstant('KIND_ONE'), 16);
    assert.equal(scope.enumConstant('NOTHING'), undefined);
  });

  it('finds functions, variables and macros of the kernel', () => {
    const scope = moduleScope([], kernel());
    assert.deepEqual(
      scope.function('device_open')?.parameters.map((p) => p.name),
      ['dev', 'flags'],
    );
    assert.equal(scope.function('device_flag')?.inline, true);
    assert.equal(scope.variable('first_device')?.type.kind, 'pointer');
    assert.equal(scope.macro('DEVICE_NAME')?.origin, 'kernel');
    assert.equal(scope.macro('device_open'), undefined);
    assert.equal(scope.function('nothing'), undefined);
  });

  it('chooses the header that the configuration includes, and names that macros paste together', () => {
    const size = (symbols: KernelSymbols): number | null => moduleScope([], symbols).sizeof({ kind: 'named', name: 'lock_large_t' });
    assert.equal(size(kernel()), 4);
    assert.equal(size(kernel('')), 0);
  });

  it('takes a macro for the body of a record', () => {
    const scope = moduleScope([], kernel());
    assert.equal(scope.sizeof({ kind: 'record', tag: 'struct', name: 'alg_common' }), 8);
    assert.equal(scope.sizeof({ kind: 'record', tag: 'struct', name: 'alg' }), 12);
    const alg = scope.record('struct', 'alg')!;
    assert.deepEqual(
      ['size', 'kind', 'co'].map((member) => scope.member(alg, member) !== undefined),
      [true, true, true],
    );
  });

  it('obeys #pragma pack', () => {
    const scope = moduleScope([], kernel());
    assert.equal(scope.sizeof({ kind: 'record', tag: 'struct', name: 'on_wire' }), 5);
    assert.equal(scope.sizeof({ kind: 'record', tag: 'struct', name: 'in_memory' }), 8);
  });

  it('knows nothing rather than half of a record', () => {
    const scope = moduleScope([], kernel());
    assert.equal(scope.record('struct', 'broken'), undefined);
    assert.equal(scope.record('struct', 'unfinished'), undefined);
    assert.equal(parser.liveTrees, 0);
  });

  it('works without a kernel', () => {
    const scope = moduleScope([driverFile('/a.c', 'struct a { int x; u32 y; struct device *d; };')]);
    const record = scope.record('struct', 'a');
    assert.ok(record);
    assert.equal(scope.layout(record).members.get('x')?.offset, 0);
    assert.equal(scope.layout(record).size, null);
    assert.equal(scope.evaluate('IS_ENABLED(CONFIG_X)'), 0);
  });
});

/** Random C records for the round-trip test: their declarations, field tables, and functions that touch each member. */

interface Member {
  readonly name: string;
  readonly declaration: string;
  /** C expressions with `r` for the record: reads the member as a number, writes `v` to it. */
  readonly get: string;
  readonly set: string;
  /** Initialiser of its field for the given flags. */
  readonly field: (flags: string) => string;
}

/** Numbers from 0 up to below a bound, the same ones for the same seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0 || 1;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const SCALARS = ['u8', 'u16', 'u32', 'u64', 'signed char', 'short', 'int', 'long'];

function scalar(record: string, name: string, type: string): Member {
  return {
    name,
    declaration: `${type} ${name};`,
    get: `(u64)r->${name}`,
    set: `r->${name} = (${type})v`,
    field: (flags) => `FGFT_FIELD(struct ${record}, ${name}, ${flags})`,
  };
}

function array(record: string, name: string, type: string, length: number, byElement: boolean): Member {
  const element = byElement ? `sizeof(${type})` : '0';
  return {
    name,
    declaration: `${type} ${name}[${length}];`,
    get: `(u64)r->${name}[${length - 1}]`,
    set: `r->${name}[v % ${length}] = (${type})v`,
    field: (flags) => `FGFT_FIELD_AT(0, struct ${record}, ${name}, ${flags}, ${element}, NULL)`,
  };
}

function nested(record: string, name: string, packed: boolean): Member {
  return {
    name,
    declaration: `struct { u8 first; u64 second; u16 third; } ${packed ? '__attribute__((packed)) ' : ''}${name};`,
    get: `(u64)r->${name}.second`,
    set: `r->${name}.second = v`,
    field: (flags) => `FGFT_FIELD(struct ${record}, ${name}.second, ${flags})`,
  };
}

function union(record: string, name: string): Member {
  return {
    name,
    declaration: `union { u16 small; u32 large; u8 bytes[6]; } ${name};`,
    get: `(u64)r->${name}.large`,
    set: `r->${name}.large = (u32)v`,
    field: (flags) => `FGFT_FIELD(struct ${record}, ${name}, ${flags})`,
  };
}

/** Bit-fields that fill a word: the word before the marker is their storage. */
function bits(record: string, name: string): Member {
  return {
    name,
    declaration: `u32 : 0; u32 ${name}_a : 3, ${name}_b : 20, ${name}_c : 9; u32 ${name};`,
    get: `(u64)r->${name}_b`,
    set: `r->${name}_b = v & 0xfffff`,
    field: (flags) => `FGFT_SPAN(offsetof(struct ${record}, ${name}) - 4, 4, ${flags} | FGFT_BITS, "${name}")`,
  };
}

function member(pick: (below: number) => number, record: string, name: string): Member {
  const type = SCALARS[pick(SCALARS.length)];
  switch (pick(8)) {
    case 0:
      return array(record, name, ['u8', 'u16', 'u64'][pick(3)], 1 + pick(40), pick(2) === 0);
    case 1:
      return nested(record, name, pick(2) === 0);
    case 2:
      return union(record, name);
    case 3:
      return bits(record, name);
    default:
      return scalar(record, name, type);
  }
}

function layout(pick: (below: number) => number, record: string): string {
  const members = Array.from({ length: 1 + pick(24) }, (_, i) => member(pick, record, `m${i}`));
  const attribute = ['', ' __attribute__((packed))', ' __attribute__((aligned(32)))'][pick(3)];
  const lines = [`struct ${record} {`, ...members.map((one) => `\t${one.declaration}`), `}${attribute};`, ''];
  const flags = members.map(() => ['', 'FGFT_READ', 'FGFT_WRITE', 'FGFT_READ | FGFT_WRITE'][pick(4)]);
  // A record without any field is no record that anybody shares.
  if (!flags.some(Boolean)) flags[0] = 'FGFT_READ';
  const names = members.map((one) => `${record}_${one.name}`);
  members.forEach((one, i) => {
    lines.push(`static u64 ${names[i]}_get(const void *p) { const struct ${record} *r = p; return ${one.get}; }`);
    lines.push(`static void ${names[i]}_set(void *p, u64 v) { struct ${record} *r = p; ${one.set}; }`);
  });
  lines.push(`static const struct member ${record}_members[] = {`);
  names.forEach((name, i) => {
    lines.push(`\t{ ${name}_get, ${name}_set, ${Number(flags[i] !== '')}, ${Number(flags[i].includes('WRITE'))} },`);
  });
  lines.push('};', `static const struct fgft_field ${record}_fields[] = {`);
  members.forEach((one, i) => {
    if (flags[i]) lines.push(`\t${one.field(flags[i])},`);
  });
  lines.push('};', `static const struct fgft_shape ${record}_shape =`);
  lines.push(`\tFGFT_SHAPE("struct ${record}", sizeof(struct ${record}), ${record}_fields);`, '');
  return lines.join('\n');
}

/** The text of layouts.h: `count` records, the same ones for the same seed. */
export function randomLayouts(seed: number, count: number): string {
  const pick = numbers(seed);
  const records = Array.from({ length: count }, (_, i) => `record${i}`);
  return [
    'struct member {',
    '\tu64 (*get)(const void *record);',
    '\tvoid (*set)(void *record, u64 value);',
    '\tbool travels_in, travels_out;',
    '};',
    'struct layout {',
    '\tconst struct fgft_shape *shape;',
    '\tconst struct member *members;',
    '\tu32 member_count;',
    '};',
    '',
    ...records.map((record) => layout(pick, record)),
    'static const struct layout layouts[] = {',
    ...records.map((record) => `\t{ &${record}_shape, ${record}_members, ARRAY_SIZE(${record}_members) },`),
    '};',
    '',
  ].join('\n');
}

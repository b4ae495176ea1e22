/** Layouts as gcc makes them: a program that prints sizes, offsets and bit positions of records, and the same records in our scope. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { declarationsOf } from '../../server/src/symbols/declarations';
import { createScope, type ModuleScope } from '../../server/src/symbols/scope';
import { mask } from '../../server/src/syntax/mask';
import type { Parser } from '../../server/src/syntax/parser';
import { shippedDialect } from '../unit/syntax/support';

export interface PrintedMember {
  name: string;
  isBitField: boolean;
}

/** A record to compare: its tag and the members (also those of anonymous members) to ask for. */
export interface PrintedRecord {
  tag: 'struct' | 'union';
  name: string;
  members: PrintedMember[];
}

export function hasGcc(): boolean {
  try {
    execFileSync('gcc', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Compiles and runs a program that prints the records; keys are `record` and `record.member`. */
export function gccLayouts(declarations: string, records: readonly PrintedRecord[]): Map<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'fgft-layout-'));
  try {
    writeFileSync(join(folder, 'a.c'), program(declarations, records));
    execFileSync('gcc', ['-w', '-Wno-packed-bitfield-compat', '-O0', '-o', join(folder, 'a'), join(folder, 'a.c')]);
    const lines = execFileSync(join(folder, 'a'), { encoding: 'utf8', maxBuffer: 1 << 26 })
      .trim()
      .split('\n');
    return new Map(lines.map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function program(declarations: string, records: readonly PrintedRecord[]): string {
  const body = records.map(({ tag, name, members }) => {
    const type = `${tag} ${name}`;
    const lines = members.map((m) =>
      m.isBitField
        ? `memset(&x, 0, sizeof x); x.${m.name} = -1; bits("${name}.${m.name}", &x, sizeof x);`
        : `printf("${name}.${m.name} %zu size %zu\\n", offsetof(${type}, ${m.name}), sizeof x.${m.name});`,
    );
    return `{ static ${type} x; printf("${name} %zu align %zu\\n", sizeof x, _Alignof(${type})); ${lines.join(' ')} }`;
  });
  return `#include <stddef.h>
#include <stdio.h>
#include <string.h>
${declarations}
static void bits(const char *name, const void *p, size_t size) {
  const unsigned char *b = p; size_t first = 0, count = 0;
  for (size_t i = 0; i < size * 8; i++) if (b[i / 8] >> (i % 8) & 1) { if (!count) first = i; count++; }
  printf("%s %zu bit %zu bits %zu\\n", name, first / 8, first % 8, count);
}
int main(void) {
${body.join('\n')}
return 0; }
`;
}

/** A scope over plain declarations, without preprocessing and without a kernel. */
export function scopeOf(declarations: string, parser: Parser, architecture = 'x86'): ModuleScope {
  const masked = mask(declarations, shippedDialect());
  const tree = parser.parse(masked.text);
  const items = parser.flatten(tree);
  tree.delete();
  const broken = items.find((item) => item.hasError);
  if (broken) throw new Error(`does not parse: ${declarations.slice(broken.start, broken.end)}`);
  const list = items.map((item) => declarationsOf(item, masked.text, declarations, masked.marks, 'a.c', 'driver'));
  return createScope({ driver: [{ path: 'a.c', declarations: list, macros: [] }], architecture });
}

/** Our layouts in the words of `gccLayouts`. */
export function ourLayouts(scope: ModuleScope, records: readonly PrintedRecord[]): Map<string, string> {
  const lines = new Map<string, string>();
  for (const { tag, name, members } of records) {
    const record = scope.record(tag, name);
    if (!record) {
      lines.set(name, 'not found');
      continue;
    }
    const layout = scope.layout(record);
    lines.set(name, `${layout.size} align ${layout.align}`);
    for (const { name: member, isBitField } of members) {
      const found = layout.members.get(member);
      const text = !found
        ? 'missing'
        : isBitField
          ? `${found.offset} bit ${found.bit} bits ${found.bits}`
          : `${found.offset} size ${found.size}`;
      lines.set(`${name}.${member}`, text);
    }
  }
  return lines;
}

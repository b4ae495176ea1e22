/** What stands behind the last line of a native copy: the stubs of its entry points and what the other objects may use of it. */
import type { EntryPlan, PlannedObject } from '../report/isolation/model';
import { entryStub, foreignPointers, foreignVariables } from './entryStub';
import type { Marshaling } from './marshal';
import type { DeviceRestart } from './restart';
import { dataName, heldName, routeName, sizeName } from './names';
import { limitDefinition, limitName } from './values';
import type { SourceFile } from './source';
import { headOf, sharedData } from './sourceCopies';

export interface TailInput {
  file: SourceFile;
  /** The file and those that it includes as its parts. */
  parts: readonly SourceFile[];
  fileNumber: number;
  entries: readonly EntryPlan[];
  marshalingOf(entry: EntryPlan): Marshaling;
  homeOf(entry: EntryPlan, object: PlannedObject): number;
  /** Parts of entry points of other files, over types that this file declares. */
  foreignMarshaling: readonly string[];
  /** Those of all files. */
  everyEntry: readonly EntryPlan[];
  /** Names of functions of this file that the table of routes lists. */
  routed: readonly string[];
  fileNumbers: ReadonlyMap<string, number>;
  /** Static variables of this file that entry points of other files use. */
  sized: readonly string[];
  /** Pointers among this file's variables that entry points of other files follow, as C writes them. */
  held: readonly string[];
  /** Generated code that stands before the stubs: it sets the device up anew. */
  before: string;
  restartOf(entry: EntryPlan): DeviceRestart | null;
}

function limits(input: TailInput): string[] {
  const found = new Map<string, string>();
  for (const entry of input.everyEntry)
    for (const object of entry.objects.filter((o) => input.homeOf(entry, o) === input.fileNumber))
      for (const { limit } of object.isRecord ? object.fields : []) if (limit) found.set(limitName(limit), limitDefinition(limit));
  return found.size > 0 ? [...found.values(), ''] : [];
}

export function nativeTail(input: TailInput): string {
  const { file, fileNumber, entries, routed } = input;
  const heads = new Map(input.parts.flatMap((part) => part.functions.map((f): [string, string] => [f.name, headOf(part, f)])));
  const foreign = new Map(entries.flatMap((e) => foreignVariables(e, input.fileNumbers)).map((v) => [sizeName(v.number, v.name), v]));
  return [
    '',
    `/* ---- isolated entry points of ${file.display} ---- */`,
    '#include "fgft_generated.h"',
    '',
    ...limits(input),
    ...[...foreign.values()].flatMap((v) => [
      ...(v.isStatic ? [`extern char ${dataName(v.number, v.name)}[];`] : []),
      `extern const unsigned int ${sizeName(v.number, v.name)};`,
    ]),
    ...new Set(entries.flatMap((e) => foreignPointers(e, input.fileNumbers)).map((p) => `void *${heldName(p.number, p.text)}(void);`)),
    ...(input.before ? [input.before] : []),
    ...input.foreignMarshaling,
    ...entries.map((plan) =>
      entryStub({
        plan,
        marshaling: input.marshalingOf(plan),
        homeOf: (o) => input.homeOf(plan, o),
        fileNumber,
        head: heads.get(plan.name) ?? '',
        fileNumbers: input.fileNumbers,
        restart: input.restartOf(plan),
      }),
    ),
    "/* The driver's variables, for isolated code: it has none of its own. */",
    ...sharedData(file, fileNumber),
    ...input.sized.flatMap((name) => [
      `extern const unsigned int ${sizeName(fileNumber, name)};`,
      `const unsigned int ${sizeName(fileNumber, name)} = sizeof(${name});`,
    ]),
    ...input.held.flatMap((text) => [
      `void *${heldName(fileNumber, text)}(void);`,
      `void *${heldName(fileNumber, text)}(void)`,
      '{',
      `\treturn (void *)${text};`,
      '}',
    ]),
    '',
    '/* Functions that isolated code may reach through pointers. */',
    ...routed.map((name) => `extern __typeof__(${name}) ${routeName(fileNumber, name)} __attribute__((alias("${name}")));`),
    '',
  ].join('\n');
}

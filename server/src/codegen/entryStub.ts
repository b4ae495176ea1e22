/** C of one entry point: what its fields are, the stub that takes its name, and its row in the table of entry points. */
import type { EntryPlan, PlannedGlobal, PlannedObject } from '../report/isolation/model';
import { type Marshaling, shareParameters } from './marshal';
import { membersText } from './memberText';
import type { DeviceRestart } from './restart';
import { dataName, entrySymbol, heldName, isolatedName, nativeName, sizeName, suspectName } from './names';

export interface StubInput {
  marshaling: Marshaling;
  homeOf(object: PlannedObject): number;
  plan: EntryPlan;
  fileNumber: number;
  /** The definition's head, on one line. */
  head: string;
  /** Numbers of the module's files, by absolute path. */
  fileNumbers: ReadonlyMap<string, number>;
  /** How the device is set up anew when the log of writes does not bring it back; null where it is not. */
  restart: DeviceRestart | null;
}

/** Enough for a list or two beside the planned objects. */
const SPARE_ARENA = 16384;
const SPARE_OBJECTS = 192;
const RANGES = 192;
/** Bytes for a type of unknown length. */
const UNSEEN_TYPE = 4096;
const EFFECTS = 512;

function argumentsStruct(plan: EntryPlan): string[] {
  const type = plan.resultType;
  return [
    `struct fgft_arguments_${plan.name} {`,
    '\tstruct fgft_call *call;',
    ...plan.parameters.map((p) => `\t${p.type ?? 'void *'}${p.type?.endsWith('*') ? '' : ' '}${p.name};`),
    ...(plan.result.kind === 'void' ? [] : [`\t${type}${type?.endsWith('*') ? '' : ' '}result;`]),
    '};',
    '',
  ];
}

/** The native function as `fgft_run_guarded()` calls it, where the kernel takes no error. */
function nativeBody(plan: EntryPlan): string[] {
  if (!plan.thenNative) return [];
  const call = `${nativeName(plan.name)}(${plan.parameters.map((p) => `arguments->${p.name}`).join(', ')})`;
  return [
    `static void fgft_native_body_${plan.name}(void *context)`,
    '{',
    ...(plan.parameters.length > 0 || plan.result.kind !== 'void'
      ? [`\tstruct fgft_arguments_${plan.name} *arguments = context;`, '']
      : []),
    `\t${plan.result.kind === 'void' ? call : `arguments->result = ${call}`};`,
    '}',
    '',
  ];
}

function bodyFunction(plan: EntryPlan, suspect: string): string[] {
  const call = `${suspect}(${plan.parameters.map((p) => `arguments->${p.name}`).join(', ')})`;
  const statement =
    plan.result.kind === 'void'
      ? call
      : plan.result.kind === 'pointer'
        ? `arguments->result = (${plan.resultType ?? 'void *'})fgft_original(arguments->call, ${call})`
        : `arguments->result = ${call}`;
  return [
    `static void fgft_body_${plan.name}(void *context)`,
    '{',
    `\tstruct fgft_arguments_${plan.name} *arguments = context;`,
    '',
    `\t${statement};`,
    '}',
    '',
  ];
}

/** Ranges for the driver's own variables, which the suspect code uses where they are. */
function globalRanges(globals: readonly PlannedGlobal[], input: StubInput): string[] {
  const lines = new Map<string, { address: string; size: string; written: boolean }>();
  for (const g of globals) {
    // Constants lie in memory that the call may always read.
    if (g.constant && !g.written) continue;
    const number = input.fileNumbers.get(g.file);
    const here = number === undefined || number === input.fileNumber;
    const open = g.members.findIndex((m) => 'index' in m && m.index === null);
    const members = open < 0 ? g.members : g.members.slice(0, open);
    const text = members.length > 0 ? `${g.name}${'member' in members[0] ? '.' : ''}${membersText(members)}` : g.name;
    const row = here
      ? { address: `&${text}`, size: `sizeof(${text})`, written: g.written }
      : { address: g.isStatic ? dataName(number, g.name) : `&${g.name}`, size: sizeName(number, g.name), written: g.written };
    const known = lines.get(row.address);
    if (known) known.written ||= row.written;
    else lines.set(row.address, row);
  }
  return [...lines.values()].map(
    ({ address, size, written }) =>
      `\tfgft_allow(arguments.call, ${address}, ${size}, ${written ? 'FGFT_READ | FGFT_WRITE | FGFT_LOGGED' : 'FGFT_READ'});`,
  );
}

/** Variables of other files that the entry point uses: those files' tails say how long they are, and what static ones are called. */
export function foreignVariables(
  plan: EntryPlan,
  fileNumbers: ReadonlyMap<string, number>,
): { number: number; name: string; isStatic: boolean }[] {
  return plan.globals.flatMap((g) => {
    const number = fileNumbers.get(g.file);
    return number !== undefined && number !== fileNumbers.get(plan.file) && !(g.constant && !g.written)
      ? [{ number, name: g.name, isStatic: g.isStatic }]
      : [];
  });
}

/** The objects that variables point to, each with the variable's text and the number of the file that declares it. */
function heldObjects(plan: EntryPlan, fileNumbers: ReadonlyMap<string, number>): { object: PlannedObject; text: string; number: number }[] {
  const own = fileNumbers.get(plan.file) ?? 0;
  return plan.objects.flatMap((object) => {
    if (object.pointer.kind !== 'global' || object.inside !== null) return [];
    const { name, members } = object.pointer;
    if (members.some((m) => 'index' in m && m.index === null)) return [];
    const text = members.length > 0 ? `${name}${'member' in members[0] ? '.' : ''}${membersText(members)}` : name;
    const file = plan.globals.find((g) => g.name === name)?.file;
    return [{ object, text, number: (file === undefined ? undefined : fileNumbers.get(file)) ?? own }];
  });
}

/** Pointers among the variables of other files: only those can read them. */
export function foreignPointers(plan: EntryPlan, fileNumbers: ReadonlyMap<string, number>): { number: number; text: string }[] {
  return heldObjects(plan, fileNumbers).filter((h) => h.number !== (fileNumbers.get(plan.file) ?? 0));
}

function heldByGlobals(plan: EntryPlan, marshaling: Marshaling, fileNumbers: ReadonlyMap<string, number>): string[] {
  return heldObjects(plan, fileNumbers).flatMap(({ object, text, number }) => {
    const value = number === (fileNumbers.get(plan.file) ?? 0) ? text : `${heldName(number, text)}()`;
    return [`\tif (${value})`, `\t\t${marshaling.shareName(object)}(arguments.call, (void *)${value});`];
  });
}

function devices(plan: EntryPlan): string[] {
  return plan.io.flatMap((io) => {
    const rights = [io.read && 'FGFT_IO_READ', io.written && 'FGFT_IO_WRITE'].filter(Boolean).join(' | ') || 'FGFT_IO_READ';
    if (io.pointer.kind === 'parameter') return [`\tfgft_follow_io(arguments.call, ${io.pointer.name}, ${rights});`];
    if (io.pointer.kind !== 'global' || io.pointer.members.length > 0) return [];
    return [`\tfgft_follow_io(arguments.call, ${io.pointer.name}, ${rights});`];
  });
}

/** The head of the function that does the work, so that an entry point that is switched off passes nothing but a branch that is patched out. */
function isolatedHead({ head, plan }: StubInput): string {
  const renamed = head.replace(new RegExp(`\\b${plan.name}\\b(?=\\s*\\()`), isolatedName(plan.name));
  return renamed.replace(/^\s*(?:static\s+)?(?:inline\s+)?/, 'static noinline ');
}

function stub(input: StubInput, marshaling: Marshaling): string[] {
  const { plan } = input;
  const { result } = plan;
  const names = plan.parameters.map((p) => p.name).join(', ');
  const native = `${nativeName(plan.name)}(${names})`;
  const fallback = result.kind === 'void' ? [`${native};`, 'return;'] : [`return ${native};`];
  const error = result.kind === 'void' ? [] : [`return ${result.error};`];
  const given = plan.parameters.map((p) => `${p.name} = ${p.type?.endsWith('*') ? `(${p.type})` : ''}${p.name}`);
  const initial = given.map((g) => `\t\t.${g},`);
  const guarded = [
    '/* the kernel goes on as if it had succeeded */',
    ...given.map((g) => `arguments.${g};`),
    ...(result.kind === 'void' ? [] : [`arguments.result = ${result.error};`]),
    `fgft_run_guarded(&${entrySymbol(plan.name)}, fgft_native_body_${plan.name}, &arguments);`,
    result.kind === 'void' ? 'return;' : 'return arguments.result;',
  ];
  const failed = plan.thenNative ? guarded : [...plan.cleanup, ...error];
  const arguments_ = `struct fgft_arguments_${plan.name} arguments`;
  const isolated = `${isolatedName(plan.name)}(${names})`;
  return [
    isolatedHead(input),
    '{',
    ...(initial.length > 0 ? [`\t${arguments_} = {`, ...initial, '\t};'] : [`\t${arguments_} = { };`]),
    '',
    `\targuments.call = fgft_begin(&${entrySymbol(plan.name)});`,
    ...shareParameters(plan, marshaling),
    ...globalRanges(plan.globals, input),
    ...heldByGlobals(plan, marshaling, input.fileNumbers),
    ...devices(plan),
    `\tswitch (fgft_run(arguments.call, fgft_body_${plan.name}, &arguments)) {`,
    '\tcase FGFT_DONE:',
    result.kind === 'void' ? '\t\treturn;' : '\t\treturn arguments.result;',
    '\tcase FGFT_NATIVE:',
    ...fallback.map((l) => `\t\t${l}`),
    ...(failed.length > 0 ? ['\tdefault:', ...failed.map((l) => `\t\t${l}`)] : ['\tdefault:', '\t\treturn;']),
    '\t}',
    '}',
    '',
    input.head,
    '{',
    `\tif (fgft_isolated(${entrySymbol(plan.name)}, ${plan.predicate ?? 'true'}))`,
    `\t\t${result.kind === 'void' ? isolated : `return ${isolated}`};`,
    ...(result.kind === 'void' ? ['\telse', `\t\t${native};`] : [`\treturn ${native};`]),
    '}',
    '',
  ];
}

function arenaSize({ plan, homeOf, fileNumber }: StubInput): string {
  const parts = plan.objects
    .filter((o) => o.mode === 'copy')
    .map((o) => {
      // A type that this file does not see is as long as the analysis says.
      const one = homeOf(o) === fileNumber ? `sizeof(${o.type})` : String(o.bytes ?? UNSEEN_TYPE);
      return o.extent.kind === 'elements' ? `${o.extent.count} * ${one}` : one;
    });
  return parts.length > 0 ? `2 * (${parts.join(' + ')}) + ${SPARE_ARENA}` : String(SPARE_ARENA);
}

function entryRow(input: StubInput): string[] {
  const { plan, restart } = input;
  return [
    `DEFINE_FGFT_ENTRY(${entrySymbol(plan.name)}, ${plan.name},`,
    `\t.name = "${plan.name}",`,
    `\t.file = "${plan.location.file}",`,
    `\t.line = ${plan.location.line},`,
    '\t.routes = fgft_module_routes,',
    '\t.route_count = FGFT_MODULE_ROUTES,',
    '\t.sizes = {',
    `\t\t.arena = ${arenaSize(input)},`,
    `\t\t.objects = ${plan.objects.length + SPARE_OBJECTS},`,
    `\t\t.ranges = ${RANGES},`,
    `\t\t.effects = ${EFFECTS},`,
    '\t},',
    ...(plan.touchesDevice ? ['\t.registers = fgft_module_registers,', '\t.register_count = FGFT_MODULE_REGISTERS,'] : []),
    ...(restart
      ? [
          `\t.flags = FGFT_RESTORE_NEEDED | FGFT_RESTORE_UNLOCKED${restart.sleeps ? ' | FGFT_RESTORE_SLEEPS' : ''},`,
          ...(restart.saves ? ['\t.checkpoint = fgft_save_device,'] : []),
          '\t.restore = fgft_restart_device,',
        ]
      : []),
    ');',
    '',
  ];
}

/** What an entry point's fields cost, for the comment above its stub. */
function summary(plan: EntryPlan): string {
  const copied = plan.objects.filter((o) => o.mode === 'copy');
  const fields = copied.reduce((sum, o) => sum + o.fields.length, 0);
  const place = plan.objects.length - copied.length;
  const parts = [`${fields} ${fields === 1 ? 'field' : 'fields'} of ${copied.length} ${copied.length === 1 ? 'object' : 'objects'} copied`];
  if (place > 0) parts.push(`${place} used in place`);
  if (plan.io.length > 0) parts.push('device touched');
  return parts.join(', ');
}

/** All C of one entry point, to stand behind the last line of the native copy of its file. */
export function entryStub(input: StubInput): string {
  const { plan, marshaling } = input;
  const suspect = suspectName(input.fileNumber, plan.name);
  return [
    `/* ${plan.name}(), ${plan.location.file}:${plan.location.line}: ${summary(plan)} */`,
    '',
    `extern __typeof__(${nativeName(plan.name)}) ${suspect};`,
    '',
    ...marshaling.linesFor(input.fileNumber),
    ...argumentsStruct(plan),
    ...bodyFunction(plan, suspect),
    ...nativeBody(plan),
    `extern struct fgft_entry ${entrySymbol(plan.name)};`,
    ...entryRow(input),
    ...stub(input, marshaling),
  ].join('\n');
}

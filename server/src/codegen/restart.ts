/**
 * Setting the device up anew after a failed call, where the log of its writes cannot bring it back: the driver's own suspend and resume, cut
 * down to what stops the device and what sets it up from memory. Memory has been rolled back before, so it says what was.
 */
import type { EntryPlan } from '../report/isolation/model';
import { type CheckpointInput, cutCheckpoint } from './checkpoint';
import { nativeName } from './names';

export interface DeviceRestart {
  /** Absolute path of the file behind whose last line the text stands. */
  file: string;
  text: string;
  /** Suspend saves something that no register tells: that is done before each call. */
  saves: boolean;
  sleeps: boolean;
}

/** The parameters of suspend in terms of the device; null when they want more than that. */
function givenDevice(list: string): string[] | null {
  const types = list.split(',').map((p) => p.trim());
  const first = /^(?:const )?struct (\w+) \*\s*\w+$/.exec(types[0]);
  const device = first?.[1] === 'device' ? 'device' : first?.[1] === 'pci_dev' ? 'to_pci_dev(device)' : null;
  if (device === null || types.length > 2) return null;
  if (types.length === 1) return [device];
  return /^pm_message_t\b/.test(types[1]) ? [device, 'PMSG_FREEZE'] : null;
}

function glue(name: string, constant: string, calls: readonly string[], given: readonly string[], names: readonly string[]): string[] {
  const inTermsOfDevice = (call: string): string =>
    call.replace(/\((.*)\)$/, (_, list: string) => `(${list.replace(/\w+/g, (word) => given[names.indexOf(word)] ?? word)})`);
  return [
    `int ${name}(void *context, ${constant}void *state)`,
    '{',
    '\tstruct device *device = fgft_device_of(*(struct fgft_call **)context);',
    '',
    '\tif (!device)',
    '\t\treturn -ENODEV;',
    ...calls.map((c) => `\t${inTermsOfDevice(c)};`),
    '\treturn 0;',
    '}',
    '',
  ];
}

/** The code of it; null when there is none, or when it is spread over several of the driver's files, of which one cannot see the others. */
export function deviceRestart(input: CheckpointInput, entries: readonly EntryPlan[]): DeviceRestart | null {
  const cut = cutCheckpoint(input);
  if ('reason' in cut || !cut.restore) return null;
  const given = givenDevice(cut.parameters.list);
  const { suspend, resume } = input.driver.powerManagement;
  const defines = (name: string | null) =>
    name === null ? null : (input.files.find((f) => f.functions.some((x) => x.name === name)) ?? null);
  const file = defines(resume);
  if (!given || !file || (suspend !== null && defines(suspend) !== file)) return null;
  const cutFrom = new Set(cut.functions.flatMap((text) => /^\/\* from (.*):\d+ \*\//.exec(text)?.[1] ?? []));
  if ([...cutFrom].some((display) => display !== file.display)) return null;
  // The driver's own version: no call is isolated within the end of another one.
  const isolated = entries.filter((e) => e.file === file.path).map((e) => e.name);
  const native = (text: string): string =>
    isolated.reduce((t, name) => t.replace(new RegExp(`\\b${name}\\b(?=\\s*\\()`, 'g'), nativeName(name)), text);
  const { names } = cut.parameters;
  return {
    file: file.path,
    saves: cut.save !== null,
    sleeps: input.driver.checkpoint.sleeps.length > 0,
    text: [
      '/* ---- sets the device up anew after a fault ---- */',
      '',
      ...cut.functions.map(native),
      ...(cut.save ? glue('fgft_save_device', '', cut.call(cut.save), given, names) : []),
      ...glue('fgft_restart_device', 'const ', [...cut.call(cut.quiesce), ...cut.call(cut.restore)], given, names),
    ].join('\n'),
  };
}

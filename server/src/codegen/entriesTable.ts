/** The file that joins the parts of a module: the list of its isolated entry points and the routes between its two halves. */
import type { DevicePlan, PlannedRegister } from '../report/isolation/model';
import { entrySymbol, routeName, suspectName } from './names';
import type { DeviceRestart } from './restart';

export interface RoutedName {
  fileNumber: number;
  name: string;
}

/** `readable` and `event` as the runtime's flags. */
function registerRow({ offset, length, name, readable, event }: PlannedRegister): string {
  const flags = event ? 'FGFT_REGISTER_EVENT' : readable ? 'FGFT_REGISTER_READABLE' : '0';
  return `\t{ .offset = 0x${offset.toString(16)}, .length = ${length}, .flags = ${flags}, .name = ${JSON.stringify(name)} },`;
}

/** The device's registers, and whose devices the module drives. */
function deviceTable(device: DevicePlan): string[] {
  return [
    '/* Registers that the driver writes, and what taking a write back may do with them. */',
    'const struct fgft_register fgft_module_registers[] = {',
    ...device.registers.map(registerRow),
    ...(device.registers.length === 0 ? ['\t{ .offset = 0 },'] : []),
    '};',
    '',
    ...(device.restart ? [`struct bus_type *const fgft_bus = (struct bus_type *)&${device.restart.bus};`, ''] : []),
  ];
}

export function entriesTable(banner: string, entries: readonly string[], routes: readonly RoutedName[], device: DevicePlan): string {
  return [
    banner,
    '#include <linux/kernel.h>',
    ...(device.restart ? [`#include <${device.restart.header}>`] : []),
    '#include "fgft_runtime.h"',
    '#include "fgft_generated.h"',
    '',
    ...entries.map((e) => `extern struct fgft_entry ${entrySymbol(e)};`),
    '',
    'struct fgft_entry *const fgft_entries[] = {',
    ...entries.map((e) => `\t&${entrySymbol(e)},`),
    '};',
    '',
    'const unsigned int fgft_entry_count = ARRAY_SIZE(fgft_entries);',
    '',
    ...routes.flatMap((r) => [`void ${routeName(r.fileNumber, r.name)}(void);`, `void ${suspectName(r.fileNumber, r.name)}(void);`]),
    '',
    '/* A function pointer that isolated code follows leads to the checked version, one that it hands out to the native one. */',
    'const struct fgft_route fgft_module_routes[] = {',
    ...routes.map(
      (r) =>
        `\t{ .native = (unsigned long)${routeName(r.fileNumber, r.name)}, .suspect = (unsigned long)${suspectName(r.fileNumber, r.name)} },`,
    ),
    ...(routes.length === 0 ? ['\t{ 0, 0 },'] : []),
    '};',
    '',
    ...deviceTable(device),
  ].join('\n');
}

/** What the stubs of all files share. */
export function generatedHeader(banner: string, routes: number, device: DevicePlan, restart: DeviceRestart | null): string {
  return [
    banner,
    '#ifndef _FGFT_GENERATED_H',
    '#define _FGFT_GENERATED_H',
    '',
    '#include <linux/err.h>',
    '#include <linux/stddef.h>',
    '#include "fgft_runtime.h"',
    '',
    '/* Where a member lies, how long it is, and its name for messages. */',
    '#define FGFT_MEMBER(type, member_)\t\t\t\t\\',
    '\t.offset = offsetof(type, member_),\t\t\t\\',
    '\t.length = sizeof_field(type, member_),\t\t\t\\',
    '\t.name = #member_',
    '',
    'extern const struct fgft_route fgft_module_routes[];',
    `#define FGFT_MODULE_ROUTES ${routes}`,
    'extern const struct fgft_register fgft_module_registers[];',
    `#define FGFT_MODULE_REGISTERS ${device.registers.length}`,
    ...(restart?.saves ? ['int fgft_save_device(void *context, void *state);'] : []),
    ...(restart ? ['int fgft_restart_device(void *context, const void *state);'] : []),
    '',
    '#endif /* _FGFT_GENERATED_H */',
    '',
  ].join('\n');
}

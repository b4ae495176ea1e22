/** The file that joins the parts of a module: the list of its isolated entry points and the routes between its two halves. */
import { entrySymbol, routeName, suspectName } from './names';

export interface RoutedName {
  fileNumber: number;
  name: string;
}

export function entriesTable(banner: string, entries: readonly string[], routes: readonly RoutedName[]): string {
  return [
    banner,
    '#include <linux/kernel.h>',
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
  ].join('\n');
}

/** What the stubs of all files share. */
export function generatedHeader(banner: string, routes: number): string {
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
    '',
    '#endif /* _FGFT_GENERATED_H */',
    '',
  ].join('\n');
}

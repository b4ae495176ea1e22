/** The entrance of `codegen`: an isolation plan and the driver's text to the files of a module that builds out of tree. */
import { cBanner, makeBanner, type Origin } from './banner';
import { entriesTable, generatedHeader, type RoutedName } from './entriesTable';
import { kbuildText, makefileText } from './kbuild';
import { functionsList } from './functionsList';
import type { EntryPlan, PlannedObject } from '../report/isolation/model';
import { Marshaling } from './marshal';
import type { GeneratedFile, GeneratorInput, TreeFile } from './model';
import { foreignPointers, foreignVariables } from './entryStub';
import { homeUnit } from './homeUnit';
import { nativeTail } from './nativeTail';
import { deviceRestart } from './restart';
import { nativeCopy, suspectCopy } from './sourceCopies';
import { suspectTail } from './suspectTail';

const OWN_PREFIX = /^[ \t]*#[ \t]*define[ \t]+pr_fmt\b/m;

/** Absolute path to number: the unit that a file is part of gives the number. */
function numbersOf(files: readonly TreeFile[]): Map<string, number> {
  const units = files.filter((f) => f.isUnit).map((f) => f.path);
  return new Map(files.map((f) => [f.path, Math.max(0, units.indexOf(f.isUnit ? f.path : f.unit))]));
}

/** A header that defines nothing stays as it is. */
function isPart(file: TreeFile): boolean {
  return file.isUnit || file.path.endsWith('.c');
}

/** Makes all files of the isolated module. */
export function generateModule(input: GeneratorInput): GeneratedFile[] {
  const { plan, files } = input;
  const numbers = numbersOf(files);
  const parts = files.filter(isPart);
  const unitOf = (path: string): string => files.find((f) => f.path === path)?.unit ?? path;
  const origin = (sources: readonly TreeFile[]): Origin => ({
    version: input.version,
    kernelRelease: input.kernelRelease,
    module: plan.module,
    sources: sources.map((s) => ({ display: s.display, hash: input.hash(s.text) })),
  });
  const entryNames = (file: TreeFile): Set<string> => new Set(plan.entries.filter((e) => e.file === file.path).map((e) => e.name));
  const defined = (file: TreeFile): Set<string> => new Set(file.functions.map((f) => f.name));
  const numberOf = (path: string): number => numbers.get(path) ?? 0;
  const homeOf = (entry: EntryPlan, object: PlannedObject): number => homeUnit(files, numbers, entry, object);
  const marshalings = new Map(plan.entries.map((e) => [e, new Marshaling(e, (o) => homeOf(e, o))]));
  const routes: RoutedName[] = [];
  const generated: GeneratedFile[] = [];
  const restart = plan.device.restart && deviceRestart({ driver: input.driver, files: parts, banner: '' }, plan.entries);
  const device = { ...plan.device, restart: restart && plan.device.restart };
  for (const file of files) {
    if (isPart(file)) continue;
    generated.push({ path: `native/${file.relative}`, text: file.text }, { path: `suspect/${file.relative}`, text: file.text });
  }
  for (const unit of files.filter((f) => f.isUnit)) {
    const number = numberOf(unit.path);
    const members = membersOf(files, unit);
    const banner = cBanner(origin(members), 'The driver with stubs in place of its isolated entry points.');
    const entries = plan.entries.filter((e) => unitOf(e.file) === unit.path);
    const routed = plan.routed.filter((r) => members.some((m) => m.path === r.file && defined(m).has(r.name))).map((r) => r.name);
    routes.push(...routed.map((name) => ({ fileNumber: number, name })));
    const before = restart && members.some((m) => m.path === restart.file) ? restart.text : '';
    const sized = plan.entries.flatMap((e) => foreignVariables(e, numbers)).filter((v) => v.number === number);
    const held = plan.entries.flatMap((e) => foreignPointers(e, numbers)).filter((h) => h.number === number);
    const whole: TreeFile = {
      ...unit,
      variables: members.flatMap((m) => m.variables),
    };
    const tail = nativeTail({
      file: whole,
      parts: members,
      fileNumber: number,
      entries,
      everyEntry: plan.entries,
      marshalingOf: (e) => marshalings.get(e)!,
      homeOf,
      foreignMarshaling: plan.entries
        .filter((e) => numberOf(e.file) !== number && marshalings.get(e)!.files().includes(number))
        .flatMap((e) => [`/* for ${e.name}() of ${e.location.file} */`, ...marshalings.get(e)!.linesFor(number)]),
      routed,
      fileNumbers: numbers,
      sized: [...new Set(sized.map((s) => s.name))],
      held: [...new Set(held.map((h) => h.text))],
      before,
      restartOf: (e) => (e.touchesDevice && plan.device.restart?.entries.includes(e.name) ? restart : null),
    });
    for (const part of members) {
      generated.push({
        path: `native/${part.relative}`,
        text: part === unit ? `${banner}${nativeCopy(part, entryNames(part))}${tail}` : nativeCopy(part, entryNames(part)),
      });
      const suspect = suspectCopy(part, number);
      const names = [...new Set([...entries.map((e) => e.name), ...routed])];
      generated.push({
        path: `suspect/${part.relative}`,
        text:
          part === unit
            ? `${cBanner(origin(members), 'The driver as isolated code: compiled with checks, without data of its own.')}${suspect}${suspectTail(number, names)}`
            : suspect,
      });
    }
  }
  const all = origin(parts);
  generated.push(
    {
      path: 'fgft_entries.c',
      text: entriesTable(
        cBanner(all, 'The isolated entry points and the ways between native and isolated code.'),
        plan.entries.map((e) => e.name),
        routes,
        device,
      ),
    },
    { path: 'fgft_generated.h', text: generatedHeader(cBanner(all, 'What generated code shares.', true), routes.length, device, restart) },
    {
      path: 'Kbuild',
      text: kbuildText({
        banner: makeBanner(all, `Builds ${plan.module}.ko with isolated entry points.`),
        module: plan.module,
        units: files
          .filter((f) => f.isUnit)
          .map((f) => ({ stem: f.relative.replace(/\.c$/, ''), ownPrefix: membersOf(files, f).some((m) => OWN_PREFIX.test(m.text)) })),
        includeFolders: input.includeFolders,
        defines: input.defines,
      }),
    },
    {
      path: 'fgft_functions.list',
      text: functionsList(
        makeBanner(all, 'What is known of kernel functions that isolated code may call.'),
        input.knowledge,
        plan.handedPointers,
      ),
    },
    { path: 'Makefile', text: makefileText(makeBanner(all, 'make KDIR=/usr/src/linux-headers-... builds against that kernel.')) },
    ...input.runtime,
  );
  return generated;
}

/** A unit and the `.c` files that it includes. */
function membersOf(files: readonly TreeFile[], unit: TreeFile): TreeFile[] {
  return files.filter((f) => f === unit || (!f.isUnit && f.unit === unit.path && f.path.endsWith('.c')));
}

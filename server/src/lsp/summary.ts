/** Numbers and short phrases about an entry point, shared by lens, hover, symbols and tree. */
import { formatNanoseconds } from '../report/amounts';
import type { EntryPoint, Field } from '../report/model';

export interface EntryPointNumbers {
  /** Distinct fields that the driver's own text touches; what kernel inlines and macros touch is not counted. */
  fields: number;
  unknownSizes: number;
  bytesIn: number;
  bytesOut: number;
  /** Call sites of kernel functions. */
  kernelCalls: number;
  estimatedNanoseconds: number;
}

/** Whether it is not the driver's text but a kernel inline function or macro that touches a field. */
export function isKernels(field: Field): boolean {
  return field.via.length === 1 && field.via[0].startsWith('kernel:');
}

export function numbersOf({ counts, cost }: EntryPoint): EntryPointNumbers {
  return {
    ...counts,
    bytesIn: cost.bytesIn,
    bytesOut: cost.bytesOut,
    estimatedNanoseconds: cost.estimatedNanoseconds,
  };
}

/** `1 field`, `2 fields`. */
export function counted(count: number, noun: string, plural = noun + 's'): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

/** `≈900 ns`, `≈1.4 µs`, `≈2.1 ms`: an estimate, two digits. */
export function duration(nanoseconds: number): string {
  return `≈${formatNanoseconds(nanoseconds)}`;
}

/** `9 fields, 61 B in, 4 B out`; `≥` where sizes are unknown. */
export function travelPhrase(numbers: EntryPointNumbers): string {
  const bound = numbers.unknownSizes > 0 ? '≥' : '';
  return `${counted(numbers.fields, 'field')}, ${bound}${numbers.bytesIn} B in, ${bound}${numbers.bytesOut} B out`;
}

/** `net_device_ops.ndo_open`, with `+2` for further registrations. */
export function registrationPhrase(entryPoint: EntryPoint): string {
  const [first, ...more] = entryPoint.registrations;
  if (!first) return 'entry point';
  return more.length > 0 ? `${first.as} +${more.length}` : first.as;
}

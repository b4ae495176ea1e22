/** What an entry point returns when its call was taken back. */
import type { FoundEntryPoint } from '../../analysis/entryPoints';
import type { Knowledge } from '../../knowledge/model';
import type { CType, Scope } from '../../symbols/types';
import type { ResultKind } from './model';

const UNSIGNED = /^(unsigned|_Bool|u8|u16|u32|u64|size_t)/;

/** The names under which a type may be known, from the outermost typedef inwards. */
function typeNames(scope: Scope, type: CType): string[] {
  const names: string[] = [];
  let current: CType | undefined = type;
  for (let i = 0; i < 8 && current?.kind === 'named'; i++) {
    names.push(current.name);
    current = scope.typedef(current.name)?.type;
  }
  if (current?.kind === 'enum') names.push(`enum ${current.name}`);
  return names;
}

/** In a row's statement, `$sk_buff` is the first parameter that points to that record, `$2` the second parameter. */
function withParameters(scope: Scope, text: string, parameters: readonly { name: string; type: CType }[]): string | null {
  let complete = true;
  const filled = text.replace(/\$(\w+)/g, (_, record: string) => {
    const found = /^\d+$/.test(record)
      ? parameters[Number(record) - 1]
      : parameters.find((p) => {
          const resolved = scope.resolve(p.type);
          return resolved.kind === 'pointer' && scope.recordOf(resolved.to)?.name === record;
        });
    if (!found) complete = false;
    return found?.name ?? '';
  });
  return complete ? filled : null;
}

/** null for a record by value, which no error fits. `thenNative`: the native function runs after the abort, and its result counts. */
export function resultOf(
  scope: Scope,
  knowledge: Knowledge,
  type: CType,
  entry: FoundEntryPoint,
  parameters: readonly { name: string; type: CType }[],
): { kind: ResultKind; cleanup: string[]; thenNative: boolean } | null {
  const rows = [...entry.registrations.map((r) => r.as), ...typeNames(scope, type)].flatMap(
    (n) => knowledge.isolation.failures.get(n) ?? [],
  );
  const [row] = rows;
  const cleanup = (row?.cleanup ?? []).flatMap((c) => withParameters(scope, c, parameters) ?? []);
  const value = row?.value ? withParameters(scope, row.value, parameters) : null;
  const thenNative = row?.thenNative ?? false;
  const resolved = scope.resolve(type);
  if (resolved.kind === 'void') return { kind: { kind: 'void' }, cleanup, thenNative };
  if (resolved.kind === 'pointer') return { kind: { kind: 'pointer', error: value ?? 'NULL' }, cleanup, thenNative };
  if (resolved.kind === 'record' || resolved.kind === 'array') return null;
  const fallback = resolved.kind === 'basic' && UNSIGNED.test(resolved.name) ? '0' : '-EIO';
  return { kind: { kind: 'value', error: value ?? fallback }, cleanup, thenNative };
}

/** Types as the generator writes them. */
import type { CType, RecordDeclaration, Scope } from '../../symbols/types';

/** Bytes of a pointer on every architecture that the runtime knows. */
export const POINTER_BYTES = 8;

/** How C names a type; null for one that has no name. */
export function typeName(scope: Scope, type: CType): string | null {
  switch (type.kind) {
    case 'void':
      return 'void';
    case 'basic':
      return type.name;
    case 'named':
      return type.name;
    case 'enum':
      return type.name ? `enum ${type.name}` : 'int';
    case 'record':
      return type.name && !type.inline ? `${type.tag} ${type.name}` : recordNamed(scope.recordOf(type), type.name);
    case 'pointer': {
      const to = typeName(scope, type.to);
      return to === null ? 'void *' : `${to}${to.endsWith('*') ? '' : ' '}*`;
    }
    default:
      return null;
  }
}

function recordNamed(record: RecordDeclaration | undefined, name: string): string | null {
  if (record?.tagged) return `${record.tag} ${record.name}`;
  return record && name ? name : null;
}

/** How C names the record that a path's step names: by its tag or, without one, by its typedef. */
export function recordTypeName(scope: Scope, name: string): string | null {
  const tagged = scope.record('struct', name) ?? scope.record('union', name);
  if (tagged?.tagged) return `${tagged.tag} ${name}`;
  return scope.typedef(name) ? name : null;
}

export function recordByName(scope: Scope, name: string): RecordDeclaration | undefined {
  return scope.record('struct', name) ?? scope.record('union', name) ?? scope.recordOf({ kind: 'named', name });
}

/** Address spaces are lost when a type is resolved: `typedef void __iomem *base_t` is looked through by hand. */
export function pointerSpace(scope: Scope, type: CType): string | null {
  let current: CType | undefined = type;
  for (let i = 0; i < 8 && current; i++) {
    if (current.kind === 'pointer') return current.space ?? (current.to.kind === 'named' ? (current.to.space ?? null) : null);
    if (current.kind !== 'named') return null;
    if (current.space) return current.space;
    current = scope.typedef(current.name)?.type;
  }
  return null;
}

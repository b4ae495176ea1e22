/** Annotations that stand in a file of their own, for declarations of the kernel's headers that nobody can annotate in place. */
import type { KernelSymbols } from './scopeKernel';
import type { AttributeUse, FunctionDeclaration, RecordDeclaration } from './types';

/** One annotation of a record's member, or of a function or its parameter. */
export type SideAnnotation = AttributeUse &
  (
    | { record: string; member: string }
    /** `parameter` null: the function itself. */
    | { function: string; parameter: string | null }
  );

/** The kernel's declarations as if the annotations stood in them. Without any the very same object. */
export function withSideAnnotations(kernel: KernelSymbols, annotations: readonly SideAnnotation[]): KernelSymbols {
  if (annotations.length === 0) return kernel;
  // The same name must give the same object: layouts are kept by it.
  const known = new Map<object, object>();
  const once = <T extends object>(from: T, make: (from: T) => T): T => {
    let made = known.get(from) as T | undefined;
    if (!made) known.set(from, (made = make(from)));
    return made;
  };
  const records = new Set(annotations.flatMap((a) => ('record' in a ? [a.record] : [])));
  const functions = new Set(annotations.flatMap((a) => ('function' in a ? [a.function] : [])));
  const wrapped: KernelSymbols = {
    record: (tag, name) => {
      const found = kernel.record(tag, name);
      return found && records.has(name) ? once(found, (record) => annotatedRecord(record, name, annotations)) : found;
    },
    function: (name) => {
      const found = kernel.function(name);
      return found && functions.has(name) ? once(found, (declaration) => annotatedFunction(declaration, annotations)) : found;
    },
    typedef: (name) => kernel.typedef(name),
    enumeration: (name) => kernel.enumeration(name),
    enumerationOfConstant: (name) => kernel.enumerationOfConstant(name),
    variable: (name) => kernel.variable(name),
    macro: (name) => kernel.macro(name),
    configuration: (name) => kernel.configuration(name),
    release: () => kernel.release?.(),
  };
  return wrapped;
}

function annotatedRecord(record: RecordDeclaration, name: string, annotations: readonly SideAnnotation[]): RecordDeclaration {
  const of = (member: string): AttributeUse[] =>
    annotations.flatMap((a) => ('record' in a && a.record === name && a.member === member ? [attribute(a)] : []));
  const members = record.members.map((member) => {
    const added = of(member.name);
    return added.length > 0 ? { ...member, attributes: [...member.attributes, ...added] } : member;
  });
  return { ...record, members };
}

function annotatedFunction(declaration: FunctionDeclaration, annotations: readonly SideAnnotation[]): FunctionDeclaration {
  const of = (parameter: string | null): AttributeUse[] =>
    annotations.flatMap((a) => ('function' in a && a.function === declaration.name && a.parameter === parameter ? [attribute(a)] : []));
  const parameters = declaration.parameters.map((parameter) => {
    const added = of(parameter.name);
    return added.length > 0 ? { ...parameter, attributes: [...parameter.attributes, ...added] } : parameter;
  });
  return { ...declaration, parameters, attributes: [...declaration.attributes, ...of(null)] };
}

function attribute({ name, arguments: given }: SideAnnotation): AttributeUse {
  return { name, arguments: given };
}

/** The rows of `server/knowledge/dialect.yaml` as the mask wants them. */
import type { DeclarationShape, Dialect } from './marks';

interface NameGroup {
  source: string;
  /** Names between spaces. */
  names: string;
}

/** `dialect.yaml` as read. */
export interface DialectRows {
  attributes: NameGroup[];
  attributesWithArguments: NameGroup[];
  loops: NameGroup[];
  declarations: (NameGroup & DeclarationShape)[];
}

function namesOf(groups: readonly NameGroup[]): Set<string> {
  return new Set(groups.flatMap((group) => group.names.split(/\s+/).filter((name) => name !== '')));
}

/** Makes the dialect from its rows. A name listed twice is taken once, of two declaration shapes the later. */
export function dialectFrom(rows: DialectRows): Dialect {
  const declarations = new Map<string, DeclarationShape>();
  for (const { names, name, type, pointer, length, members } of rows.declarations)
    for (const word of names.split(/\s+/)) declarations.set(word, { name, type, pointer, length, members });
  return {
    attributes: namesOf(rows.attributes),
    attributesWithArguments: namesOf(rows.attributesWithArguments),
    loops: namesOf(rows.loops),
    declarations,
  };
}

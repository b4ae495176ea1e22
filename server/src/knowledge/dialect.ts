/** The kernel's dialect of C from its rows. */
import type { DeclarationShape, Dialect } from '../syntax/marks';
import { isRow, type KnowledgeFile, namesOf, textOf } from './files';

/** Joins the dialect files, later shapes of a declaring macro winning, and adds the loop macros that `loops` rows name. */
export function dialectOf(files: readonly KnowledgeFile[], loopNames: Iterable<string>): Dialect {
  const attributes = new Set<string>();
  const attributesWithArguments = new Set<string>();
  const loops = new Set<string>(loopNames);
  const declarations = new Map<string, DeclarationShape>();
  for (const { dialect } of files) {
    if (!dialect) continue;
    for (const word of words(dialect.attributes)) attributes.add(word);
    for (const word of words(dialect.attributesWithArguments)) attributesWithArguments.add(word);
    for (const word of words(dialect.loops)) loops.add(word);
    for (const group of groups(dialect.declarations)) {
      const { name, type, pointer, length, members } = group as DeclarationShape;
      for (const word of namesOf(textOf(group.names))) declarations.set(word, { name, type, pointer, length, members });
    }
  }
  return { attributes, attributesWithArguments, loops, declarations };
}

function groups(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRow) : [];
}

function words(value: unknown): string[] {
  return groups(value).flatMap((group) => namesOf(textOf(group.names)));
}

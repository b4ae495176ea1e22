/** The mask: kernel C into C that the grammar takes, without moving a character. */
import type { Dialect, Masked } from './marks';
import { readSource } from './masking/source';
import { walk } from './masking/walk';

/**
 * Rewrites what is not plain C in a preprocessed text (loop macros, types as arguments, attributes, declaring macros, …) so that
 * tree-sitter-c parses it. The result has the same length and the same newlines; each rewritten place has a mark that says what stood
 * there and what it means. Total: any text gives a result. Comments are left alone, directives that are still there are blanked.
 */
export function mask(text: string, dialect: Dialect): Masked {
  const source = readSource(text, dialect);
  walk(source);
  const marks = source.output.sortedMarks();
  return { text: marks.length === 0 ? text : source.output.finish(), marks };
}

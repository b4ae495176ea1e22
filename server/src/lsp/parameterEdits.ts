/** The text edits behind the quick fixes that annotate a parameter of a function. Pure: text in, offsets out. */
import { definitionOf, includeEditFor, type OffsetEdit } from './annotationEdits';
import { outlineOf } from './functionOutline';
import { withoutComments } from './memberEdits';

/**
 * Edits that put an annotation before a parameter in the definition of a function; undefined when the text does not define the function
 * with that parameter, or the parameter bears the annotation already.
 */
export function annotateParameterEdits(text: string, name: string, parameter: string, annotation: string): OffsetEdit[] | undefined {
  const definition = definitionOf(outlineOf(text), name);
  if (!definition) return undefined;
  const code = withoutComments(text);
  const open = code.indexOf('(', definition.nameOffsets[definition.names.indexOf(name)]);
  for (const { start, end } of open < 0 ? [] : parametersAt(code, open + 1)) {
    const declaration = code.slice(start, end);
    if (!new RegExp(`(\\b${parameter}\\b\\s*(\\[[^\\]]*\\]\\s*)*|\\(\\s*\\*\\s*${parameter}\\s*\\)[^]*)$`).test(declaration)) continue;
    if (declaration.includes(annotation.replace(/\(.*/, ''))) return undefined;
    const at = start + Math.max(0, declaration.search(/\S/));
    const edit: OffsetEdit = { start: at, end: at, text: `${annotation} `, part: 'annotation' };
    const include = includeEditFor(text);
    return include ? [include, edit] : [edit];
  }
  return undefined;
}

/** What stands between the commas of a parameter list that begins at an offset. */
function parametersAt(code: string, from: number): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  let depth = 0;
  let start = from;
  for (let i = from; i < code.length; i++) {
    const c = code[i];
    if (c === '(' || c === '[') depth++;
    else if ((c === ')' || c === ']') && depth > 0) depth--;
    else if (depth === 0 && (c === ',' || c === ')')) {
      found.push({ start, end: i });
      start = i + 1;
      if (c === ')') break;
    }
  }
  return found;
}

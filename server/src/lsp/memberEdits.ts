/** The text edits behind the quick fixes that annotate a member of a record. Pure: text in, offsets out. */
import { includeEditFor, type OffsetEdit } from './annotationEdits';

/**
 * Edits that put an annotation before the declaration of a member; undefined when the text does not declare the record with that member,
 * or the declaration bears the annotation already.
 */
export function annotateMemberEdits(text: string, record: string, member: string, annotation: string): OffsetEdit[] | undefined {
  const code = withoutComments(text);
  for (const body of bodiesOf(code, record)) {
    const declaration = declarationOf(code, body, member);
    if (!declaration) continue;
    if (code.slice(declaration.start, declaration.end).includes(annotation.replace(/\(.*/, ''))) return undefined;
    const edit: OffsetEdit = { start: declaration.start, end: declaration.start, text: `${annotation} `, part: 'annotation' };
    const include = includeEditFor(text);
    return include ? [include, edit] : [edit];
  }
  return undefined;
}

interface Range {
  start: number;
  end: number;
}

/** The text with comments, strings and directives blanked, so that offsets stay. */
export function withoutComments(text: string): string {
  const blank = (found: string): string => found.replace(/[^\n]/g, ' ');
  return text
    .replace(/\/\*[^]*?(\*\/|$)|\/\/[^\n]*|"(\\.|[^"\\\n])*"|'(\\.|[^'\\\n])*'/g, blank)
    .replace(/^[ \t]*#(\\\r?\n|[^\n])*/gm, blank);
}

/** What stands between the braces of the records of that name: by tag, else by the name that a typedef, variable or member gives it. */
function bodiesOf(code: string, record: string): Range[] {
  const found: Range[] = [];
  for (const head of code.matchAll(/\b(?:struct|union)\b([^;{}()]*)\{/g)) {
    const start = head.index + head[0].length;
    const end = closingBrace(code, start);
    const tagged = new RegExp(`\\b${record}\\b`).test(head[1]);
    const named = new RegExp(`^\\s*[^;{}]*\\b${record}\\b`).test(code.slice(end + 1, end + 200));
    if (tagged || (named && head[1].trim() === '')) found.push({ start, end });
  }
  return found;
}

function closingBrace(code: string, from: number): number {
  let depth = 1;
  for (let i = from; i < code.length; i++) {
    if (code[i] === '{') depth++;
    else if (code[i] === '}' && --depth === 0) return i;
  }
  return code.length;
}

/** The declaration in the record, or in an anonymous record within, that declares the member. */
function declarationOf(code: string, body: Range, member: string): Range | null {
  let start = body.start;
  for (let i = body.start; i < body.end; i++) {
    if (code[i] === '{') {
      const inner = { start: i + 1, end: closingBrace(code, i + 1) };
      const after = code.slice(inner.end + 1, body.end);
      // Members of a record with a name of its own belong to that one.
      const found = /^[^;]*\w[^;]*;/.test(after) ? null : declarationOf(code, inner, member);
      if (found) return found;
      i = inner.end;
    } else if (code[i] === ';') {
      const declaration = code.slice(start, i);
      const named = new RegExp(`\\b${member}\\b\\s*(\\[[^\\]]*\\]\\s*)*(:[^,]*)?(,[^]*)?$|\\(\\s*\\*\\s*${member}\\s*\\)`).exec(
        declaration,
      );
      if (named) return { start: start + declaration.search(/\S/), end: i };
      start = i + 1;
    }
  }
  return null;
}

/** Where the product's annotations stand in a driver's files, and what each is attached to. */
import type { Mark } from '../syntax/marks';
import type { AttributeUse, CType, FunctionDeclaration, ItemDeclarations, ParameterDeclaration, RecordDeclaration } from '../symbols/types';

/** What an annotation is attached to. */
export type AnnotationTarget =
  | { kind: 'function'; function: FunctionDeclaration }
  | { kind: 'parameter'; function: FunctionDeclaration; parameter: ParameterDeclaration }
  | { kind: 'member'; record: RecordDeclaration; name: string; type: CType }
  | { kind: 'variable'; name: string; type: CType };

export interface Annotation {
  name: string;
  arguments: string | null;
  file: string;
  /** Of the annotation's name in the file's masked text. */
  offset: number;
  /** null: it stands where it has no effect, in a function's body or before what is no declaration. */
  target: AnnotationTarget | null;
  /** All annotations of the same target. */
  beside: readonly AttributeUse[];
}

export interface AnnotatedFile {
  path: string;
  /** Before the mask, with the same offsets. */
  text: string;
  marks: readonly Mark[];
  items: readonly { start: number; end: number; declarations: ItemDeclarations }[];
}

const PREFIX = '__fgft_';

type AttributeMark = Extract<Mark, { kind: 'attribute' }>;

interface Slot {
  target: AnnotationTarget;
  /** Of the name that follows the annotation. */
  offset: number;
  attributes: readonly AttributeUse[];
}

/** All uses of words that begin like an annotation, in the order of the text. A file without any costs one search. */
export function annotationsOf({ path, text, marks, items }: AnnotatedFile): Annotation[] {
  if (!text.includes(PREFIX)) return [];
  const known = new Map<number, AttributeMark>();
  for (const mark of marks) if (mark.kind === 'attribute' && mark.name.startsWith(PREFIX)) known.set(mark.start, mark);
  const found: Annotation[] = [];
  for (const match of text.matchAll(/\b__fgft_\w+/g)) {
    const mark = known.get(match.index);
    const slot = mark ? slotBehind(items, mark) : null;
    found.push({
      name: match[0],
      arguments: mark?.arguments ?? null,
      file: path,
      offset: match.index,
      target: slot?.target ?? null,
      beside: slot?.attributes ?? [],
    });
  }
  return found;
}

/** The next declared name behind an annotation that carries it. */
function slotBehind(items: AnnotatedFile['items'], mark: AttributeMark): Slot | null {
  // An annotation before a declaration stands before its item, one of a member or parameter inside.
  const item = items.find((i) => mark.start < i.end);
  if (!item) return null;
  const slots = slotsOf(item.declarations)
    .map((slot) => ({ ...slot, offset: slot.offset + item.start }))
    .filter((slot) => slot.offset > mark.start && slot.attributes.some((a) => a.name === mark.name));
  return slots.sort((a, b) => a.offset - b.offset)[0] ?? null;
}

function slotsOf({ functions, variables, records }: ItemDeclarations): Slot[] {
  const slots: Slot[] = [];
  for (const f of functions) {
    slots.push({ target: { kind: 'function', function: f }, offset: f.place.offset, attributes: f.attributes });
    // Parameters have no place of their own: they stand behind the function's name.
    f.parameters.forEach((parameter, i) =>
      slots.push({
        target: { kind: 'parameter', function: f, parameter },
        offset: f.place.offset + 1e6 + i,
        attributes: parameter.attributes,
      }),
    );
  }
  for (const v of variables)
    slots.push({ target: { kind: 'variable', name: v.name, type: v.type }, offset: v.place.offset, attributes: v.attributes });
  for (const record of records) {
    for (const { name, type, offset, attributes } of record.members)
      slots.push({ target: { kind: 'member', record, name, type }, offset, attributes });
  }
  return slots;
}

/** Bodies of structs, unions and enums. The readers of specifiers and declarators come in as parameters because they call these readers too. */
import { childByField, Field, Kind, textOf } from '../syntax/nodeAccess';
import { marksIn } from '../syntax/marks';
import { attributeUses, splitArguments } from './declarationsAttributes';
import {
  attributesIn,
  constantValue,
  type DeclarationSource,
  type Declarator,
  literalValue,
  originalSlice,
  skipBlank,
  type Specifiers,
} from './declaratorsSource';
import { type AttributeUse, type EnumDeclaration, type MemberDeclaration, type RecordDeclaration, UNKNOWN } from './types';

/** The readers that call these and are called by them. */
export interface Readers {
  specifiers: (source: DeclarationSource, node: number, from: number) => Specifiers;
  declarator: (source: DeclarationSource, declarator: number, specifiers: Specifiers) => Declarator;
  attributes: (source: DeclarationSource, declarator: number, end: number) => AttributeUse[];
}

/** A struct or union specifier that has a body. */
export interface RecordNode {
  node: number;
  /** 0 without a tag. */
  nameNode: number;
  body: number;
  tag: 'struct' | 'union';
  /** Name that an untagged record takes; '' for an anonymous member. */
  nameIfUntagged: string;
}

const IDENTIFIER = /^[A-Za-z_]\w*$/;

/** Attributes between keyword and body, and right behind the `}`. */
function tagAttributes(source: DeclarationSource, node: number, body: number): AttributeUse[] {
  const { nodes, text } = source;
  const uses = attributesIn(source, nodes.start[node], nodes.start[body]);
  for (let c = nodes.firstChild[node]; c !== 0; c = nodes.nextSibling[c]) {
    if (nodes.kind[c] !== Kind.attribute_specifier) continue;
    const whole = textOf(nodes, c, text);
    uses.push(...attributeUses('__attribute__', whole.slice(whole.indexOf('(') + 1, -1)));
  }
  uses.push(...attributesIn(source, nodes.end[body], skipBlank(text, nodes.end[node])));
  return uses;
}

/** An unnamed bit-field out of its width as written. */
function unnamedBits(source: DeclarationSource, type: MemberDeclaration['type'], width: string, offset: number): MemberDeclaration {
  const member: MemberDeclaration = { name: '', type, bits: constantValue(source, width), attributes: [], offset };
  if (literalValue(width) === null) member.width = width;
  return member;
}

/** The unnamed bit-fields that the mask blanked among the declarators of a member declaration. */
function blankedBits(source: DeclarationSource, node: number): { offset: number; width: string }[] {
  const { nodes } = source;
  const typeNode = childByField(nodes, node, Field.type);
  const from = source.start + (typeNode === 0 ? nodes.start[node] : nodes.end[typeNode]);
  const found: { offset: number; width: string }[] = [];
  for (const mark of marksIn(source.marks, from, source.start + nodes.end[node])) {
    if (mark.kind === 'bit-field') found.push({ offset: mark.start - source.start, width: mark.text.trim() });
  }
  return found;
}

function readMember(source: DeclarationSource, node: number, from: number, members: MemberDeclaration[], readers: Readers): void {
  const { nodes } = source;
  const specifiers = readers.specifiers(source, node, from);
  const before = members.length;
  const blanked = blankedBits(source, node);
  const pushBlanked = (end: number): void => {
    while (blanked.length > 0 && blanked[0].offset < end) {
      members.push(unnamedBits(source, specifiers.type, blanked[0].width, blanked[0].offset));
      blanked.shift();
    }
  };
  let last: MemberDeclaration | null = null;
  for (let c = nodes.firstChild[node]; c !== 0; c = nodes.nextSibling[c]) {
    if (nodes.kind[c] === Kind.bitfield_clause) {
      const width = originalSlice(source, nodes.start[c] + 1, nodes.end[c]).trim();
      const bits = unnamedBits(source, specifiers.type, width, nodes.start[c]);
      if (last) Object.assign(last, { bits: bits.bits, ...(bits.width !== undefined && { width }) });
      else members.push(bits);
      last = null;
    } else if (nodes.field[c] === Field.declarator) {
      pushBlanked(nodes.start[c]);
      const declared = readers.declarator(source, c, specifiers);
      const offset = declared.nameNode === 0 ? nodes.start[node] : nodes.start[declared.nameNode];
      let next = nodes.nextSibling[c];
      while (next !== 0 && nodes.field[next] !== Field.declarator) next = nodes.nextSibling[next];
      const end = next === 0 ? nodes.end[node] : nodes.start[next];
      last = {
        name: declared.name,
        type: declared.type,
        bits: null,
        attributes: [...specifiers.attributes, ...readers.attributes(source, c, end)],
        offset,
      };
      members.push(last);
    }
  }
  pushBlanked(nodes.end[node]);
  if (members.length > before) return;
  if (specifiers.type.kind === 'record') {
    // `struct { … };` inside a record is an anonymous member; `struct tag { … };` only declares the tag.
    if (specifiers.type.inline)
      members.push({ name: '', type: specifiers.type, bits: null, attributes: specifiers.attributes, offset: nodes.start[node] });
  } else if (specifiers.type.kind === 'unknown') {
    members.push(macroMember(source, node, specifiers.attributes));
  }
}

/** A member that a macro which nobody knows declares: its first argument is taken for its name, its type is unknown. */
function macroMember(source: DeclarationSource, node: number, attributes: AttributeUse[]): MemberDeclaration {
  const { nodes } = source;
  const stood = originalSlice(source, nodes.start[node], nodes.end[node]);
  const open = stood.indexOf('(');
  const first = open < 0 ? '' : (splitArguments(stood.slice(open + 1, stood.lastIndexOf(')')))[0] ?? '');
  return { name: IDENTIFIER.test(first) ? first : '', type: UNKNOWN, bits: null, attributes, offset: nodes.start[node] };
}

function readMembers(source: DeclarationSource, list: number, members: MemberDeclaration[], readers: Readers): void {
  const { nodes } = source;
  let from = nodes.start[list] + 1;
  for (let c = nodes.firstChild[list]; c !== 0; c = nodes.nextSibling[c]) {
    if (nodes.kind[c] === Kind.field_declaration) readMember(source, c, from, members, readers);
    // What the parser could not place, and conditionals that nobody decided, may still hold members.
    else if (nodes.kind[c] === Kind.ERROR || nodes.kind[c] === Kind.preproc || nodes.kind[c] === Kind.other)
      readMembers(source, c, members, readers);
    from = nodes.end[c];
  }
}

/** Reads the body of a struct or union, adds it to the source's records unless it is an anonymous member, and returns it. */
export function readRecordBody(source: DeclarationSource, record: RecordNode, readers: Readers): RecordDeclaration {
  const { nodes, text } = source;
  const at = record.nameNode === 0 ? record.node : record.nameNode;
  const declaration: RecordDeclaration = {
    tag: record.tag,
    name: record.nameNode === 0 ? record.nameIfUntagged : textOf(nodes, record.nameNode, text),
    tagged: record.nameNode !== 0,
    members: [],
    attributes: tagAttributes(source, record.node, record.body),
    place: { file: source.file, offset: nodes.start[at] },
    origin: source.origin,
  };
  readMembers(source, record.body, declaration.members, readers);
  if (declaration.name !== '') source.records.push(declaration);
  return declaration;
}

function readConstants(source: DeclarationSource, list: number, constants: EnumDeclaration['constants']): void {
  const { nodes, text } = source;
  for (let c = nodes.firstChild[list]; c !== 0; c = nodes.nextSibling[c]) {
    if (nodes.kind[c] !== Kind.enumerator) {
      if (nodes.kind[c] === Kind.ERROR || nodes.kind[c] === Kind.preproc || nodes.kind[c] === Kind.other)
        readConstants(source, c, constants);
      continue;
    }
    const nameNode = childByField(nodes, c, Field.name);
    const valueNode = childByField(nodes, c, Field.value);
    if (nameNode === 0) continue;
    const name = textOf(nodes, nameNode, text);
    if (valueNode === 0) {
      const previous = constants.length === 0 ? -1 : constants[constants.length - 1].value;
      constants.push({ name, value: previous === null ? null : previous + 1 });
      continue;
    }
    const stood = originalSlice(source, nodes.start[valueNode], nodes.end[valueNode]).trim();
    const literal = literalValue(stood);
    if (literal !== null) constants.push({ name, value: literal });
    else
      constants.push({ name, value: constants.find((known) => known.name === stood)?.value ?? constantValue(source, stood), text: stood });
  }
}

/** Reads the body of an enum, adds it to the source's enums and returns it. Its name is '' without a tag. */
export function readEnumBody(source: DeclarationSource, node: number, nameNode: number, body: number): EnumDeclaration {
  const { nodes, text } = source;
  const attributes = tagAttributes(source, node, body);
  const declaration: EnumDeclaration = {
    name: nameNode === 0 ? '' : textOf(nodes, nameNode, text),
    constants: [],
    ...(attributes.length > 0 && { attributes }),
    place: { file: source.file, offset: nodes.start[nameNode === 0 ? node : nameNode] },
  };
  readConstants(source, body, declaration.constants);
  source.enums.push(declaration);
  return declaration;
}

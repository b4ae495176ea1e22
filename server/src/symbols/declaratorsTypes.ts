/** Types out of parsed C: specifiers, declarators and parameters, which call one another. */
import { childByField, childOfKind, Field, Kind, textOf } from '../syntax/nodeAccess';
import type { ItemNodes } from '../syntax/nodes';
import { markAt, marksIn } from '../syntax/marks';
import { attributeUses } from './declarationsAttributes';
import { typeOfDeclaringMacro } from './declaratorsMacros';
import { type Readers, readEnumBody, readRecordBody } from './declarationsRecords';
import {
  attributesIn,
  constantValue,
  type DeclarationSource,
  type Declarator,
  originalSlice,
  skipBlank,
  type Specifiers,
} from './declaratorsSource';
import { addressSpaceOf, basicType, isBasicWord, isConstantWord, isTypeofWord, parseTypeName } from './typeNames';
import { type AddressSpace, type AttributeUse, type CType, type ParameterDeclaration, UNKNOWN } from './types';

const INLINE_WORDS: ReadonlySet<string> = new Set(['inline', '__inline', '__inline__', '__always_inline', '__forceinline']);

/** Name node of a declarator, through pointers, arrays, functions and parentheses; 0 for an abstract one. */
export function nameNodeOf(nodes: ItemNodes, declarator: number): number {
  let n = declarator;
  while (n !== 0) {
    switch (nodes.kind[n]) {
      case Kind.identifier:
      case Kind.field_identifier:
      case Kind.type_identifier:
      case Kind.primitive_type:
        return n;
      case Kind.parenthesized_declarator:
      case Kind.abstract_parenthesized_declarator:
      case Kind.attributed_declarator:
        n = innerDeclarator(nodes, n);
        break;
      default:
        n = childByField(nodes, n, Field.declarator);
    }
  }
  return 0;
}

export function innerDeclarator(nodes: ItemNodes, node: number): number {
  for (let c = nodes.firstChild[node]; c !== 0; c = nodes.nextSibling[c]) {
    const kind = nodes.kind[c];
    if (kind !== Kind.ms_call_modifier && kind !== Kind.attribute_declaration && kind !== Kind.attribute_specifier && kind !== Kind.ERROR)
      return c;
  }
  return 0;
}

function hasConstant(source: DeclarationSource, node: number): boolean {
  const { nodes } = source;
  for (let c = nodes.firstChild[node]; c !== 0; c = nodes.nextSibling[c]) {
    if (nodes.kind[c] === Kind.type_qualifier && isConstantWord(textOf(nodes, c, source.text))) return true;
  }
  return false;
}

function taggedType(source: DeclarationSource, node: number, nameIfUntagged: string): CType {
  const { nodes } = source;
  const kind = nodes.kind[node];
  const nameNode = childByField(nodes, node, Field.name);
  const body = childByField(nodes, node, Field.body);
  const name = nameNode === 0 ? '' : textOf(nodes, nameNode, source.text);
  if (kind === Kind.enum_specifier) {
    if (body === 0) return { kind: 'enum', name };
    const declaration = readEnumBody(source, node, nameNode, body);
    return name === '' ? { kind: 'enum', name, inline: declaration } : { kind: 'enum', name };
  }
  const tag = kind === Kind.struct_specifier ? 'struct' : 'union';
  if (body === 0) return { kind: 'record', tag, name };
  const declaration = readRecordBody(source, { node, nameNode, body, tag, nameIfUntagged }, READERS);
  return nameNode === 0 ? { kind: 'record', tag, name: declaration.name, inline: declaration } : { kind: 'record', tag, name };
}

/** The type of one specifier node; records and enums with a body are collected. */
export function typeOfSpecifier(source: DeclarationSource, node: number, nameIfUntagged: string): CType {
  const { nodes, text } = source;
  switch (nodes.kind[node]) {
    case Kind.primitive_type: {
      const word = textOf(nodes, node, text);
      return isBasicWord(word) ? basicType([word]) : { kind: 'named', name: word };
    }
    case Kind.sized_type_specifier:
      return basicType(textOf(nodes, node, text).split(/\s+/));
    case Kind.type_identifier:
    case Kind.identifier: {
      const word = textOf(nodes, node, text);
      const stood = originalSlice(source, nodes.start[node], nodes.end[node]);
      if (stood !== word) return parseTypeName(stood);
      return isBasicWord(word) ? basicType([word]) : { kind: 'named', name: word };
    }
    case Kind.struct_specifier:
    case Kind.union_specifier:
    case Kind.enum_specifier:
      return taggedType(source, node, nameIfUntagged);
    case Kind.macro_type_specifier: {
      const stood = originalSlice(source, nodes.start[node], nodes.end[node]);
      return isTypeofWord(stood) ? { kind: 'typeof', text: stood } : UNKNOWN;
    }
    default:
      return UNKNOWN;
  }
}

/** End of what belongs to the type specifier itself: attributes right behind a `}` are the record's. */
function specifierEnd(source: DeclarationSource, typeNode: number): number {
  const end = source.nodes.end[typeNode];
  return childByField(source.nodes, typeNode, Field.body) === 0 ? end : skipBlank(source.text, end);
}

/**
 * Reads the specifiers of a declaration-like node. `from` is where its attributes may begin (the end of what stands before it),
 * `nameIfUntagged` overrides the name that an untagged record takes from the first declarator.
 */
export function readSpecifiers(source: DeclarationSource, node: number, from: number): Specifiers {
  const { nodes, text } = source;
  const found: Specifiers = { type: UNKNOWN, constant: false, storage: 'none', inline: false, attributes: [], from };
  let typeNode = 0;
  let firstDeclarator = 0;
  for (let c = nodes.firstChild[node]; c !== 0; c = nodes.nextSibling[c]) {
    const kind = nodes.kind[c];
    if (nodes.field[c] === Field.type && typeNode === 0) typeNode = c;
    else if (nodes.field[c] === Field.declarator && firstDeclarator === 0) firstDeclarator = c;
    else if (kind === Kind.type_qualifier && isConstantWord(textOf(nodes, c, text))) found.constant = true;
    else if (kind === Kind.storage_class_specifier) {
      const word = textOf(nodes, c, text);
      if (word === 'static' || word === 'extern') found.storage = word;
      else if (INLINE_WORDS.has(word)) found.inline = true;
    } else if (kind === Kind.attribute_specifier) {
      found.attributes.push(...unmaskedAttributes(source, c));
    }
  }
  const end = firstDeclarator === 0 ? nodes.end[node] : nodes.start[firstDeclarator];
  if (typeNode === 0) {
    found.attributes.push(...attributesIn(source, from, end));
  } else {
    const nameNode = nameNodeOf(nodes, firstDeclarator);
    found.type = typeOfSpecifier(source, typeNode, nameNode === 0 ? '' : textOf(nodes, nameNode, text));
    const typeEnd = specifierEnd(source, typeNode);
    found.attributes.push(...attributesIn(source, from, nodes.start[typeNode]), ...attributesIn(source, typeEnd, end));
    if (nodes.end[typeNode] < typeEnd) found.from = typeEnd;
    if (!found.constant && nodes.kind[typeNode] === Kind.sized_type_specifier) found.constant = hasConstant(source, typeNode);
  }
  if (found.attributes.some((a) => INLINE_WORDS.has(a.name))) found.inline = true;
  return found;
}

/** `__attribute__((…))` that stands in the tree because no mask took it out. */
function unmaskedAttributes(source: DeclarationSource, node: number): AttributeUse[] {
  const list = childOfKind(source.nodes, node, Kind.argument_list);
  if (list === 0) return [];
  return attributeUses('__attribute__', textOf(source.nodes, list, source.text));
}

function spaceBetween(source: DeclarationSource, start: number, end: number): AddressSpace | undefined {
  if (start >= end) return undefined;
  let space: AddressSpace | undefined;
  for (const mark of marksIn(source.marks, source.start + start, source.start + end))
    if (mark.kind === 'attribute') space = addressSpaceOf(mark.name) ?? space;
  return space;
}

function arrayOf(source: DeclarationSource, node: number, of: CType): CType {
  const size = childByField(source.nodes, node, Field.size);
  if (size === 0) return { kind: 'array', of, length: null, flexible: true };
  const bound = originalSlice(source, source.nodes.start[size], source.nodes.end[size]);
  const length = constantValue(source, bound);
  // `[0]` is the old spelling of a flexible array.
  if (length === null) return { kind: 'array', of, length, flexible: false, bound };
  return { kind: 'array', of, length, flexible: length === 0 };
}

/**
 * Applies a declarator (named or abstract, or an init_declarator) to the type of its specifiers. Address space attributes go to the
 * pointer that follows them, as sparse reads them; behind the last `*` they count for that pointer.
 */
export function readDeclarator(source: DeclarationSource, declarator: number, specifiers: Specifiers): Declarator {
  const { nodes } = source;
  let { type, constant, from } = specifiers;
  let pointer: Extract<CType, { kind: 'pointer' }> | null = null;
  let nameNode = 0;
  let n = declarator;
  while (n !== 0) {
    switch (nodes.kind[n]) {
      case Kind.pointer_declarator:
      case Kind.abstract_pointer_declarator: {
        const space = spaceBetween(source, from, nodes.start[n]);
        pointer = { kind: 'pointer', to: type, ...(space && { space }), ...(constant && { constant }) };
        type = pointer;
        constant = hasConstant(source, n);
        from = nodes.start[n] + 1;
        n = childByField(nodes, n, Field.declarator);
        break;
      }
      case Kind.array_declarator:
      case Kind.abstract_array_declarator:
        type = arrayOf(source, n, type);
        n = childByField(nodes, n, Field.declarator);
        break;
      case Kind.function_declarator:
      case Kind.abstract_function_declarator: {
        const list = childByField(nodes, n, Field.parameters);
        type = { kind: 'function', returns: type, ...(list === 0 ? { parameters: [], variadic: true } : parametersOf(source, list)) };
        constant = false;
        n = childByField(nodes, n, Field.declarator);
        break;
      }
      case Kind.parenthesized_declarator:
      case Kind.abstract_parenthesized_declarator:
      case Kind.attributed_declarator:
        n = innerDeclarator(nodes, n);
        break;
      case Kind.identifier:
      case Kind.field_identifier:
      case Kind.type_identifier:
      case Kind.primitive_type:
        nameNode = n;
        n = 0;
        break;
      default:
        n = childByField(nodes, n, Field.declarator);
    }
  }
  if (nameNode === 0) return { name: '', nameNode, type, constant };
  const space = spaceBetween(source, from, nodes.start[nameNode]);
  if (space && pointer && !pointer.space) pointer.space = space;
  else if (space && !pointer && type.kind === 'named') type = { ...type, space };
  const name = textOf(nodes, nameNode, source.text);
  const mark = markAt(source.marks, source.start + nodes.start[nameNode], 'declaration');
  if (mark) type = typeOfDeclaringMacro(mark, name, type, (text) => constantValue(source, text));
  return { name, nameNode, type, constant };
}

function parameterOf(source: DeclarationSource, node: number, from: number, to: number): ParameterDeclaration {
  const { nodes } = source;
  if (nodes.kind[node] !== Kind.parameter_declaration) return { name: textOf(nodes, node, source.text), type: UNKNOWN, attributes: [] };
  const specifiers = readSpecifiers(source, node, from);
  const declaratorNode = childByField(nodes, node, Field.declarator);
  const declared = readDeclarator(source, declaratorNode, specifiers);
  const after = declaratorNode === 0 ? nodes.end[node] : nodes.start[declaratorNode];
  const attributes = [...specifiers.attributes, ...attributesIn(source, after, to)];
  let { type } = declared;
  if (declaratorNode === 0) {
    const space = type.kind === 'named' ? spaceBetween(source, from, to) : undefined;
    if (space && type.kind === 'named') type = { ...type, space };
  }
  // As the language has it: a parameter declared as array or function is a pointer.
  if (type.kind === 'array') type = { kind: 'pointer', to: type.of, ...(declared.constant && { constant: true }) };
  else if (type.kind === 'function') type = { kind: 'pointer', to: type };
  return { name: declared.name, type, attributes };
}

/** The parameters of a `parameter_list` node; `(void)` gives none. */
export function parametersOf(source: DeclarationSource, list: number): { parameters: ParameterDeclaration[]; variadic: boolean } {
  const { nodes, text } = source;
  const parameters: ParameterDeclaration[] = [];
  let variadic = false;
  let from = nodes.start[list] + 1;
  for (let c = nodes.firstChild[list]; c !== 0; c = nodes.nextSibling[c]) {
    const kind = nodes.kind[c];
    const next = nodes.nextSibling[c];
    const comma = text.indexOf(',', nodes.end[c]);
    const to = next === 0 || comma < 0 ? nodes.end[list] - 1 : Math.min(comma, nodes.start[next]);
    if (kind === Kind.variadic_parameter) variadic = true;
    else if (kind === Kind.parameter_declaration || kind === Kind.identifier) parameters.push(parameterOf(source, c, from, to));
    from = to + 1;
  }
  const only = parameters[0];
  if (parameters.length === 1 && only.name === '' && only.type.kind === 'void') return { parameters: [], variadic };
  return { parameters, variadic };
}

/** The declarators of a declaration-like node with the range that belongs to each: from its start to the comma behind it. */
export function declaratorsOf(source: DeclarationSource, node: number): { declarator: number; bits: number; end: number }[] {
  const { nodes, text } = source;
  const found: { declarator: number; bits: number; end: number }[] = [];
  for (let c = nodes.firstChild[node]; c !== 0; c = nodes.nextSibling[c]) {
    const kind = nodes.kind[c];
    if (kind === Kind.bitfield_clause) {
      const last = found[found.length - 1];
      if (last && last.bits === 0) last.bits = c;
      else found.push({ declarator: 0, bits: c, end: nodes.end[c] });
    } else if (nodes.field[c] === Field.declarator && kind !== Kind.gnu_asm_expression && kind !== Kind.ms_call_modifier) {
      found.push({ declarator: c, bits: 0, end: nodes.end[node] });
    }
  }
  for (let i = 0; i + 1 < found.length; i++) {
    const own = found[i].bits || found[i].declarator;
    const next = found[i + 1].declarator || found[i + 1].bits;
    const comma = text.indexOf(',', nodes.end[own]);
    found[i].end = comma < 0 ? nodes.start[next] : Math.min(comma, nodes.start[next]);
  }
  return found;
}

/** Attributes that stand in and behind one declarator up to `end`, without those of its parameters and its initialiser. */
export function declaratorAttributes(source: DeclarationSource, declarator: number, end: number): AttributeUse[] {
  const { nodes } = source;
  const own = nodes.kind[declarator] === Kind.init_declarator ? childByField(nodes, declarator, Field.declarator) : declarator;
  const value = own === declarator ? 0 : childByField(nodes, declarator, Field.value);
  const stop = value === 0 ? end : nodes.start[value];
  const uses: AttributeUse[] = [];
  // The outermost parameter list ends last: what stands before and behind it is the declarator's.
  let list = 0;
  for (let n = own; n !== 0 && list === 0; n = inner(nodes, n)) {
    const attribute = childOfKind(nodes, n, Kind.attribute_specifier);
    if (attribute !== 0) uses.push(...unmaskedAttributes(source, attribute));
    list = childByField(nodes, n, Field.parameters);
  }
  if (list === 0) return [...uses, ...attributesIn(source, nodes.start[own], stop)];
  return [...uses, ...attributesIn(source, nodes.start[own], nodes.start[list]), ...attributesIn(source, nodes.end[list], stop)];
}

function inner(nodes: ItemNodes, declarator: number): number {
  return (
    childByField(nodes, declarator, Field.declarator) ||
    (nodes.kind[declarator] === Kind.parenthesized_declarator ? innerDeclarator(nodes, declarator) : 0)
  );
}

const READERS: Readers = { specifiers: readSpecifiers, declarator: readDeclarator, attributes: declaratorAttributes };

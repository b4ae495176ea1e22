/** What one top-level item declares: the entrance of the declaration readers. */
import { type Mark, markAt, marksIn } from '../syntax/marks';
import { childByField, Field, Kind, namedChild, textOf } from '../syntax/nodeAccess';
import type { Item } from '../syntax/nodes';
import { definedFunction, functionOf } from './declarationsFunctions';
import { macroCallOfDeclaration, macroCallOfExpression } from './declarationsMacroCalls';
import { collecting, type DeclarationSource, itemSource } from './declaratorsSource';
import { argumentsOfUse } from './declaratorsMacros';
import { declaratorAttributes, declaratorsOf, readDeclarator, readSpecifiers, typeOfSpecifier } from './declaratorsTypes';
import { readInitializer, withInitializedLength } from './initializers';
import { type ItemDeclarations, type TypedefDeclaration, UNKNOWN } from './types';

export { itemSource } from './declaratorsSource';

/** White space behind the last item that is searched for calls; more is no text that people write. UTF-16 units. */
const MAXIMUM_TAIL = 20_000;

interface Collected extends ItemDeclarations {
  source: DeclarationSource;
}

function readDeclarationNode(out: Collected, node: number, from: number): void {
  const { source } = out;
  const { nodes } = source;
  const macro = macroCallOfDeclaration(source, node);
  if (macro) {
    out.macroCalls.push(...macro.calls);
    if (macro.initialized) pushUntyped(out, macro.initialized.nameNode, macro.initialized.value);
    return;
  }
  const specifiers = readSpecifiers(source, node, from);
  for (const { declarator, end } of declaratorsOf(source, node)) {
    const declared = readDeclarator(source, declarator, specifiers);
    if (declared.name === '') continue;
    const attributes = declaratorAttributes(source, declarator, end);
    const prototype = functionOf(source, declared, specifiers, attributes, false);
    if (prototype) {
      out.functions.push(prototype);
      continue;
    }
    // `static DEFINE_TABLE(x, 1) = …`: only the macro knows what it declares.
    const mark =
      declared.type.kind === 'unknown' ? markAt(source.marks, source.start + nodes.start[declared.nameNode], 'declaration') : undefined;
    if (mark)
      out.macroCalls.push({
        name: mark.name,
        arguments: argumentsOfUse(mark.text),
        place: { file: source.file, offset: mark.start - source.start },
      });
    const value = nodes.kind[declarator] === Kind.init_declarator ? childByField(nodes, declarator, Field.value) : 0;
    const initializer = value === 0 ? null : readInitializer(source, value);
    out.variables.push({
      name: declared.name,
      type: withInitializedLength(declared.type, initializer),
      attributes: [...specifiers.attributes, ...attributes],
      storage: specifiers.storage,
      constant: declared.constant,
      initializer,
      place: { file: source.file, offset: nodes.start[declared.nameNode] },
    });
  }
}

/** A variable that a macro declares: its name and initialiser are there, its type only the macro knows. */
function pushUntyped(out: Collected, nameNode: number, value: number): void {
  const { source } = out;
  out.variables.push({
    name: textOf(source.nodes, nameNode, source.text),
    type: UNKNOWN,
    attributes: [],
    storage: 'none',
    constant: false,
    initializer: readInitializer(source, value),
    place: { file: source.file, offset: source.nodes.start[nameNode] },
  });
}

function readTypedefs(out: Collected, node: number, from: number): void {
  const { source } = out;
  const specifiers = readSpecifiers(source, node, from);
  for (const { declarator, end } of declaratorsOf(source, node)) {
    const declared = readDeclarator(source, declarator, specifiers);
    if (declared.name === '') continue;
    const attributes = [...specifiers.attributes, ...declaratorAttributes(source, declarator, end)];
    const place = { file: source.file, offset: source.nodes.start[declared.nameNode] };
    const typedef: TypedefDeclaration = { name: declared.name, type: declared.type, place };
    if (attributes.length > 0) typedef.attributes = attributes;
    out.typedefs.push(typedef);
  }
}

/** A call, or an assignment to a call (`DEFINE_TABLE(x) = { … };`), that stands as a statement at file scope. */
function readExpression(out: Collected, node: number): void {
  const { source } = out;
  const { nodes } = source;
  if (nodes.kind[node] === Kind.call_expression) {
    const call = macroCallOfExpression(source, node);
    if (call) out.macroCalls.push(call);
  } else if (nodes.kind[node] === Kind.assignment_expression) {
    const left = childByField(nodes, node, Field.left);
    const value = childByField(nodes, node, Field.right);
    if (nodes.kind[left] !== Kind.call_expression) return;
    readExpression(out, left);
    const first = namedChild(nodes, childByField(nodes, left, Field.arguments), 0);
    if (first !== 0 && nodes.kind[first] === Kind.identifier) pushUntyped(out, first, value);
  } else if (nodes.kind[node] === Kind.comma_expression || nodes.kind[node] === Kind.binary_expression) {
    for (let c = nodes.firstChild[node]; c !== 0; c = nodes.nextSibling[c]) readExpression(out, c);
  }
}

/** Records and enums that a function body declares: their names are looked up like any other. */
function readLocalTypes(out: Collected, body: number): void {
  const { source } = out;
  const { nodes } = source;
  for (let n = 1; n < nodes.count; n++) {
    const kind = nodes.kind[n];
    if (nodes.start[n] < nodes.start[body]) continue;
    if (kind === Kind.declaration) {
      const typeNode = childByField(nodes, n, Field.type);
      if (typeNode !== 0 && childByField(nodes, typeNode, Field.body) !== 0) readSpecifiers(source, n, nodes.start[n]);
    } else if (kind === Kind.compound_statement || kind === Kind.labeled_statement || kind === Kind.case_statement) {
      // `struct tag { … };` without a declarator is no declaration node.
      for (let c = nodes.firstChild[n]; c !== 0; c = nodes.nextSibling[c]) readBareType(out, c);
    }
  }
}

function readBareType(out: Collected, node: number): void {
  const { nodes } = out.source;
  const kind = nodes.kind[node];
  if (kind !== Kind.struct_specifier && kind !== Kind.union_specifier && kind !== Kind.enum_specifier) return;
  if (childByField(nodes, node, Field.body) !== 0) typeOfSpecifier(out.source, node, '');
}

/**
 * File-scope macro calls without a semicolon that the mask had to blank (no white space took a `;`): they stand between items as marks.
 * Those in [start, end) of the item; the ones before an item are its, at negative offsets.
 */
function readBlankedCalls(out: Collected, start: number, end: number): void {
  const { source } = out;
  for (const mark of marksIn(source.marks, source.start + start, source.start + end)) {
    if (mark.kind !== 'declaration') continue;
    out.macroCalls.push({
      name: mark.name,
      arguments: argumentsOfUse(mark.text),
      place: { file: source.file, offset: mark.start - source.start },
    });
  }
}

function readNode(out: Collected, node: number, from: number): void {
  const { nodes } = out.source;
  switch (nodes.kind[node]) {
    case Kind.function_definition: {
      const definition = definedFunction(out.source, node, from);
      const body = childByField(nodes, node, Field.body);
      if (definition) out.functions.push(definition);
      if (body !== 0) readLocalTypes(out, body);
      break;
    }
    case Kind.declaration:
      readDeclarationNode(out, node, from);
      break;
    case Kind.type_definition:
      readTypedefs(out, node, from);
      break;
    case Kind.struct_specifier:
    case Kind.union_specifier:
    case Kind.enum_specifier:
      readBareType(out, node);
      break;
    case Kind.expression_statement:
      for (let c = nodes.firstChild[node]; c !== 0; c = nodes.nextSibling[c]) readExpression(out, c);
      break;
    case Kind.call_expression:
      readExpression(out, node);
      break;
    case Kind.linkage_specification:
    case Kind.ERROR:
    case Kind.preproc:
    case Kind.other:
    case Kind.translation_unit: {
      let end = nodes.start[node];
      for (let c = nodes.firstChild[node]; c !== 0; c = nodes.nextSibling[c]) {
        readNode(out, c, end);
        end = nodes.end[c];
      }
      break;
    }
  }
}

/**
 * What a top-level item declares, records and enums inside it and inside its function body included. All offsets are relative to
 * `item.start`; those of macro calls that stand unterminated before the item are negative. Attributes that the mask blanked in the white space around the item count as the item's (prefix annotations,
 * `} __packed;`), so a cache must be keyed by that white space's marks too. Total: what cannot be understood is left out or UNKNOWN.
 * `evaluate` gives the value of constant expressions; without it only literals have values and the texts are kept beside.
 */
export function declarationsOf(
  item: Item,
  maskedText: string,
  originalText: string,
  marks: readonly Mark[],
  file: string,
  origin: 'driver' | 'kernel',
  evaluate?: (text: string) => number | null,
): ItemDeclarations {
  const inside = itemSource(item, maskedText, marks, originalText);
  const source = collecting({ ...inside, evaluate }, file, origin);
  const { records, enums } = source;
  const out: Collected = { source, records, enums, typedefs: [], functions: [], variables: [], macroCalls: [] };
  readBlankedCalls(out, inside.leading, 0);
  readNode(out, 0, inside.leading);
  // Behind the last item no other one takes the calls that stand there.
  if (maskedText.length - item.end <= MAXIMUM_TAIL && /^[\s;]*$/.test(maskedText.slice(item.end))) {
    readBlankedCalls(out, item.end - item.start, maskedText.length - item.start);
  }
  const { typedefs, functions, variables, macroCalls } = out;
  return { records, enums, typedefs, functions, variables, macroCalls };
}

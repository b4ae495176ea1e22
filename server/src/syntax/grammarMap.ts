/** The grammar's symbol and field ids in terms of our own numbers. */
import type { Language } from 'web-tree-sitter';
import { NODE_FIELDS, NODE_KINDS } from './nodes';

/** How the flattening treats a node. What stands above `Token` always becomes a node. */
export const enum Role {
  /** Anonymous token that never matters. */
  Skip,
  /** Anonymous token that matters where it fills a field (operators). */
  Token,
  /** Node without children that matter. */
  Leaf,
  /** Node that may be a top-level item. */
  Item,
  /** Node whose children are top-level items. */
  Wrapper,
  Error,
  Other,
}

const LEAVES = new Set(
  (
    'identifier field_identifier type_identifier statement_identifier primitive_type number_literal char_literal string_literal ' +
    'system_lib_string null true false variadic_parameter storage_class_specifier gnu_asm_qualifier break_statement continue_statement'
  ).split(' '),
);
const ITEMS = new Set(
  (
    'function_definition declaration type_definition expression_statement struct_specifier union_specifier enum_specifier ' +
    'macro_type_specifier sized_type_specifier compound_statement if_statement while_statement do_statement for_statement switch_statement ' +
    'case_statement return_statement break_statement continue_statement goto_statement labeled_statement attributed_statement'
  ).split(' '),
);
const WRAPPERS = new Set(['translation_unit', 'linkage_specification', 'declaration_list']);
const SURVIVORS = new Set([
  'function_definition',
  'type_definition',
  'declaration',
  'struct_specifier',
  'union_specifier',
  'enum_specifier',
]);
/** tree-sitter's symbol of ERROR nodes, in no grammar's list. */
const ERROR_SYMBOL = 65535;

export class GrammarMap {
  readonly missing = NODE_KINDS.indexOf('MISSING');
  private readonly kinds: Uint8Array;
  private readonly roles: Uint8Array;
  private readonly fields: Uint8Array;
  readonly error = NODE_KINDS.indexOf('ERROR');
  private readonly openBrace: number;
  private readonly closeBrace: number;
  private readonly functionDefinition = NODE_KINDS.indexOf('function_definition');
  private readonly survivors: ReadonlySet<number>;

  constructor(language: Language) {
    const count = language.nodeTypeCount;
    const known = new Map<string, number>(NODE_KINDS.map((name, i) => [name, i]));
    const other = NODE_KINDS.indexOf('other');
    const operator = NODE_KINDS.indexOf('operator');
    const preprocessor = NODE_KINDS.indexOf('preproc');
    this.kinds = new Uint8Array(count).fill(other);
    this.roles = new Uint8Array(count);
    for (let id = 0; id < count; id++) {
      const name = language.nodeTypeForId(id) ?? '';
      if (!language.nodeTypeIsNamed(id)) {
        this.kinds[id] = operator;
        // Brackets and separators fill no field.
        this.roles[id] = /^[()[\]{},;]$/.test(name) ? Role.Skip : Role.Token;
      } else if (name === 'comment') {
        this.roles[id] = Role.Skip;
      } else {
        this.kinds[id] = name.startsWith('preproc_') ? preprocessor : (known.get(name) ?? other);
        this.roles[id] =
          LEAVES.has(name) && !ITEMS.has(name) ? Role.Leaf : ITEMS.has(name) ? Role.Item : WRAPPERS.has(name) ? Role.Wrapper : Role.Other;
      }
    }
    this.openBrace = language.idForNodeType('{', false) ?? -1;
    this.closeBrace = language.idForNodeType('}', false) ?? -1;
    this.survivors = new Set([...SURVIVORS].map((name) => (NODE_KINDS as readonly string[]).indexOf(name)));
    this.fields = new Uint8Array(language.fieldCount + 1);
    for (let id = 1; id <= language.fieldCount; id++) {
      const field = (NODE_FIELDS as readonly string[]).indexOf(language.fieldNameForId(id) ?? '');
      this.fields[id] = field < 0 ? 0 : field;
    }
  }

  kind(symbol: number): number {
    return symbol === ERROR_SYMBOL ? this.error : this.kinds[symbol];
  }

  role(symbol: number): Role {
    return symbol === ERROR_SYMBOL ? Role.Error : this.roles[symbol];
  }

  /** Our number of a field id; 0 for none. */
  field(id: number): number {
    return this.fields[id];
  }

  /** 1 for `{`, -1 for `}`, else 0. */
  brace(symbol: number): number {
    return symbol === this.openBrace ? 1 : symbol === this.closeBrace ? -1 : 0;
  }

  /** True for a node that is an item although it stands in an ERROR; `inBraces`: behind a brace that the ERROR leaves open. */
  survivesError(symbol: number, inBraces: boolean): boolean {
    const kind = this.kind(symbol);
    return inBraces ? kind === this.functionDefinition : this.survivors.has(kind);
  }
}

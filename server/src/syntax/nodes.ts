/**
 * Named node kinds of tree-sitter-c that the layers above read, under numbers of our own:
 * the layers above do not depend on the grammar's symbol ids.
 */
export const NODE_KINDS = [
  'ERROR',
  'MISSING',
  'other',
  'translation_unit',
  'function_definition',
  'declaration',
  'type_definition',
  'linkage_specification',
  'declaration_list',
  'expression_statement',
  'compound_statement',
  'if_statement',
  'else_clause',
  'while_statement',
  'do_statement',
  'for_statement',
  'switch_statement',
  'case_statement',
  'return_statement',
  'break_statement',
  'continue_statement',
  'goto_statement',
  'labeled_statement',
  'attributed_statement',
  'identifier',
  'field_identifier',
  'type_identifier',
  'statement_identifier',
  'primitive_type',
  'sized_type_specifier',
  'storage_class_specifier',
  'type_qualifier',
  'struct_specifier',
  'union_specifier',
  'enum_specifier',
  'enumerator_list',
  'enumerator',
  'field_declaration_list',
  'field_declaration',
  'bitfield_clause',
  'macro_type_specifier',
  'type_descriptor',
  'init_declarator',
  'pointer_declarator',
  'function_declarator',
  'array_declarator',
  'parenthesized_declarator',
  'attributed_declarator',
  'abstract_pointer_declarator',
  'abstract_function_declarator',
  'abstract_array_declarator',
  'abstract_parenthesized_declarator',
  'parameter_list',
  'parameter_declaration',
  'variadic_parameter',
  'call_expression',
  'argument_list',
  'field_expression',
  'subscript_expression',
  'pointer_expression',
  'assignment_expression',
  'update_expression',
  'unary_expression',
  'binary_expression',
  'conditional_expression',
  'comma_expression',
  'cast_expression',
  'sizeof_expression',
  'alignof_expression',
  'offsetof_expression',
  'generic_expression',
  'parenthesized_expression',
  'compound_literal_expression',
  'gnu_asm_expression',
  'extension_expression',
  'initializer_list',
  'initializer_pair',
  'field_designator',
  'subscript_designator',
  'subscript_range_designator',
  'number_literal',
  'char_literal',
  'string_literal',
  'concatenated_string',
  'null',
  'true',
  'false',
  'attribute_specifier',
  'attribute_declaration',
  'attribute',
  'alignas_qualifier',
  'ms_call_modifier',
  'operator',
  'gnu_asm_output_operand_list',
  'gnu_asm_input_operand_list',
  'gnu_asm_output_operand',
  'gnu_asm_input_operand',
  'gnu_asm_qualifier',
  'gnu_asm_clobber_list',
  'gnu_asm_goto_list',
  'preproc',
] as const;
export type NodeKindName = (typeof NODE_KINDS)[number];

/** Field names of tree-sitter-c; index 0 is "no field". */
export const NODE_FIELDS = [
  '',
  'type',
  'declarator',
  'body',
  'parameters',
  'name',
  'value',
  'condition',
  'consequence',
  'alternative',
  'initializer',
  'update',
  'function',
  'arguments',
  'argument',
  'field',
  'index',
  'left',
  'right',
  'operator',
  'size',
  'label',
  'designator',
  'member',
  'underlying_type',
  'operand',
  'prefix',
  'register',
  'assembly_code',
  'clobbers',
  'goto_labels',
  'input_operands',
  'output_operands',
  'constraint',
  'symbol',
  'start',
  'end',
] as const;
export type NodeFieldName = (typeof NODE_FIELDS)[number];

/**
 * One top-level item (function, declaration, …) flattened: node 0 is the item itself, offsets are relative to the item's start.
 * Plain data: no tree survives it. Anonymous tokens are left out unless they fill a field (operators).
 */
export interface ItemNodes {
  count: number;
  /** Index into NODE_KINDS. */
  kind: Uint8Array;
  /** Index into NODE_FIELDS. */
  field: Uint8Array;
  start: Int32Array;
  end: Int32Array;
  /** 0 where there is none (node 0 is nobody's child). */
  firstChild: Int32Array;
  nextSibling: Int32Array;
}

/** A top-level item of a masked text. */
export interface Item {
  /** Offset in the masked text. */
  start: number;
  end: number;
  kind: NodeKindName;
  /** An ERROR or MISSING node lies inside. */
  hasError: boolean;
  nodes: ItemNodes;
}

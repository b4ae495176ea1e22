/** Where faults can be put into a driver's text. Works on the text as it stands: a macro's use is mutated like a function's. */
import type { Knowledge } from '../../../server/src/knowledge/model';
import { mask } from '../../../server/src/syntax/mask';
import { childByField, childOfKind, childrenOf, Field, Kind, operatorOf } from '../../../server/src/syntax/nodeAccess';
import type { Item, ItemNodes } from '../../../server/src/syntax/nodes';
import type { Parser } from '../../../server/src/syntax/parser';
import type { FaultKind, Mutation } from './kinds';

export interface Ground {
  parser: Parser;
  knowledge: Knowledge;
}

/** All mutations of the functions of a text. Functions that do not parse without their macros expanded are left out. */
export function candidatesOf(text: string, ground: Ground): Mutation[] {
  const masked = mask(text, ground.knowledge.dialect);
  const tree = ground.parser.parse(masked.text);
  const items = ground.parser.flatten(tree);
  tree.delete();
  const accessors = accessorMacros(text, ground.knowledge);
  const found = items
    .filter((item) => item.kind === 'function_definition' && !item.hasError)
    .flatMap((item) => new FunctionWalk(text, masked.text, item, ground.knowledge, accessors).run());
  return underOwnNames(found);
}

/** In native copies of isolated modules the driver's functions have a prefix, and stubs have their names. */
const NATIVE = 'fgft_native_';

function underOwnNames(found: readonly Mutation[]): Mutation[] {
  const renamed = new Set(found.filter((c) => c.function.startsWith(NATIVE)).map((c) => c.function.slice(NATIVE.length)));
  return found
    .filter((c) => !renamed.has(c.function))
    .map((c) => (c.function.startsWith(NATIVE) ? { ...c, function: c.function.slice(NATIVE.length) } : c));
}

/** Macros of the text whose body hands one of their parameters to a register accessor: name to the parameter's number. */
function accessorMacros(text: string, knowledge: Knowledge): Map<string, number> {
  const found = new Map<string, number>();
  for (const [, name, parameters, body] of text.matchAll(/^[ \t]*#[ \t]*define[ \t]+(\w+)\(([^)]*)\)((?:[^\n]*\\\n)*[^\n]*)/gm)) {
    const names = parameters.split(',').map((p) => p.trim());
    for (const [, callee, inner] of body.matchAll(/\b(\w+)\s*\(([^;]*)\)/g)) {
      if (!isAccessor(knowledge, callee)) continue;
      const at = names.findIndex((n) => new RegExp(`\\+\\s*\\(?\\s*${n}\\b`).test(inner));
      if (at >= 0) found.set(name, at);
    }
  }
  return found;
}

function isAccessor(knowledge: Knowledge, name: string): boolean {
  const effects = knowledge.functions.get(name)?.effects ?? [];
  return effects.some((e) => e === 'device-read' || e === 'device-write' || e === 'io-read' || e === 'io-write');
}

/** Register accessors take the address last when they write (`writel(value, address)`) and first when they read. */
function addressArgument(count: number): number {
  return count - 1;
}

class FunctionWalk {
  private readonly found: Mutation[] = [];
  private readonly nodes: ItemNodes;
  private readonly name: string;
  private readonly pointerParameter: string | null;

  constructor(
    private readonly text: string,
    private readonly masked: string,
    private readonly item: Item,
    private readonly knowledge: Knowledge,
    private readonly accessors: ReadonlyMap<string, number>,
  ) {
    this.nodes = item.nodes;
    const declarator = this.functionDeclarator();
    this.name = declarator === 0 ? '' : this.own(childByField(this.nodes, declarator, Field.declarator));
    this.pointerParameter = declarator === 0 ? null : this.firstPointer(declarator);
  }

  run(): Mutation[] {
    const body = childByField(this.nodes, 0, Field.body);
    if (this.name !== '' && body !== 0) this.visit(body);
    return this.found;
  }

  private functionDeclarator(): number {
    let n = childByField(this.nodes, 0, Field.declarator);
    while (n !== 0 && this.nodes.kind[n] !== Kind.function_declarator) n = childByField(this.nodes, n, Field.declarator);
    return n;
  }

  private firstPointer(declarator: number): string | null {
    const list = childByField(this.nodes, declarator, Field.parameters);
    for (const parameter of childrenOf(this.nodes, list)) {
      const pointer = childByField(this.nodes, parameter, Field.declarator);
      const name =
        pointer === 0 || this.nodes.kind[pointer] !== Kind.pointer_declarator ? 0 : childOfKind(this.nodes, pointer, Kind.identifier);
      if (name !== 0) return this.own(name);
    }
    return null;
  }

  /** The text of a node as the file has it. */
  private own(node: number): string {
    return this.text.slice(this.item.start + this.nodes.start[node], this.item.start + this.nodes.end[node]);
  }

  private add(kind: FaultKind, node: number, before: string, after: string): void {
    const start = this.item.start + this.nodes.start[node];
    const end = this.item.start + this.nodes.end[node];
    // What the mask rewrote cannot be wrapped as an expression.
    if (this.text.slice(start, end) !== this.masked.slice(start, end)) return;
    const line = this.text.slice(0, start).split('\n').length;
    this.found.push({ kind, function: this.name, start, end, before, after, line, text: this.text.slice(start, end) });
  }

  private visit(node: number): void {
    switch (this.nodes.kind[node]) {
      case Kind.sizeof_expression:
      case Kind.offsetof_expression:
      case Kind.alignof_expression:
      case Kind.gnu_asm_expression:
      case Kind.initializer_list:
      case Kind.array_declarator:
      case Kind.type_descriptor:
        return;
      case Kind.declaration:
        if (childOfKind(this.nodes, node, Kind.storage_class_specifier) !== 0) return;
        break;
      case Kind.case_statement:
        for (const c of childrenOf(this.nodes, node)) if (this.nodes.field[c] !== Field.value) this.visit(c);
        return;
      case Kind.field_expression:
        if (operatorOf(this.nodes, node, this.masked.slice(this.item.start)) === '->')
          this.pointer(childByField(this.nodes, node, Field.argument));
        break;
      case Kind.subscript_expression:
        this.index(node);
        break;
      case Kind.if_statement:
        this.condition(node);
        break;
      case Kind.for_statement:
      case Kind.while_statement:
      case Kind.do_statement:
        this.loop(node);
        break;
      case Kind.binary_expression:
        this.operator(node);
        break;
      case Kind.expression_statement:
        this.statement(node);
        break;
      case Kind.call_expression:
        this.register(node);
        break;
    }
    for (let c = this.nodes.firstChild[node]; c !== 0; c = this.nodes.nextSibling[c]) this.visit(c);
  }

  private pointer(node: number): void {
    if (node === 0 || this.nodes.kind[node] === Kind.call_expression) return;
    const text = this.own(node);
    for (const [kind, value] of [
      ['null-pointer', '0'],
      ['bad-pointer', '0xffffc0dedead0000UL'],
      ['uninitialised-pointer', '0x6b6b6b6b6b6b6b6bUL'],
    ] as const)
      this.add(kind, node, `(FGFT_FAULT(NUMBER) ? (typeof(&*(${text})))${value} : (`, '))');
  }

  private index(node: number): void {
    const array = childByField(this.nodes, node, Field.argument);
    const index = childByField(this.nodes, node, Field.index);
    if (array === 0 || index === 0) return;
    const text = this.own(array);
    this.add('off-by-one-index', index, '((', `) + (FGFT_FAULT(NUMBER) ? (sizeof(${text}) + 0) / sizeof((${text})[0]) : 0))`);
  }

  private condition(node: number): void {
    const condition = childByField(this.nodes, node, Field.condition);
    if (condition !== 0) this.add('inverted-condition', condition, '(FGFT_FAULT(NUMBER) != !!', ')');
  }

  private loop(node: number): void {
    const condition = childByField(this.nodes, node, Field.condition);
    // The kernel's loop macros are loops for the parser only.
    if (condition === 0 || !/^(for|while|do)\b/.test(this.own(node))) return;
    // A `while` has its parentheses in the condition, a `for` has not.
    this.add('runaway-loop', condition, '((', ') || FGFT_FAULT_HOLDS(NUMBER))');
    const inner = this.nodes.kind[condition] === Kind.parenthesized_expression ? this.nodes.firstChild[condition] : condition;
    if (this.nodes.kind[inner] !== Kind.binary_expression) return;
    const operator = operatorOf(this.nodes, inner, this.masked.slice(this.item.start));
    const right = childByField(this.nodes, inner, Field.right);
    if ((operator === '<' || operator === '<=') && right !== 0)
      this.add('corrupted-loop-bound', right, '((', ') + (FGFT_FAULT_HOLDS(NUMBER) ? 100000 : 0))');
  }

  private operator(node: number): void {
    const other = { '&': '|', '|': '&', '<<': '>>', '>>': '<<', '^': '|' }[
      operatorOf(this.nodes, node, this.masked.slice(this.item.start))
    ];
    const left = childByField(this.nodes, node, Field.left);
    const right = childByField(this.nodes, node, Field.right);
    if (other && left !== 0 && right !== 0)
      this.add('wrong-operator', node, `(FGFT_FAULT(NUMBER) ? (${this.own(left)}) ${other} (${this.own(right)}) : (`, '))');
  }

  private statement(node: number): void {
    const expression = this.nodes.firstChild[node];
    if (expression === 0) return;
    const wrap = (kind: FaultKind, what: string): void => this.add(kind, node, `{ ${what}; `, ' }');
    wrap('stack-smash', 'FGFT_FAULT_SMASH(NUMBER)');
    wrap('divide-by-zero', 'FGFT_FAULT_DIVIDE(NUMBER)');
    wrap('invalid-opcode', 'FGFT_FAULT_OPCODE(NUMBER)');
    wrap('bad-call', 'FGFT_FAULT_CALL(NUMBER)');
    wrap('use-after-free', 'FGFT_FAULT_FREED(NUMBER)');
    if (this.pointerParameter) wrap('wild-write', `FGFT_FAULT_WILD(NUMBER, ${this.pointerParameter})`);
    const kind = this.nodes.kind[expression];
    if (kind === Kind.assignment_expression) this.add('missing-assignment', node, '{ if (!FGFT_FAULT(NUMBER)) ', ' }');
    if (kind === Kind.call_expression) this.locking(node, expression);
  }

  private locking(statement: number, call: number): void {
    const name = this.own(childByField(this.nodes, call, Field.function));
    const known = this.knowledge.functions.get(name);
    if (!known || !this.knowledge.functions.has(name)) return;
    if (known.effects.includes('lock')) this.add('double-lock', statement, '{ ', ` if (FGFT_FAULT(NUMBER)) ${this.own(statement)} }`);
    if (known.effects.includes('unlock')) this.add('missing-unlock', statement, '{ if (!FGFT_FAULT(NUMBER)) ', ' }');
  }

  private register(call: number): void {
    const name = this.own(childByField(this.nodes, call, Field.function));
    const list = childByField(this.nodes, call, Field.arguments);
    const parts = childrenOf(this.nodes, list);
    const at = this.accessors.get(name) ?? (isAccessor(this.knowledge, name) ? addressArgument(parts.length) : -1);
    if (at < 0 || at >= parts.length) return;
    this.add('bad-register-offset', parts[at], '((', ') + (FGFT_FAULT(NUMBER) ? 0x100000 : 0))');
  }
}

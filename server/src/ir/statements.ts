/** Statements to control flow. Internal to `ir`. */
import { readDeclaration } from '../symbols/declarators';
import { variablesOfMacro } from '../symbols/declaringMacros';
import { type Mark, markAt } from '../syntax/marks';
import { factsOf, noteValue } from './branchFacts';
import type { Builder, Value } from './builder';
import { assign, constant, lowerUsed, lowerValue, UNKNOWN_VALUE } from './expressions';
import { lowerInitializer } from './initializers';
import { lowerLoopMacro } from './loopMacros';
import type { Operand } from './model';
import { childByField, Field, Kind, namedChild, namedChildrenOf } from './nodeReading';

/** Lowers a block; its value is that of its last expression statement, as in `({ … })`. */
export function lowerCompound(b: Builder, node: number): Value {
  let last: Value = UNKNOWN_VALUE;
  b.inScope(() => {
    for (const child of namedChildrenOf(b.source.nodes, node)) last = lowerStatement(b, child);
  });
  return last;
}

export function lowerStatement(b: Builder, node: number): Value {
  const { nodes } = b.source;
  switch (nodes.kind[node]) {
    case Kind.compound_statement:
      return lowerCompound(b, node);
    case Kind.expression_statement: {
      const expression = namedChild(nodes, node, 0);
      const value = expression ? lowerValue(b, expression) : UNKNOWN_VALUE;
      declareByMacro(b, expression);
      return value;
    }
    case Kind.declaration:
      lowerDeclaration(b, node);
      break;
    case Kind.if_statement:
      lowerIf(b, node);
      break;
    case Kind.while_statement:
      lowerWhile(b, node);
      break;
    case Kind.do_statement:
      lowerDo(b, node);
      break;
    case Kind.for_statement:
      lowerFor(b, node);
      break;
    case Kind.switch_statement:
      lowerSwitch(b, node);
      break;
    case Kind.case_statement:
      lowerCase(b, node);
      break;
    case Kind.return_statement: {
      const expression = namedChild(nodes, node, 0);
      const value = expression ? lowerUsed(b, expression) : null;
      b.releaseGuards(0);
      b.emit({ op: 'return', value, at: b.at(node) });
      break;
    }
    case Kind.break_statement:
      if (b.breakTargets.length > 0) b.leaveTo(b.breakTargets[b.breakTargets.length - 1]);
      break;
    case Kind.continue_statement:
      if (b.continueTargets.length > 0) b.leaveTo(b.continueTargets[b.continueTargets.length - 1]);
      break;
    case Kind.goto_statement:
      b.emit({ op: 'jump', to: b.namedLabel(b.text(childByField(nodes, node, Field.label))) });
      break;
    case Kind.labeled_statement:
      b.emit({ op: 'label', label: b.namedLabel(b.text(childByField(nodes, node, Field.label))) });
      for (const child of namedChildrenOf(nodes, node)) if (nodes.field[child] !== Field.label) lowerStatement(b, child);
      break;
    case Kind.attributed_statement:
      for (const child of namedChildrenOf(nodes, node)) if (nodes.kind[child] !== Kind.attribute_declaration) lowerStatement(b, child);
      break;
    case Kind.type_definition:
    case Kind.struct_specifier:
    case Kind.union_specifier:
    case Kind.enum_specifier:
    case Kind.attribute_declaration:
    case Kind.statement_identifier:
    case Kind.preproc:
      break;
    case Kind.ERROR:
    case Kind.MISSING:
      b.gap(node, 'statement could not be parsed');
      for (const child of namedChildrenOf(nodes, node)) lowerStatement(b, child);
      break;
    case Kind.function_definition:
      b.gap(node, 'nested function');
      break;
    default:
      return lowerValue(b, node);
  }
  return UNKNOWN_VALUE;
}

/** `DECLARE_COMPLETION_ONSTACK(done);` reads like a call and declares a variable. */
function declareByMacro(b: Builder, node: number): void {
  const { nodes } = b.source;
  if (!node || nodes.kind[node] !== Kind.call_expression) return;
  const known = b.environment.knowledge.declaringMacros.get(b.text(childByField(nodes, node, Field.function)));
  if (known?.position !== 'body' || !known.declares) return;
  const call = {
    name: known.name,
    arguments: namedChildrenOf(nodes, childByField(nodes, node, Field.arguments)).map((a) => b.text(a)),
    place: { file: '', offset: 0 },
  };
  for (const { name, type } of variablesOfMacro(call, b.environment.knowledge.declaringMacros))
    if (b.findLocal(name) < 0) b.addLocal(name, type, false);
}

function lowerDeclaration(b: Builder, node: number): void {
  for (const declared of readDeclaration(b.source, node)) {
    if (declared.type.kind === 'function' || declared.storage === 'extern') continue;
    if (declared.initializerNode === 0) {
      b.addLocal(declared.name, declared.type, false, declared.storage === 'static');
      continue;
    }
    const { nodes } = b.source;
    const isList = nodes.kind[declared.initializerNode] === Kind.initializer_list;
    // `struct foo *p = p->next` is not C; but the initialiser may use an outer variable of the same name.
    const before = b.instructions.length;
    b.declaring = declared;
    const value = isList ? null : lowerValue(b, declared.initializerNode);
    b.declaring = null;
    const span = b.instructions.length - before;
    const inferred = value && b.scope.resolve(declared.type).kind === 'unknown' ? value.type : declared.type;
    const local = b.addLocal(declared.name, inferred, false, declared.storage === 'static');
    const target = { place: { base: { kind: 'local' as const, local }, steps: [] }, type: inferred, bits: null };
    if (value) {
      if (value.operand.kind === 'address')
        b.touch({ place: value.operand.place, type: inferred, bits: null, kernel: value.kernel }, 'A', declared.initializerNode);
      if (declared.storage !== 'static') b.touch(target, 'W', declared.initializerNode, span);
      noteValue(b, local, declared.initializerNode);
      assign(b, target, value.operand, declared.initializerNode);
    } else lowerInitializer(b, target, declared.initializerNode);
  }
}

function lowerIf(b: Builder, node: number): void {
  const { nodes } = b.source;
  const before = b.instructions.length;
  const condition = lowerUsed(b, childByField(nodes, node, Field.condition));
  const span = b.instructions.length - before;
  const consequence = childByField(nodes, node, Field.consequence);
  const alternative = childByField(nodes, node, Field.alternative);
  const otherwise = alternative && nodes.kind[alternative] === Kind.else_clause ? namedChild(nodes, alternative, 0) : alternative;
  const yes = b.newLabel();
  const no = b.newLabel();
  const done = alternative ? b.newLabel() : no;
  const facts = factsOf(b, childByField(nodes, node, Field.condition));
  b.emit({ op: 'branch', to: decided(condition, yes, no), condition, at: b.at(node), span, ...(facts && { facts }) });
  b.emit({ op: 'label', label: yes });
  lowerStatement(b, consequence);
  if (alternative) {
    b.emit({ op: 'jump', to: done });
    b.emit({ op: 'label', label: no });
    lowerStatement(b, otherwise);
  }
  b.emit({ op: 'label', label: done });
}

/** The targets that a condition leaves possible. */
function decided(condition: Operand, yes: number, no: number): number[] {
  if (condition.kind !== 'constant' || condition.value === null) return [yes, no];
  return [condition.value !== 0 ? yes : no];
}

function inLoop(
  b: Builder,
  node: number,
  condition: number,
  macro: string | null,
  labels: { head: number; next: number; done: number },
  body: () => void,
): void {
  const { nodes } = b.source;
  const outer = b.loop;
  const at = b.at(node);
  const here = b.source.macro !== null || condition === 0;
  b.loops.push({
    parent: outer,
    start: at,
    end: at + b.length(node),
    head: labels.head,
    conditionStart: here ? at : nodes.start[condition],
    conditionEnd: here ? at : nodes.end[condition],
    macro,
  });
  b.loop = b.loops.length - 1;
  b.breakTargets.push(labels.done);
  b.continueTargets.push(labels.next);
  body();
  b.breakTargets.pop();
  b.continueTargets.pop();
  b.loop = outer;
}

function newLoopLabels(b: Builder): { head: number; next: number; done: number } {
  const head = b.newLabel();
  return { head, next: head, done: b.newLabel() };
}

function branchOn(b: Builder, condition: number, yes: number, no: number, node: number): void {
  const before = b.instructions.length;
  const value = condition ? lowerUsed(b, condition) : constant(1).operand;
  const span = b.instructions.length - before;
  const facts = condition ? factsOf(b, condition) : undefined;
  b.emit({ op: 'branch', to: decided(value, yes, no), condition: value, at: b.at(node), span, ...(facts && { facts }) });
}

function lowerWhile(b: Builder, node: number): void {
  const { nodes } = b.source;
  const condition = childByField(nodes, node, Field.condition);
  const body = childByField(nodes, node, Field.body);
  const mark = loopMark(b, node);
  const labels = newLoopLabels(b);
  const inside = b.newLabel();
  const known = mark ? b.environment.knowledge.loops.get(mark.name) : undefined;
  if (mark && known?.once) {
    // A scoped block: its body runs once; `break` leaves it.
    b.breakTargets.push(labels.done);
    b.continueTargets.push(labels.done);
    b.inScope(() => {
      const call = lowerLoopMacro(b, mark.name, condition);
      if (known.lock) b.guard(call);
      lowerStatement(b, body);
    });
    b.breakTargets.pop();
    b.continueTargets.pop();
    b.emit({ op: 'label', label: labels.done });
    return;
  }
  inLoop(b, node, condition, mark?.name ?? null, labels, () => {
    b.emit({ op: 'label', label: labels.head });
    if (mark) {
      lowerLoopMacro(b, mark.name, condition);
      b.emit({ op: 'branch', to: [inside, labels.done], condition: null, at: b.at(node), span: 0 });
    } else branchOn(b, condition, inside, labels.done, node);
    b.emit({ op: 'label', label: inside });
    lowerStatement(b, body);
    b.emit({ op: 'jump', to: labels.head });
  });
  b.emit({ op: 'label', label: labels.done });
}

function loopMark(b: Builder, node: number): Extract<Mark, { kind: 'loop' }> | undefined {
  const start = b.source.start + b.source.nodes.start[node];
  const mark = markAt(b.source.marks, start, 'loop');
  return mark?.start === start ? mark : undefined;
}

function lowerDo(b: Builder, node: number): void {
  const { nodes } = b.source;
  const condition = childByField(nodes, node, Field.condition);
  const labels = { head: b.newLabel(), next: b.newLabel(), done: b.newLabel() };
  inLoop(b, node, condition, null, labels, () => {
    b.emit({ op: 'label', label: labels.head });
    lowerStatement(b, childByField(nodes, node, Field.body));
    b.emit({ op: 'label', label: labels.next });
    branchOn(b, condition, labels.head, labels.done, node);
  });
  b.emit({ op: 'label', label: labels.done });
}

function lowerFor(b: Builder, node: number): void {
  const { nodes } = b.source;
  const condition = childByField(nodes, node, Field.condition);
  const labels = { head: b.newLabel(), next: b.newLabel(), done: b.newLabel() };
  const inside = b.newLabel();
  b.inScope(() => {
    const initializer = childByField(nodes, node, Field.initializer);
    if (initializer) {
      if (nodes.kind[initializer] === Kind.declaration) lowerDeclaration(b, initializer);
      else lowerUsed(b, initializer);
    }
    inLoop(b, node, condition, null, labels, () => {
      b.emit({ op: 'label', label: labels.head });
      branchOn(b, condition, inside, labels.done, node);
      b.emit({ op: 'label', label: inside });
      lowerStatement(b, childByField(nodes, node, Field.body));
      b.emit({ op: 'label', label: labels.next });
      const update = childByField(nodes, node, Field.update);
      if (update) lowerUsed(b, update);
      b.emit({ op: 'jump', to: labels.head });
    });
  });
  b.emit({ op: 'label', label: labels.done });
}

function lowerSwitch(b: Builder, node: number): void {
  const { nodes } = b.source;
  const before = b.instructions.length;
  const value = lowerUsed(b, childByField(nodes, node, Field.condition));
  const span = b.instructions.length - before;
  const done = b.newLabel();
  const cases: { label: number }[] = [];
  // The targets are known only after the body is lowered: the branch is filled in then.
  const targets: number[] = [];
  b.emit({ op: 'branch', to: targets, condition: value, at: b.at(node), span });
  b.breakTargets.push(done);
  b.switches.push(cases);
  lowerStatement(b, childByField(nodes, node, Field.body));
  b.switches.pop();
  b.breakTargets.pop();
  targets.push(...cases.map((c) => c.label), done);
  b.emit({ op: 'label', label: done });
}

function lowerCase(b: Builder, node: number): void {
  const { nodes } = b.source;
  const label = b.newLabel();
  b.switches[b.switches.length - 1]?.push({ label });
  b.emit({ op: 'label', label });
  for (const child of namedChildrenOf(nodes, node)) if (nodes.field[child] !== Field.value) lowerStatement(b, child);
}

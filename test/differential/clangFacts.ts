/** What clang's syntax tree says of each function of a file: members and globals that its text touches, and what it calls. */
import type { ClangNode, Written } from './clangTree';

export type Access = 'R' | 'W' | 'RW' | 'A';

export interface ClangFunction {
  name: string;
  /** `record.member` → access. `required` ones are written out in the driver's text or in its own macros. */
  fields: Map<string, { access: Access; required: boolean }>;
  globals: Set<string>;
  /** Variables of the kernel. */
  kernelGlobals: Set<string>;
  /** Functions that the driver's text calls by name. */
  calls: Set<string>;
  /** Functions that are called where a kernel macro is used. `readl` is among them: the headers define it as itself. */
  macroCalls: Set<string>;
}

export interface ClangFacts {
  functions: Map<string, ClangFunction>;
  /** Functions whose address is taken, those of other files among them. */
  addressTaken: Set<string>;
}

/** What reading a tree needs to know of the files. */
export interface Surroundings {
  /** True for the driver's own files. */
  isOwn(file: string): boolean;
  /** A line of a source file, 1-based; '' when there is none. */
  line(file: string, line: number): string;
}

const MEMBER = / (?:bitfield )?(->|\.)(\w+) 0x[0-9a-f]+/;
const ANONYMOUS = / (?:->|\.)(?:struct|union) .*\((?:anonymous|unnamed)/;
const TYPE = /^ '([^']*)'(?::'([^']*)')?/;
const REFERENCE = / (Function|Var|ParmVar) (0x[0-9a-f]+) '([^']*)'/;
const UNEVALUATED = new Set(['UnaryExprOrTypeTraitExpr', 'TypeOfExprType', 'OffsetOfExpr', 'TypeTraitExpr', 'StaticAssertDecl']);

export function accessUnion(a: Access, b: Access): Access {
  if (a === b || b === 'A') return a;
  return a === 'A' ? b : 'RW';
}

export function factsOf(declarations: readonly ClangNode[], around: Surroundings): ClangFacts {
  const facts: ClangFacts = { functions: new Map(), addressTaken: new Set() };
  const globals = new Map<string, string>();
  for (const d of declarations) if (d.kind === 'VarDecl') globals.set(d.id, declaredName(d));
  const tags = new Map<string, string>();
  for (const d of declarations) {
    const tag = d.kind === 'TypedefDecl' ? /'(?:struct|union) (\w+)'/.exec(d.rest)?.[1] : undefined;
    if (tag) tags.set(declaredName(d), tag);
  }
  const defined = new Set(declarations.filter(isDefinition).map(declaredName));
  for (const d of declarations) {
    if (d.kind === 'VarDecl') visitInitializer(d, facts);
    else if (isDefinition(d)) facts.functions.set(declaredName(d), new FunctionReader(d, around, { globals, defined, tags }, facts).read());
  }
  return facts;
}

function isDefinition(node: ClangNode): boolean {
  return node.kind === 'FunctionDecl' && node.children.some((c) => c.kind === 'CompoundStmt');
}

/** `used name 'type' static` → name. */
function declaredName(node: ClangNode): string {
  return /(\w+) '/.exec(node.rest)?.[1] ?? '';
}

function visitInitializer(node: ClangNode, facts: ClangFacts): void {
  const reference = node.kind === 'DeclRefExpr' ? REFERENCE.exec(node.rest) : null;
  if (reference?.[1] === 'Function') facts.addressTaken.add(reference[3]);
  for (const c of node.children) visitInitializer(c, facts);
}

interface FileNames {
  /** Variables at file scope by the identity of their declaration. */
  globals: ReadonlyMap<string, string>;
  /** Functions that the file defines. */
  defined: ReadonlySet<string>;
  /** Tags of records by their typedef's name: the report calls a record by its tag. */
  tags: ReadonlyMap<string, string>;
}

class FunctionReader {
  private readonly found: ClangFunction;
  private readonly statics = new Map<string, string>();
  private readonly locals = new Set<string>();

  constructor(
    private readonly node: ClangNode,
    private readonly around: Surroundings,
    private readonly file: FileNames,
    private readonly facts: ClangFacts,
  ) {
    this.found = {
      name: declaredName(node),
      fields: new Map(),
      globals: new Set(),
      kernelGlobals: new Set(),
      calls: new Set(),
      macroCalls: new Set(),
    };
  }

  read(): ClangFunction {
    for (const c of this.node.children) this.visit(c);
    return this.found;
  }

  private visit(node: ClangNode): void {
    if (UNEVALUATED.has(node.kind) || node.rest.includes('non_odr_use_unevaluated')) return;
    let children: readonly ClangNode[] = node.children;
    if (node.kind === 'VarDecl' && / static\b/.test(node.rest)) this.statics.set(node.id, declaredName(node));
    else if (node.kind === 'VarDecl') this.locals.add(node.id);
    else if (node.kind === 'IfStmt' || node.kind === 'ConditionalOperator') children = liveBranches(node);
    else if (node.kind === 'BinaryOperator' && / '(&&|\|\|)'/.test(node.rest)) children = liveOperands(node);
    else if (node.kind === 'MemberExpr') this.member(node);
    else if (node.kind === 'DeclRefExpr') this.reference(node);
    else if (node.kind === 'CallExpr') this.call(node);
    for (const c of children) this.visit(c);
  }

  private member(node: ClangNode): void {
    const name = MEMBER.exec(node.rest)?.[2];
    if (!name || isPassedThrough(node) || isOnStack(node)) return;
    const access = accessOf(node);
    if (!access) return;
    const record = recordOf(node.children[0]);
    const key = `${this.file.tags.get(record) ?? record}.${name}`;
    const required = this.isWrittenOut(node);
    const known = this.found.fields.get(key);
    this.found.fields.set(key, {
      access: known ? accessUnion(known.access, access) : access,
      required: required || (known?.required ?? false),
    });
  }

  /** True when `->name` or `.name` stands in the driver's text: what a kernel macro pastes together out of its arguments does not count. */
  private isWrittenOut(node: ClangNode): boolean {
    if (!node.begin || !node.end || !this.around.isOwn(node.end.file)) return false;
    const before = this.textBefore(node.end);
    return /(->|\.)$/.test(before);
  }

  private textBefore(place: Written): string {
    const before = this.around
      .line(place.file, place.line)
      .slice(0, place.column - 1)
      .trimEnd();
    return before !== '' || place.line < 2 ? before : this.around.line(place.file, place.line - 1).replace(/\\?\s*$/, '');
  }

  private reference(node: ClangNode): void {
    const [, kind, id, name] = REFERENCE.exec(node.rest) ?? [];
    if (kind === 'Var') {
      const global = this.file.globals.get(id) ?? this.statics.get(id);
      // What a kernel macro declares for itself (`static bool __warned`) is no variable of the driver's.
      if (global && node.begin && this.around.isOwn(node.begin.file)) this.found.globals.add(global);
      else if (!this.locals.has(id)) this.found.kernelGlobals.add(name);
    } else if (kind === 'Function' && !isCallee(node)) this.facts.addressTaken.add(name);
  }

  private call(node: ClangNode): void {
    const callee = calleeOf(node);
    const [, kind, , name] = (callee && REFERENCE.exec(callee.rest)) ?? [];
    if (kind !== 'Function' || !callee?.begin) return;
    (this.around.isOwn(callee.begin.file) || this.file.defined.has(name) ? this.found.calls : this.found.macroCalls).add(name);
  }
}

function calleeOf(call: ClangNode): ClangNode | undefined {
  let node: ClangNode | undefined = call.children[0];
  while (node && (node.kind === 'ImplicitCastExpr' || node.kind === 'ParenExpr')) node = node.children[0];
  return node?.kind === 'DeclRefExpr' ? node : undefined;
}

function isCallee(node: ClangNode): boolean {
  let current = node;
  while (current.parent && (current.parent.kind === 'ImplicitCastExpr' || current.parent.kind === 'ParenExpr')) current = current.parent;
  return current.parent?.kind === 'CallExpr' && current.parent.children[0] === current;
}

/** True for `a.b` in `a.b.c`: only the last member is touched. */
function isPassedThrough(node: ClangNode): boolean {
  let current = node;
  while (current.parent?.kind === 'ParenExpr') current = current.parent;
  for (;;) {
    const subscript = subscriptOf(current);
    if (!subscript) break;
    current = subscript;
  }
  const up = current.parent;
  if (up?.kind !== 'MemberExpr' || up.children[0] !== current) return false;
  return MEMBER.exec(up.rest)?.[1] === '.' || (ANONYMOUS.test(up.rest) && / \.(struct|union) /.test(up.rest));
}

/** The subscript expression whose array a node is, its decay left aside. */
function subscriptOf(node: ClangNode): ClangNode | null {
  const decay = node.parent;
  if (decay?.kind !== 'ImplicitCastExpr' || !decay.rest.includes('<ArrayToPointerDecay>')) return null;
  const up = decay.parent;
  return up?.kind === 'ArraySubscriptExpr' && up.children[0] === decay ? up : null;
}

/** True when the object is a variable on the function's stack, reached without a pointer. */
function isOnStack(node: ClangNode): boolean {
  let current: ClangNode = node;
  for (;;) {
    if (current.kind === 'MemberExpr') {
      const isArrow = MEMBER.exec(current.rest)?.[1] === '->' || / ->(struct|union) /.test(current.rest);
      if (isArrow && !isAddressOf(current.children[0])) return false;
    } else if (current.kind === 'DeclRefExpr') return / (ParmVar|Var) /.test(current.rest) && !isGlobalReference(current);
    else if (current.kind === 'CallExpr' || current.kind === 'CompoundLiteralExpr' || current.kind === 'StmtExpr') return true;
    else if (current.kind === 'UnaryOperator' && !isAddressOf(current)) return false;
    else if (current.kind === 'ImplicitCastExpr' && current.rest.includes('<LValueToRValue>')) return false;
    if (current.children.length === 0) return false;
    current = current.children[0];
  }
}

/** True for `&x` and `(&x)`. */
function isAddressOf(node: ClangNode | undefined): boolean {
  let current = node;
  while (current?.kind === 'ParenExpr') current = current.children[0];
  return current?.kind === 'UnaryOperator' && / '&'/.test(current.rest);
}

/** Variables of functions are declared inside them; what is not is global. */
function isGlobalReference(node: ClangNode): boolean {
  const id = REFERENCE.exec(node.rest)?.[2];
  let top: ClangNode = node;
  while (top.parent) top = top.parent;
  return !declares(top, id);
}

function declares(node: ClangNode, id: string | undefined): boolean {
  if ((node.kind === 'VarDecl' && !/ (static|extern)\b/.test(node.rest)) || node.kind === 'ParmVarDecl') if (node.id === id) return true;
  return node.children.some((c) => declares(c, id));
}

/** What is done with an lvalue; null when nothing is (a discarded value). */
function accessOf(node: ClangNode): Access | null {
  let current = node;
  for (;;) {
    const up = current.parent;
    if (!up) return null;
    const isFirst = up.children[0] === current;
    switch (up.kind) {
      case 'ParenExpr':
        current = up;
        continue;
      case 'ImplicitCastExpr':
        if (up.rest.includes('<LValueToRValue>')) return 'R';
        if (!up.rest.includes('<ArrayToPointerDecay>')) return 'A';
        if (subscriptOf(current)) {
          current = up.parent!;
          continue;
        }
        return 'A';
      case 'UnaryOperator':
        if (/'(\+\+|--)'/.test(up.rest)) return 'RW';
        return 'A';
      case 'BinaryOperator':
        return isFirst && / '='/.test(up.rest) ? 'W' : 'R';
      case 'CompoundAssignOperator':
        return isFirst ? 'RW' : 'R';
      case 'GCCAsmStmt':
        return 'A';
      case 'MemberExpr':
        return 'A';
      case 'CompoundStmt':
        return null;
      default:
        return 'A';
    }
  }
}

/** The record that holds a member, as the report names it, from the expression before the arrow or point. */
function recordOf(base: ClangNode): string {
  const match = TYPE.exec(base.rest);
  const type = (match?.[2] ?? match?.[1] ?? '')
    .replace(/\b(const|volatile|restrict)\b/g, '')
    .replace(/[*\s]+$/, '')
    .trim();
  if (!/\((unnamed|anonymous)/.test(type)) return type.replace(/^(struct|union) /, '');
  return declarator(base) ?? '?';
}

/** Of a record without a tag: the member or variable that declares it, else the record around an anonymous member. */
function declarator(base: ClangNode): string | null {
  let node: ClangNode | undefined = base;
  while (node) {
    if (node.kind === 'MemberExpr') {
      const name = MEMBER.exec(node.rest)?.[2];
      return name ?? recordOf(node.children[0]);
    }
    if (node.kind === 'DeclRefExpr') return REFERENCE.exec(node.rest)?.[3] ?? null;
    node = node.children[0];
  }
  return null;
}

/** The parts of `if` and `?:` that can run. */
function liveBranches(node: ClangNode): readonly ClangNode[] {
  const [condition, yes, no] = node.children;
  const value = condition && constantOf(condition);
  if (value === null || value === undefined) return node.children;
  const live = value !== 0 ? yes : no;
  return live ? [condition, live] : [condition];
}

function liveOperands(node: ClangNode): readonly ClangNode[] {
  const value = constantOf(node.children[0]);
  if (value === null) return node.children;
  return (value !== 0) === / '&&'/.test(node.rest) ? node.children : [node.children[0]];
}

/** The value of a condition made of literals; null when it is not. */
function constantOf(node: ClangNode | undefined): number | null {
  if (!node) return null;
  switch (node.kind) {
    case 'IntegerLiteral':
      return Number(/(-?\d+)$/.exec(node.rest)?.[1] ?? NaN);
    case 'ParenExpr':
    case 'ImplicitCastExpr':
    case 'CStyleCastExpr':
    case 'ConstantExpr':
      return constantOf(node.children[0]);
    case 'UnaryOperator': {
      const value = / '!'/.test(node.rest) ? constantOf(node.children[0]) : null;
      return value === null ? null : Number(value === 0);
    }
    case 'BinaryOperator': {
      const and = / '&&'/.test(node.rest);
      if (!and && !/ '\|\|'/.test(node.rest)) return null;
      const a = constantOf(node.children[0]);
      const b = constantOf(node.children[1]);
      if (a !== null && (a !== 0) !== and) return and ? 0 : 1;
      if (b !== null && (b !== 0) !== and) return and ? 0 : 1;
      return a === null || b === null ? null : and ? 1 : 0;
    }
    default:
      return null;
  }
}

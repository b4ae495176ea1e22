/** What the driver's text says about the length of the array that a member points to, where no annotation does. */
import { lastField } from '../../analysis/functionPointers';
import type { FunctionNode } from '../../analysis/model';
import type { Call } from '../../ir/model';
import type { Scope } from '../../symbols/types';
import type { DriverContext } from '../context';
import { isLengthName, memberOf } from './marshalPaths';

export interface InferredLength {
  /** What to write before the member's declaration. */
  annotation: string;
  /** Where that comes from, as half a sentence. */
  because: string;
}

/** What each member's length seems to be, by `record.member`. Gathered over the whole module once. */
export type LengthFacts = ReadonlyMap<string, InferredLength>;

/** Allocations that are stored into a member, and members that string functions are given. */
export function lengthFacts(driver: DriverContext): LengthFacts {
  const found = new Map<string, InferredLength>();
  for (const [id, node] of driver.analysis.nodes.entries()) {
    const own = driver.memory.of('lengths', driver.analysis.summaries[id], () => {
      const made = new Map<string, InferredLength>();
      allocations(driver, node, made);
      strings(driver, id, node, made);
      return made;
    });
    for (const [key, length] of own) if (!found.has(key)) found.set(key, length);
  }
  return found;
}

/** What can be told of a member: by the allocations, else by a length among the record's other members. */
export function inferLength(facts: LengthFacts, scope: Scope, record: string, field: string): InferredLength | null {
  const known = facts.get(`${record}.${field}`);
  if (known) return known;
  const declared = memberOf(scope, record, field);
  if (!declared) return null;
  const { members } = declared.record;
  const integers = members.filter((m) => isInteger(scope, m.type));
  // A length without a further name belongs to the one pointer that there is.
  const isOnly = members.filter((m) => scope.resolve(m.type).kind === 'pointer').length === 1;
  const companion =
    integers.find((m) => isLengthName(m.name, field)) ??
    (isOnly ? integers.find((m) => /^(len|length|size|count)$/.test(m.name)) : undefined);
  return companion ? { annotation: `__fgft_count(${companion.name})`, because: `${record}.${companion.name} reads like its length` } : null;
}

function isInteger(scope: Scope, type: Parameters<Scope['resolve']>[0]): boolean {
  return scope.resolve(type).kind === 'basic';
}

function allocations(driver: DriverContext, node: FunctionNode, found: Map<string, InferredLength>): void {
  for (const i of node.ir.instructions) {
    if (i.op !== 'assign' || i.value.kind !== 'result') continue;
    const field = lastField(i.place);
    const key = field && `${field.record}.${field.field}`;
    if (!field || !key || found.has(key)) continue;
    const call = node.ir.calls[i.value.call];
    const count = countOf(driver, call, driver.scopeOf(node.file), field.record);
    if (count)
      found.set(key, {
        annotation: `__fgft_count(${count.text})`,
        because: `${node.name} allocates ${count.text} elements with ${count.by}`,
      });
  }
}

/** How many elements an allocation makes, in words that mean the same beside the member: a constant, or another member of the record. */
function countOf(driver: DriverContext, call: Call, scope: Scope, record: string): { text: string; by: string } | null {
  if (call.callee.kind !== 'name') return null;
  const { name } = call.callee;
  const returns = driver.knowledge.functions.get(name)?.returns;
  if (returns?.kind !== 'fresh' || returns.sizeArgument === undefined) return null;
  const written = call.argumentTexts[returns.countArgument ?? returns.sizeArgument]?.trim() ?? '';
  const text = returns.countArgument === undefined ? factorBesideSize(written) : written;
  const own = text && besideMember(scope, record, text);
  return own ? { text: own, by: name } : null;
}

/** `n` of `n * sizeof(x)`; a size without `sizeof` counts bytes. */
function factorBesideSize(size: string): string | null {
  if (!size.includes('sizeof')) return size;
  const product = /^(?:(.+?)\s*\*\s*sizeof\s*(?:\([^()]*\)|[\w.>*-]+)|sizeof\s*(?:\([^()]*\)|[\w.>*-]+)\s*\*\s*(.+))$/.exec(size);
  return product ? (product[1] ?? product[2]).trim() : null;
}

/** The expression as it reads in the record's declaration; null when it means something else there, or nothing. */
function besideMember(scope: Scope, record: string, text: string): string | null {
  const plain = text.replace(/^\((.*)\)$/, '$1').trim();
  if (scope.evaluate(plain) !== null) return plain;
  const member = /^[\w>.()-]*(?:->|\.)(\w+)$/.exec(plain)?.[1];
  return member && memberOf(scope, record, member) ? member : null;
}

/** The header that declares the functions of strings. */
const STRING_HEADER = 'include/linux/string.h';

function strings(driver: DriverContext, id: number, node: FunctionNode, found: Map<string, InferredLength>): void {
  for (const { name, call } of driver.analysis.summaries[id].kernelCalls) {
    const known = driver.knowledge.functions.get(name);
    if (known?.source !== STRING_HEADER || !name.startsWith('str')) continue;
    for (const argument of node.ir.calls[call].arguments) {
      const field = argument.kind === 'load' ? lastField(argument.place) : null;
      const key = field && `${field.record}.${field.field}`;
      if (key && !found.has(key)) found.set(key, { annotation: '__fgft_string', because: `${node.name} gives it to ${name}` });
    }
  }
}

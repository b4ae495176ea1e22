/** What the outcome of a condition says about results of calls: `if (!spin_trylock(&lock))`, `if (error)` after `error = take(x)`. Internal to `ir`. */
import type { Builder } from './builder';
import { literalValue } from './folding';
import type { ResultFact } from './model';
import { childByField, Field, Kind, namedChildrenOf, operatorOf, withoutParentheses } from './nodeReading';

/** Conditions nested deeper than this say nothing. */
const MAXIMUM_DEPTH = 12;

/** What is known of results where the condition is true, and where it is false. Undefined when nothing is, which is the usual case. */
export function factsOf(b: Builder, condition: number): [ResultFact[], ResultFact[]] | undefined {
  if (b.source.macro) return undefined;
  const facts: [ResultFact[], ResultFact[]] = [implied(b, condition, true, 0), implied(b, condition, false, 0)];
  return facts[0].length + facts[1].length > 0 ? facts : undefined;
}

function implied(b: Builder, condition: number, holds: boolean, depth: number): ResultFact[] {
  if (depth > MAXIMUM_DEPTH) return [];
  const { nodes, text } = b.source;
  const node = withoutParentheses(nodes, condition);
  switch (nodes.kind[node]) {
    case Kind.unary_expression:
      return operatorOf(nodes, node, text) === '!' ? implied(b, childByField(nodes, node, Field.argument), !holds, depth + 1) : [];
    case Kind.binary_expression: {
      const operator = operatorOf(nodes, node, text);
      const left = childByField(nodes, node, Field.left);
      const right = childByField(nodes, node, Field.right);
      if (operator === '&&' || operator === '||')
        return holds === (operator === '&&') ? [...implied(b, left, holds, depth + 1), ...implied(b, right, holds, depth + 1)] : [];
      if (literalValue(b.text(right)) !== 0) return [];
      if (operator === '==') return implied(b, left, !holds, depth + 1);
      // A result that can be negative is zero otherwise, or as good as that.
      return operator === '!=' || operator === '<' ? implied(b, left, holds, depth + 1) : [];
    }
    case Kind.assignment_expression:
      return implied(b, childByField(nodes, node, Field.right), holds, depth + 1);
    case Kind.identifier: {
      const local = b.findLocal(b.text(node));
      const call = local >= 0 ? b.resultIn.get(local) : undefined;
      return call === undefined ? [] : [{ call, nonzero: holds }];
    }
    case Kind.call_expression: {
      const call = b.callOf.get(node);
      if (call === undefined) return [];
      const { callee } = b.calls[call];
      const known = callee.kind === 'name' ? b.environment.knowledge.functions.get(callee.name) : undefined;
      // `likely(x)` is x.
      if (known?.macro && known.returns?.kind === 'argument') {
        const argument = namedChildrenOf(nodes, childByField(nodes, node, Field.arguments))[known.returns.argument];
        return argument ? implied(b, argument, holds, depth + 1) : [];
      }
      return [{ call, nonzero: holds }];
    }
    default:
      return [];
  }
}

/** Notes that a variable of the function was given a value: the result of a call, or anything else. */
export function noteValue(b: Builder, local: number, value: number): void {
  const node = value === 0 ? 0 : withoutParentheses(b.source.nodes, value);
  const call = b.source.macro || b.source.nodes.kind[node] !== Kind.call_expression ? undefined : b.callOf.get(node);
  if (call === undefined) b.resultIn.delete(local);
  else b.resultIn.set(local, call);
}

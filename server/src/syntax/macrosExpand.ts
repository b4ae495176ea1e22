import { substitute, type MacroArgument } from './macrosSubstitute';
import type { Macro } from './macrosTable';
import { Gap, hide, hides, intersectHideSets, type BodyItem, type HideSet, type MacroToken } from './macrosTokens';
import { TokenKind } from './tokens';

/** Nested macro replacements, and nested calls in arguments. C sets no limit; hand-written code stays below ten. */
export const MAXIMUM_EXPANSION_DEPTH = 64;
/** What a token costs beside its characters, in characters: its object and the steps it goes through. */
const TOKEN_COST = 8;

/** The text behind a macro's name, from which a call's arguments are read. */
export interface TokenSource {
  /** The next token without taking it, or null at the end or where a call cannot go on. */
  peek(): MacroToken | null;
  take(): MacroToken | null;
  mark(): number;
  /** Goes back to a mark. */
  reset(mark: number): void;
}

/** Characters that all expansions of a file may produce on the way, so that a hostile macro cannot hang the editor. */
export interface Budget {
  left: number;
}

export interface ExpanderHost {
  /** The macro in force under a name, if it is one that is replaced here. */
  find(name: string): Macro | undefined;
  itemsOf(macro: Macro): BodyItem[];
  /** True when uses keep the macro's name. */
  keepsName(macro: Macro): boolean;
  problem(offset: number, message: string): void;
}

interface Call {
  argumentList: MacroToken[][];
  /** The variable arguments are left out. */
  omitted: boolean;
  close: MacroToken;
}

/** Macro expansion with hide sets (Prosser's algorithm, which is what the C standard describes). */
export class Expander {
  constructor(
    private readonly host: ExpanderHost,
    private readonly budget: Budget,
  ) {}

  /**
   * Expands one token, reading a call's arguments from `source` where the token's own replacement ends in a macro name.
   * Returns undefined when the budget is used up: then the use stays as written.
   */
  expandUse(first: MacroToken, source: TokenSource): MacroToken[] | undefined {
    return this.run([first], source, 0);
  }

  /** Expands a whole list on its own. */
  expandList(tokens: readonly MacroToken[]): MacroToken[] | undefined {
    return this.run([...tokens].reverse(), null, 0);
  }

  /** `pending` is a stack: its last element comes next. */
  private run(pending: MacroToken[], source: TokenSource | null, depth: number): MacroToken[] | undefined {
    const out: MacroToken[] = [];
    for (let token = pending.pop(); token; token = pending.pop()) {
      const macro = token.kind === TokenKind.Identifier ? this.host.find(token.text) : undefined;
      const replacement = macro && !hides(token.hidden, token.text) && this.replacement(macro, token, pending, source, depth);
      if (this.budget.left < 0) return undefined;
      if (!replacement) {
        out.push(token);
        continue;
      }
      const next = pending.at(-1);
      if (next?.gap === Gap.Glued) pending[pending.length - 1] = next.withGap(Gap.Seam);
      for (let k = replacement.length - 1; k > 0; k--) pending.push(replacement[k]);
      if (replacement.length > 0) pending.push(replacement[0].withGap(token.gap === Gap.Blank ? Gap.Blank : Gap.Seam));
    }
    return out;
  }

  /** What a macro's use becomes, or undefined where it is no use after all (a name without its call) or keeps its name. */
  private replacement(
    macro: Macro,
    use: MacroToken,
    pending: MacroToken[],
    source: TokenSource | null,
    depth: number,
  ): MacroToken[] | undefined {
    const { name, parameters } = macro.definition;
    const next = (): MacroToken | null | undefined => (pending.length > 0 ? pending[pending.length - 1] : source?.peek());
    const items = this.host.itemsOf(macro);
    if (this.host.keepsName(macro)) {
      // `#define READ_REG DRIVER_READ` stands for a function-like macro or function after all where a call follows.
      if (items[items.length - 1].kind !== TokenKind.Identifier || next()?.text !== '(') return undefined;
    }
    if ((use.hidden?.size ?? 0) >= MAXIMUM_EXPANSION_DEPTH || depth > MAXIMUM_EXPANSION_DEPTH) {
      this.host.problem(use.origin, `${name} is expanded more than ${MAXIMUM_EXPANSION_DEPTH} levels deep`);
      return undefined;
    }
    let argumentList: MacroArgument[] = [];
    let hidden: HideSet | null = use.hidden;
    let variadic = -1;
    if (parameters) {
      if (next()?.text !== '(') return undefined;
      variadic = macro.definition.variadic ? parameters.length - 1 : -1;
      const call = this.call(macro, use, pending, source);
      if (!call) return undefined;
      hidden = intersectHideSets(use.hidden, call.close.hidden);
      argumentList = call.argumentList.map((raw, k) => this.argument(raw, k === variadic && call.omitted, depth));
    }
    const result = substitute(items, { argumentList, variadic, origin: use.origin, hidden: hide(hidden, name) });
    for (let k = 0; k < result.length; k++) this.budget.left -= result[k].text.length + TOKEN_COST;
    return result;
  }

  private argument(raw: readonly MacroToken[], omitted: boolean, depth: number): MacroArgument {
    let expanded: readonly MacroToken[] | undefined;
    const plain = !raw.some((token) => token.kind === TokenKind.Identifier && this.host.find(token.text));
    return {
      raw,
      omitted,
      expanded: () => (expanded ??= plain ? raw : (this.run([...raw].reverse(), null, depth + 1) ?? raw)),
    };
  }

  /** Reads a call's arguments. On failure everything is put back. */
  private call(macro: Macro, use: MacroToken, pending: MacroToken[], source: TokenSource | null): Call | undefined {
    const { name, parameters, variadic } = macro.definition;
    const wanted = parameters?.length ?? 0;
    const taken: MacroToken[] = [];
    const mark = source?.mark() ?? 0;
    const putBack = (message: string): undefined => {
      for (let k = taken.length - 1; k >= 0; k--) pending.push(taken[k]);
      source?.reset(mark);
      this.host.problem(use.origin, message);
      return undefined;
    };
    let argumentList: MacroToken[][] = [[]];
    let current = argumentList[0];
    let level = 0;
    let braces = 0;
    for (;;) {
      let token: MacroToken | null | undefined;
      if (pending.length > 0) taken.push((token = pending.pop() as MacroToken));
      else token = source?.take();
      this.budget.left -= TOKEN_COST;
      if (this.budget.left < 0) return undefined;
      if (!token) return putBack(`the call of the macro ${name} has no end`);
      if (token.kind === TokenKind.Punctuator) {
        const text = token.text;
        if (text === '(' && ++level === 1) continue;
        if (text === ')' && --level === 0) {
          if (wanted === 0 && argumentList.length === 1 && current.length === 0) argumentList = [];
          // `f(fixed)` may leave the variable arguments out altogether.
          const omitted = variadic && (argumentList.length === wanted - 1 || (wanted === 1 && current.length === 0));
          if (argumentList.length === wanted - 1 && omitted) argumentList.push([]);
          if (argumentList.length !== wanted) return putBack(`the macro ${name} takes ${wanted} arguments, not ${argumentList.length}`);
          return { argumentList, omitted, close: token };
        }
        if (text === '{') braces++;
        // A closing brace of an enclosing block: the author has not finished typing the call.
        if (text === '}' && --braces < 0) return putBack(`the call of the macro ${name} has no end`);
        if (text === ',' && level === 1 && !(variadic && argumentList.length === wanted)) {
          argumentList.push((current = []));
          continue;
        }
      }
      current.push(token);
    }
  }
}

import { isPlainConstant } from './macrosConstant';
import { parseBody, type BodyItem } from './macrosTokens';
import type { MacroDefinition } from './preprocessed';

/** A macro in force, with what has been worked out about it so far. */
export interface Macro {
  readonly definition: MacroDefinition;
  /** Parsed on first use: most macros of a driver's headers are never used in one file. */
  items: BodyItem[] | null;
  /** Whether the body is a plain constant, and the state of the table for which that was found. */
  constant: boolean;
  decidedAt: number;
}

const FILTER_BITS = 16;
const FILTER_MASK = (1 << FILTER_BITS) - 1;
/** One number, perhaps in parentheses: such a macro always keeps its name. */
const NUMBER_BODY = /^\(?\s*(?:0[xX][0-9a-fA-F]+|[0-9]+)[uUlL]*\s*\)?$/;
const MAXIMUM_CONSTANT_DEPTH = 16;

/**
 * The driver's macros in force. Looking up every identifier of a file in a map would dominate the preprocessor's time,
 * so a filter over the identifiers' hashes says first which of them can be macros that are replaced.
 */
export class MacroTable {
  private readonly macros = new Map<string, Macro>();
  private readonly filter = new Uint8Array(1 << FILTER_BITS);
  private readonly removed = new Set<string>();
  private generation = 0;

  /** With `expandConstants`, macros that stand for plain constants are replaced like all others. */
  constructor(readonly expandConstants: boolean) {}

  define(definition: MacroDefinition): void {
    const { name } = definition;
    // A later definition moves to the end, so that `definitions` is in order.
    this.macros.delete(name);
    this.macros.set(name, { definition, items: null, constant: false, decidedAt: -1 });
    this.removed.delete(name);
    this.generation++;
    if (this.expandConstants || definition.parameters || !NUMBER_BODY.test(definition.body))
      this.filter[hashOf(name, 0, name.length) & FILTER_MASK] = 1;
  }

  undefine(name: string): void {
    this.macros.delete(name);
    this.removed.add(name);
    this.generation++;
  }

  find(name: string): Macro | undefined {
    return this.macros.get(name);
  }

  /** True for a name that the text has undefined and not defined again: the kernel's macro of that name is gone as well. */
  isRemoved(name: string): boolean {
    return this.removed.has(name);
  }

  /** The macro that an identifier in the text names and that is replaced, constants included; undefined for nearly all identifiers at little cost. */
  findAt(text: string, start: number, end: number): Macro | undefined {
    if (this.filter[hashOf(text, start, end) & FILTER_MASK] === 0) return undefined;
    return this.macros.get(text.slice(start, end));
  }

  itemsOf(macro: Macro): BodyItem[] {
    return (macro.items ??= parseBody(macro.definition));
  }

  /** Whether uses of the macro keep its name, because its body is a plain constant (`#define RX_RING_SIZE (1 << 4)`). */
  keepsName(macro: Macro): boolean {
    return !this.expandConstants && macro.definition.parameters === null && this.isConstant(macro, 0);
  }

  /** In order of definition. */
  definitions(): MacroDefinition[] {
    return Array.from(this.macros.values(), (macro) => macro.definition);
  }

  get inForce(): ReadonlyMap<string, { readonly definition: MacroDefinition }> {
    return this.macros;
  }

  private isConstant(macro: Macro, depth: number): boolean {
    if (macro.decidedAt === this.generation) return macro.constant;
    if (depth > MAXIMUM_CONSTANT_DEPTH) return false;
    // Until decided otherwise a macro that names itself is none.
    macro.decidedAt = this.generation;
    macro.constant = false;
    macro.constant = isPlainConstant(this.itemsOf(macro), (name) => {
      const other = this.macros.get(name);
      if (!other) return undefined;
      return { parameters: other.definition.parameters !== null, constant: this.isConstant(other, depth + 1) };
    });
    return macro.constant;
  }
}

/** A hash of a stretch of text, for the filter. */
function hashOf(text: string, start: number, end: number): number {
  let h = end - start;
  for (let i = start; i < end; i++) h = (Math.imul(h, 31) + text.charCodeAt(i)) | 0;
  return h ^ (h >>> 15);
}

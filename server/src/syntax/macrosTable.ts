import { isPlainConstant } from './macrosConstant';
import { parseBody, type BodyItem } from './macrosTokens';
import type { MacroDefinition } from './preprocessed';

/** A macro in force, with what has been worked out about it so far. */
export interface Macro {
  readonly definition: MacroDefinition;
  /** Offset of the directive that brought it, in the file that is read. */
  readonly since: number;
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
  /** With the offset of the directive. */
  private readonly removed = new Map<string, number>();
  private generation = 0;
  /** Offset of the directive that is acted on. */
  position = 0;
  /** While a part of the file is read again: its start. What was defined or undefined behind it was not so there. */
  private partStart = Infinity;
  private isOther = false;

  /** With `expandConstants`, macros that stand for plain constants are replaced like all others. */
  constructor(readonly expandConstants: boolean) {}

  define(definition: MacroDefinition): void {
    const { name } = definition;
    // A later definition moves to the end, so that `definitions` is in order.
    this.macros.delete(name);
    this.macros.set(name, { definition, since: this.position, items: null, constant: false, decidedAt: -1 });
    this.removed.delete(name);
    this.generation++;
    if (this.expandConstants || definition.parameters || !NUMBER_BODY.test(definition.body))
      this.filter[hashOf(name, 0, name.length) & FILTER_MASK] = 1;
  }

  undefine(name: string): void {
    this.macros.delete(name);
    this.removed.set(name, this.position);
    this.generation++;
  }

  find(name: string): Macro | undefined {
    const macro = this.macros.get(name);
    if ((macro?.since ?? this.removed.get(name) ?? -1) >= this.partStart) this.isOther = true;
    return macro;
  }

  /**
   * Runs `read` with the macros as they are at the file's end; undefined when one that it asked for was another, or was none, at `start`.
   * Not for reading directives that change macros.
   */
  readPart<T>(start: number, read: () => T): T | undefined {
    this.partStart = start;
    this.isOther = false;
    // What was decided about constants was decided from other places.
    this.generation++;
    const result = read();
    this.partStart = Infinity;
    return this.isOther ? undefined : result;
  }

  /** Follows an edit: what stands at or behind `from` has moved by `distance`, as `definitionOf` tells for definitions of the file itself. */
  move(from: number, distance: number, definitionOf: (definition: MacroDefinition) => MacroDefinition): void {
    for (const [name, macro] of this.macros) {
      if (macro.since < from) continue;
      this.macros.set(name, { ...macro, definition: definitionOf(macro.definition), since: macro.since + distance });
    }
    for (const [name, since] of this.removed) if (since >= from) this.removed.set(name, since + distance);
  }

  /** True for a name that the text has undefined and not defined again: the kernel's macro of that name is gone as well. */
  isRemoved(name: string): boolean {
    this.find(name);
    return this.removed.has(name);
  }

  /** The macro that an identifier in the text names and that is replaced, constants included; undefined for nearly all identifiers at little cost. */
  findAt(text: string, start: number, end: number): Macro | undefined {
    if (this.filter[hashOf(text, start, end) & FILTER_MASK] === 0) return undefined;
    return this.find(text.slice(start, end));
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
      const other = this.find(name);
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

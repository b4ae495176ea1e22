/** The only place that knows tree-sitter: parses masked texts, owns nothing, hands out trees that the caller deletes. */
import { Edit, Language, Parser as TreeSitter, type Tree } from 'web-tree-sitter';
import { differenceOf, pointAt, type TextDifference } from './difference';
import { Flattener } from './flatten';
import type { Item } from './nodes';
import type { Range } from './preprocessed';
import { cursorMaker } from './treeCursor';

/** What an incremental parse found changed. */
export interface TreeEdit extends TextDifference {
  /** Ranges of the new text whose structure differs from before, beyond the edited text itself. */
  changed: Range[];
}

/** A parsed text. Whoever got it from `parse` must call `delete` once; nothing else frees its memory, which lies outside the JavaScript heap. */
export interface SyntaxTree {
  /** How it differs from the tree that it was parsed from; null when it was parsed from scratch. */
  readonly edit: TreeEdit | null;
  delete(): void;
}

export interface Parser {
  /**
   * Parses a masked text. With `previous` (a text and the tree that `parse` gave for it) only what changed is parsed again; the previous
   * tree stays valid and stays the caller's. Never throws on any text.
   */
  parse(text: string, previous?: { text: string; tree: SyntaxTree }): SyntaxTree;
  /** The top-level items of a tree, in order, without overlaps. They stay valid when the tree is deleted. */
  flatten(tree: SyntaxTree): Item[];
  /**
   * Like `flatten`, for a tree parsed with `previous`: items that the edit did not touch are taken over from the previous tree's items,
   * moved if need be. `nodes` of an item taken over is the same object, so identity tells what changed.
   */
  flattenChanged(tree: SyntaxTree, previousItems: readonly Item[], edit: TreeEdit): Item[];
  /** Trees handed out and not yet deleted. */
  readonly liveTrees: number;
}

class OwnedTree implements SyntaxTree {
  private deleted = false;

  constructor(
    readonly tree: Tree,
    readonly edit: TreeEdit | null,
    private readonly onDelete: () => void,
  ) {}

  delete(): void {
    if (this.deleted) return;
    this.deleted = true;
    this.tree.delete();
    this.onDelete();
  }
}

class TreeSitterParser implements Parser {
  liveTrees = 0;
  private readonly parser: TreeSitter;
  private readonly flattener: Flattener;

  constructor(language: Language, runtime: object) {
    this.parser = new TreeSitter();
    this.parser.setLanguage(language);
    this.flattener = new Flattener(language, cursorMaker(runtime));
  }

  parse(text: string, previous?: { text: string; tree: SyntaxTree }): SyntaxTree {
    const difference = previous ? differenceOf(previous.text, text) : null;
    const edited = previous && difference ? this.editedCopy(previous, text, difference) : null;
    const tree = this.parser.parse(text, edited);
    // Null only without a language or after a cancelled parse, neither of which happens here.
    if (!tree) throw new Error('the parser gave no tree');
    let edit: TreeEdit | null = null;
    if (edited && difference) {
      const changed = edited.getChangedRanges(tree).map((r) => ({ start: r.startIndex, end: r.endIndex }));
      edit = { ...difference, changed };
      edited.delete();
    }
    this.liveTrees++;
    return new OwnedTree(tree, edit, () => this.liveTrees--);
  }

  private editedCopy(previous: { text: string; tree: SyntaxTree }, text: string, difference: TextDifference): Tree {
    const copy = (previous.tree as OwnedTree).tree.copy();
    copy.edit(
      new Edit({
        startIndex: difference.start,
        oldEndIndex: difference.oldEnd,
        newEndIndex: difference.newEnd,
        startPosition: pointAt(text, difference.start),
        oldEndPosition: pointAt(previous.text, difference.oldEnd),
        newEndPosition: pointAt(text, difference.newEnd),
      }),
    );
    return copy;
  }

  flatten(tree: SyntaxTree): Item[] {
    return this.flattener.items((tree as OwnedTree).tree);
  }

  flattenChanged(tree: SyntaxTree, previousItems: readonly Item[], edit: TreeEdit): Item[] {
    return this.flattener.items((tree as OwnedTree).tree, { items: previousItems, edit });
  }
}

/** web-tree-sitter has one runtime per thread, made of what its first caller gave. */
let runtime: Promise<object> | undefined;

async function startRuntime(wasmBinary: Uint8Array): Promise<object> {
  // The library makes this very object its module: `cursorMaker` finds the parser's functions in it.
  const module = { wasmBinary };
  await TreeSitter.init(module);
  return module;
}

/**
 * Makes a parser from the two WebAssembly modules, given as bytes: web-tree-sitter's runtime and tree-sitter-c's grammar.
 * Fails when they are no such modules or their versions do not fit.
 */
export async function createParser(runtimeWasm: Uint8Array, grammarWasm: Uint8Array): Promise<Parser> {
  const base = await (runtime ??= startRuntime(runtimeWasm));
  return new TreeSitterParser(await Language.load(grammarWasm), base);
}

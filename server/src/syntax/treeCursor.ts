/**
 * A cursor over a tree at the speed of the parser's own calls. web-tree-sitter's copies its four words into the parser's memory before
 * every question and back after every step, which costs more than the step: here they stay there while one tree is walked.
 */
import type { Tree, TreeCursor } from 'web-tree-sitter';

/** What the flattening asks. The words that say where it stands lie in one place for all: only one cursor may be used at a time. */
export interface NodeCursor {
  gotoFirstChild(): boolean;
  gotoNextSibling(): boolean;
  gotoParent(): boolean;
  symbol(): number;
  field(): number;
  /** Offsets in UTF-16 units. */
  start(): number;
  end(): number;
  isMissing(): boolean;
  /** Whether the node or one below it is an error. */
  hasError(): boolean;
  delete(): void;
}

/** The functions of the parser's WebAssembly module, by the names that web-tree-sitter gives them. */
interface Calls {
  setValue(address: number, value: number, type: 'i32'): void;
  getValue(address: number, type: 'i32'): number;
  _ts_init(): number;
  _ts_tree_cursor_goto_first_child_wasm(tree: number): number;
  _ts_tree_cursor_goto_next_sibling_wasm(tree: number): number;
  _ts_tree_cursor_goto_parent_wasm(tree: number): number;
  _ts_tree_cursor_current_node_type_id_wasm(tree: number): number;
  _ts_tree_cursor_current_field_id_wasm(tree: number): number;
  _ts_tree_cursor_start_index_wasm(tree: number): number;
  _ts_tree_cursor_end_index_wasm(tree: number): number;
  _ts_tree_cursor_current_node_is_missing_wasm(tree: number): number;
  _ts_tree_cursor_current_node_wasm(tree: number): void;
  _ts_node_has_error_wasm(tree: number): number;
}

const NAMES: readonly (keyof Calls)[] = [
  'setValue',
  'getValue',
  '_ts_init',
  '_ts_tree_cursor_goto_first_child_wasm',
  '_ts_tree_cursor_goto_next_sibling_wasm',
  '_ts_tree_cursor_goto_parent_wasm',
  '_ts_tree_cursor_current_node_type_id_wasm',
  '_ts_tree_cursor_current_field_id_wasm',
  '_ts_tree_cursor_start_index_wasm',
  '_ts_tree_cursor_end_index_wasm',
  '_ts_tree_cursor_current_node_is_missing_wasm',
  '_ts_tree_cursor_current_node_wasm',
  '_ts_node_has_error_wasm',
];

/** Words of a cursor, and bytes of a word. */
const WORDS = 4;
const WORD = 4;

/**
 * Makes cursors. `runtime` is the object that `Parser.init` was given: the runtime makes it its module. What lacks the functions that are
 * needed (another version of the library) is served by the library's own cursor.
 */
export function cursorMaker(runtime: object): (tree: Tree) => NodeCursor {
  const calls = runtime as Partial<Calls>;
  if (!NAMES.every((name) => typeof calls[name] === 'function')) return (tree) => new LibraryCursor(tree.walk());
  const module = calls as Calls;
  // Gives the address of the buffer through which the library talks to the parser; that it writes two version numbers there harms nobody.
  const buffer = module._ts_init();
  return (tree) => {
    const cursor = tree.walk();
    const address = (tree as unknown as Record<number, unknown>)[0];
    return typeof address === 'number' ? new DirectCursor(module, buffer, cursor, address) : new LibraryCursor(cursor);
  };
}

class DirectCursor implements NodeCursor {
  private readonly words: Record<number, number>;

  constructor(
    private readonly calls: Calls,
    private readonly buffer: number,
    private readonly cursor: TreeCursor,
    private readonly tree: number,
  ) {
    this.words = cursor as unknown as Record<number, number>;
    this.putWords();
  }

  private putWords(): void {
    for (let i = 0; i < WORDS; i++) this.calls.setValue(this.buffer + i * WORD, this.words[i], 'i32');
  }

  private takeWords(): void {
    for (let i = 0; i < WORDS; i++) this.words[i] = this.calls.getValue(this.buffer + i * WORD, 'i32');
  }

  gotoFirstChild(): boolean {
    return this.calls._ts_tree_cursor_goto_first_child_wasm(this.tree) === 1;
  }

  gotoNextSibling(): boolean {
    return this.calls._ts_tree_cursor_goto_next_sibling_wasm(this.tree) === 1;
  }

  gotoParent(): boolean {
    return this.calls._ts_tree_cursor_goto_parent_wasm(this.tree) === 1;
  }

  symbol(): number {
    return this.calls._ts_tree_cursor_current_node_type_id_wasm(this.tree);
  }

  field(): number {
    return this.calls._ts_tree_cursor_current_field_id_wasm(this.tree);
  }

  start(): number {
    return this.calls._ts_tree_cursor_start_index_wasm(this.tree);
  }

  end(): number {
    return this.calls._ts_tree_cursor_end_index_wasm(this.tree);
  }

  isMissing(): boolean {
    return this.calls._ts_tree_cursor_current_node_is_missing_wasm(this.tree) === 1;
  }

  hasError(): boolean {
    this.takeWords();
    // Leaves the node where the cursor's words were.
    this.calls._ts_tree_cursor_current_node_wasm(this.tree);
    const answer = this.calls._ts_node_has_error_wasm(this.tree) === 1;
    this.putWords();
    return answer;
  }

  delete(): void {
    // The library frees what the words point at.
    this.takeWords();
    this.cursor.delete();
  }
}

class LibraryCursor implements NodeCursor {
  constructor(private readonly cursor: TreeCursor) {}

  gotoFirstChild(): boolean {
    return this.cursor.gotoFirstChild();
  }

  gotoNextSibling(): boolean {
    return this.cursor.gotoNextSibling();
  }

  gotoParent(): boolean {
    return this.cursor.gotoParent();
  }

  symbol(): number {
    return this.cursor.nodeTypeId;
  }

  field(): number {
    return this.cursor.currentFieldId;
  }

  start(): number {
    return this.cursor.startIndex;
  }

  end(): number {
    return this.cursor.endIndex;
  }

  isMissing(): boolean {
    return this.cursor.nodeIsMissing;
  }

  hasError(): boolean {
    return this.cursor.currentNode.hasError;
  }

  delete(): void {
    this.cursor.delete();
  }
}

/** Trees into plain data: one cursor pass per top-level item, integer ids only. */
import type { Language, Tree } from 'web-tree-sitter';
import { GrammarMap, Role } from './grammarMap';
import { NODE_KINDS, type Item, type ItemNodes, type NodeKindName } from './nodes';
import type { Range } from './preprocessed';
import type { TextDifference } from './difference';
import type { NodeCursor } from './treeCursor';

/** Items of the previous tree and what changed since. */
interface Reuse {
  items: readonly Item[];
  edit: TextDifference & { changed: readonly Range[] };
}

/** Arrays that one item's nodes are gathered in before they are copied out at their right size. */
class Gathering {
  count = 0;
  kind = new Uint8Array(1024);
  field = new Uint8Array(1024);
  start = new Int32Array(1024);
  end = new Int32Array(1024);
  firstChild = new Int32Array(1024);
  nextSibling = new Int32Array(1024);

  add(kind: number, field: number, start: number, end: number): number {
    if (this.count === this.kind.length) this.grow();
    const n = this.count++;
    this.kind[n] = kind;
    this.field[n] = field;
    this.start[n] = start;
    this.end[n] = end;
    this.firstChild[n] = 0;
    this.nextSibling[n] = 0;
    return n;
  }

  private grow(): void {
    const size = this.kind.length * 2;
    const bytes = (old: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> => {
      const fresh = new Uint8Array(size);
      fresh.set(old);
      return fresh;
    };
    const numbers = (old: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => {
      const fresh = new Int32Array(size);
      fresh.set(old);
      return fresh;
    };
    this.kind = bytes(this.kind);
    this.field = bytes(this.field);
    this.start = numbers(this.start);
    this.end = numbers(this.end);
    this.firstChild = numbers(this.firstChild);
    this.nextSibling = numbers(this.nextSibling);
  }

  copyOut(): ItemNodes {
    const n = this.count;
    return {
      count: n,
      kind: this.kind.slice(0, n),
      field: this.field.slice(0, n),
      start: this.start.slice(0, n),
      end: this.end.slice(0, n),
      firstChild: this.firstChild.slice(0, n),
      nextSibling: this.nextSibling.slice(0, n),
    };
  }
}

export class Flattener {
  private readonly grammar: GrammarMap;
  private readonly gathering = new Gathering();

  constructor(
    language: Language,
    private readonly walk: (tree: Tree) => NodeCursor,
  ) {
    this.grammar = new GrammarMap(language);
  }

  /** The items of a tree; with `reuse`, untouched ones are taken over. */
  items(tree: Tree, reuse?: Reuse): Item[] {
    const cursor = this.walk(tree);
    const items: Item[] = [];
    const taken = reuse ? new PreviousItems(reuse) : null;
    try {
      this.itemsBelow(cursor, items, taken);
    } finally {
      cursor.delete();
    }
    return items;
  }

  /** Walks the children of the cursor's node as items. Bodies of `extern "C"` are no items: their children are. */
  private itemsBelow(cursor: NodeCursor, items: Item[], taken: PreviousItems | null): void {
    if (!cursor.gotoFirstChild()) return;
    do {
      const role = this.grammar.role(cursor.symbol());
      if (role === Role.Wrapper) this.itemsBelow(cursor, items, taken);
      else if (role === Role.Error) this.itemsOfError(cursor, items, taken);
      else if (role === Role.Item) items.push(this.takenOrNew(cursor, taken));
    } while (cursor.gotoNextSibling());
    cursor.gotoParent();
  }

  /**
   * An ERROR at file scope holds what is left of a broken item, and may hold whole ones: functions are taken out, declarations only
   * where no brace was left open before them (behind one they may be a function's locals). The rest becomes ERROR items without structure.
   */
  private itemsOfError(cursor: NodeCursor, items: Item[], taken: PreviousItems | null): void {
    const whole: Range = { start: cursor.start(), end: cursor.end() };
    if (!cursor.gotoFirstChild()) {
      items.push(this.errorItem(whole));
      return;
    }
    const rest: Range = { start: -1, end: -1 };
    let braces = 0;
    const flush = (): void => {
      if (rest.start >= 0) items.push(this.errorItem(rest));
      rest.start = -1;
    };
    do {
      const symbol = cursor.symbol();
      braces += this.grammar.brace(symbol);
      if (this.grammar.survivesError(symbol, braces > 0)) {
        flush();
        items.push(this.takenOrNew(cursor, taken));
      } else if (cursor.end() > cursor.start()) {
        if (rest.start < 0) rest.start = cursor.start();
        rest.end = cursor.end();
      }
    } while (cursor.gotoNextSibling());
    flush();
    cursor.gotoParent();
  }

  private takenOrNew(cursor: NodeCursor, taken: PreviousItems | null): Item {
    const start = cursor.start();
    const end = cursor.end();
    return taken?.find(start, end, this.grammar.kind(cursor.symbol())) ?? this.item(cursor, start, end);
  }

  private errorItem(range: Range): Item {
    const gathering = this.gathering;
    gathering.count = 0;
    gathering.add(this.grammar.error, 0, 0, range.end - range.start);
    return { start: range.start, end: range.end, kind: 'ERROR', hasError: true, nodes: gathering.copyOut() };
  }

  private item(cursor: NodeCursor, start: number, end: number): Item {
    const gathering = this.gathering;
    const grammar = this.grammar;
    gathering.count = 0;
    const hasError = cursor.hasError();
    const root = gathering.add(grammar.kind(cursor.symbol()), 0, 0, end - start);
    const parents: number[] = [];
    const lasts: number[] = [];
    let parent = root;
    let last = 0;
    let down = cursor.gotoFirstChild();
    let depth = down ? 1 : 0;
    while (depth > 0) {
      const symbol = cursor.symbol();
      const role = grammar.role(symbol);
      let node = 0;
      down = false;
      const field = role === Role.Skip ? 0 : grammar.field(cursor.field());
      const missing = hasError && cursor.isMissing();
      if (role > Role.Token || (role === Role.Token && field !== 0) || missing) {
        const kind = missing ? grammar.missing : grammar.kind(symbol);
        node = gathering.add(kind, field, cursor.start() - start, cursor.end() - start);
        if (last === 0) gathering.firstChild[parent] = node;
        else gathering.nextSibling[last] = node;
        last = node;
        if (role !== Role.Leaf && role !== Role.Token) down = cursor.gotoFirstChild();
      }
      if (down) {
        parents.push(parent);
        lasts.push(last);
        parent = node;
        last = 0;
        depth++;
        continue;
      }
      while (depth > 0 && !cursor.gotoNextSibling()) {
        cursor.gotoParent();
        depth--;
        if (depth === 0) break;
        parent = parents.pop() as number;
        last = lasts.pop() as number;
      }
    }
    const kind: NodeKindName = NODE_KINDS[gathering.kind[root]];
    return { start, end, kind, hasError, nodes: gathering.copyOut() };
  }
}

/** The previous items, searched in order. */
class PreviousItems {
  private next = 0;

  constructor(private readonly reuse: Reuse) {}

  /** The item that stood where one of the new tree stands, if nothing about it can have changed. */
  find(start: number, end: number, kind: number): Item | undefined {
    const { items, edit } = this.reuse;
    for (const range of edit.changed) if (range.start <= end && start <= range.end) return undefined;
    // An item that only touches the edit may have lost or won a token.
    const before = end < edit.start;
    if (!before && start <= edit.newEnd) return undefined;
    const shift = before ? 0 : edit.newEnd - edit.oldEnd;
    const oldStart = start - shift;
    while (this.next < items.length && items[this.next].start < oldStart) this.next++;
    const old = items[this.next];
    if (!old || old.start !== oldStart || old.end !== end - shift || old.kind !== NODE_KINDS[kind]) return undefined;
    return shift === 0 ? old : { ...old, start, end };
  }
}

/** Finds the names that a header declares, without a parser: one pass over its tokens that follows braces and conditionals. */
import { scan, TokenKind, type Tokens } from '../syntax/tokens';
import { HeaderNameKind } from './headerIndexKinds';
import { statementNames } from './headerIndexStatement';

/** The names of one header, in text order. `offsets` say where to start reading: the declaration's first token, or the `#` of a `#define`. */
export interface HeaderEntry {
  path: string;
  names: string[];
  kinds: Uint8Array;
  offsets: Int32Array;
}

const enum Code {
  OpenParenthesis = 40,
  CloseParenthesis = 41,
  Comma = 44,
  Semicolon = 59,
  Equals = 61,
  OpenBracket = 91,
  CloseBracket = 93,
  OpenBrace = 123,
  CloseBrace = 125,
}

const enum FrameKind {
  File,
  Record,
  Enum,
  /** A function's body, an initialiser: nothing in it is visible outside. */
  Skip,
}

interface Frame {
  kind: FrameKind;
  /** Tokens of the statement so far, without those in braces. */
  statement: number[];
  /** Where in `statement` a closed record or enum body lies; -1 for none. */
  closed: number;
  /** Open parentheses and brackets. */
  nesting: number;
  /** Token of the `enum` keyword, for constants. */
  keyword: number;
  /** Enum bodies: the next identifier is a constant. */
  expectsConstant: boolean;
}

interface Conditional {
  frames: Frame[];
  /** The branch at hand is not C of the kernel (assembler, C++, `#if 0`). */
  dead: boolean;
  /** What `#else` makes of it. */
  elseDead: boolean;
}

const DEFINE = /^#\s*define\s+([A-Za-z_$][\w$]*)/;
const INCLUDE = /^#\s*include\s*["<]([^">]+)[">]/;
const CONDITIONAL = /^#\s*(ifdef|ifndef|if|elif|else|endif)\b\s*(.*)/s;
const NOT_KERNEL_C = /^(?:!?\s*defined\s*\(?\s*)?(?:__ASSEMBLY__|__ASSEMBLER__|__cplusplus|LINKER_SCRIPT)\b/;

/** Words between `struct` and `{` that are no tag. */
const RECORD_ATTRIBUTES = new Set([
  '__packed',
  '____cacheline_aligned',
  '____cacheline_aligned_in_smp',
  '__randomize_layout',
  '__no_randomize_layout',
]);
const ATTRIBUTES_WITH_ARGUMENTS = new Set(['__attribute__', '__attribute', '__aligned', '__section']);
const GROUPS_WITH_TAG = new Set(['struct_group_tagged', '__struct_group']);

/** Words of types and code, which are pasted into no name. */
const COMMON_WORDS = new Set(
  'unsigned signed char short int long void const volatile struct union enum static inline return type name true false memory bool __iomem __user'.split(
    ' ',
  ),
);
/** Trace events expand into their own machinery, which drivers never name. */
const NOT_DECLARING = /\/include\/trace\//;
/** The name comes first in nearly all calls; arguments further on are types and code. UTF-16 units. */
const CALL_HEAD = 120;

/**
 * Lists the names that `text` declares. Total; text that a header should not hold gives fewer names.
 * Both branches of a conditional are read: which one is in force is found out when a name is looked up.
 */
export function indexHeader(path: string, text: string): HeaderEntry {
  return new HeaderScan(path, text, scan(text)).run();
}

class HeaderScan {
  private readonly names: string[] = [];
  private readonly kinds: number[] = [];
  private readonly offsets: number[] = [];
  private frames: Frame[] = [newFrame(FrameKind.File)];
  private readonly conditionals: Conditional[] = [];

  constructor(
    private readonly path: string,
    private readonly text: string,
    private readonly tokens: Tokens,
  ) {}

  run(): HeaderEntry {
    const { count, kind } = this.tokens;
    for (let i = 0; i < count; i++) {
      if (kind[i] === TokenKind.Directive) this.directive(i);
      else if (this.conditionals.length === 0 || !this.isDead()) this.token(i, kind[i]);
    }
    if (this.frames.length === 1 && this.frames[0].closed < 0) this.finish(this.frames[0], false, HeaderNameKind.MacroCall);
    return { path: this.path, names: this.names, kinds: Uint8Array.from(this.kinds), offsets: Int32Array.from(this.offsets) };
  }

  private add(name: string, kind: HeaderNameKind, offset: number): void {
    this.names.push(name);
    this.kinds.push(kind);
    this.offsets.push(offset);
    if (kind === HeaderNameKind.MacroCall && !NOT_DECLARING.test(this.path)) this.addCallWords(offset + name.length, offset);
  }

  /** The words of three letters or more with which a macro call may make names. */
  private addCallWords(from: number, offset: number): void {
    const text = this.text.slice(from, from + CALL_HEAD);
    const end = text.search(/;|\n\s*[#\n]/);
    const words = new Set((end < 0 ? text : text.slice(0, end)).match(/[A-Za-z_]\w\w+/g));
    // The first argument is the name's part even when it is a type's word (`DEFINE_HANDLE(char)`).
    const [first] = words;
    for (const word of words) if (word === first || !COMMON_WORDS.has(word)) this.add(word, HeaderNameKind.CallWord, offset);
  }

  private isDead(): boolean {
    return this.conditionals[this.conditionals.length - 1].dead;
  }

  /** Assembler and macro calls without `;` must not run into what follows a directive. */
  private endStatement(): void {
    const frame = this.frames[this.frames.length - 1];
    if (frame.kind !== FrameKind.File || frame.nesting > 0 || frame.closed >= 0 || frame.statement.length === 0) return;
    if (frame.statement.length > 2) this.finish(frame, false, HeaderNameKind.MacroCall);
    frame.statement = [];
  }

  private directive(i: number): void {
    const start = this.tokens.start[i];
    const line = this.text.slice(start, this.tokens.end[i]);
    const define = DEFINE.exec(line);
    if (define) {
      this.endStatement();
      if (this.conditionals.length === 0 || !this.isDead()) this.add(define[1], HeaderNameKind.Macro, start);
      return;
    }
    const include = INCLUDE.exec(line);
    if (include) {
      this.add(include[1], HeaderNameKind.Include, start);
      return;
    }
    const conditional = CONDITIONAL.exec(line);
    if (!conditional) {
      this.endStatement();
      return;
    }
    const outerDead = this.conditionals.length > 0 && this.isDead();
    const top = this.conditionals[this.conditionals.length - 1];
    switch (conditional[1]) {
      case 'else':
      case 'elif':
        if (!top) break;
        this.frames = copyFrames(top.frames);
        top.dead = top.elseDead;
        break;
      case 'endif':
        this.conditionals.pop();
        break;
      default: {
        const { dead, elseDead } = notKernelC(conditional[1], conditional[2]);
        this.conditionals.push({ frames: copyFrames(this.frames), dead: outerDead || dead, elseDead: outerDead || elseDead });
      }
    }
    this.endStatement();
  }

  private token(i: number, kind: number): void {
    const frame = this.frames[this.frames.length - 1];
    if (kind === TokenKind.Punctuator) {
      this.punctuator(i, this.text.charCodeAt(this.tokens.start[i]), frame);
      return;
    }
    if (frame.kind === FrameKind.Skip) return;
    if (kind === TokenKind.Identifier) {
      if (frame.kind === FrameKind.Enum) {
        if (frame.expectsConstant && frame.nesting === 0)
          this.add(this.word(i), HeaderNameKind.EnumConstant, this.tokens.start[frame.keyword]);
        frame.expectsConstant = false;
        return;
      }
      if (this.text.charCodeAt(this.tokens.end[i]) === Code.OpenParenthesis) this.groupTag(i);
    }
    frame.statement.push(i);
  }

  private punctuator(i: number, code: number, frame: Frame): void {
    switch (code) {
      case Code.OpenBrace:
        this.open(i, frame);
        return;
      case Code.CloseBrace:
        this.close();
        return;
      case Code.OpenParenthesis:
      case Code.OpenBracket:
        frame.nesting++;
        break;
      case Code.CloseParenthesis:
      case Code.CloseBracket:
        if (frame.nesting > 0) frame.nesting--;
        break;
      case Code.Comma:
        if (frame.nesting === 0) frame.expectsConstant = true;
        break;
      case Code.Semicolon:
        if (frame.kind === FrameKind.Skip) return;
        // A header never holds a `;` inside parentheses at file level but for `struct_group(…)`, whose members are a record's.
        if (frame.kind === FrameKind.File) this.finish(frame, false);
        frame.statement = [];
        if (frame.kind === FrameKind.File) frame.nesting = 0;
        frame.closed = -1;
        return;
    }
    if (frame.kind === FrameKind.File || frame.kind === FrameKind.Record) frame.statement.push(i);
  }

  private open(i: number, frame: Frame): void {
    if (frame.kind === FrameKind.Skip || frame.kind === FrameKind.Enum) {
      this.frames.push(newFrame(FrameKind.Skip));
      return;
    }
    const last = frame.statement[frame.statement.length - 1];
    if (last !== undefined && this.tokens.kind[last] === TokenKind.String) {
      this.frames.push(newFrame(FrameKind.File));
      return;
    }
    const head = this.recordHead(frame.statement);
    if (!head) {
      this.frames.push(newFrame(FrameKind.Skip));
      return;
    }
    const inner = newFrame(head.kind === HeaderNameKind.Enum ? FrameKind.Enum : FrameKind.Record);
    inner.keyword = head.keyword;
    inner.expectsConstant = true;
    if (head.name >= 0) this.add(this.word(head.name), head.kind, this.tokens.start[head.keyword]);
    this.frames.push(inner);
  }

  private close(): void {
    if (this.frames.length === 1) {
      this.frames[0] = newFrame(FrameKind.File);
      return;
    }
    const closed = this.frames.pop() as Frame;
    const frame = this.frames[this.frames.length - 1];
    if (closed.kind === FrameKind.Record || closed.kind === FrameKind.Enum) {
      frame.closed = frame.statement.length;
      return;
    }
    if (frame.kind !== FrameKind.File || closed.kind === FrameKind.File) {
      if (closed.kind === FrameKind.File) frame.statement = [];
      return;
    }
    const isInitializer = frame.statement.some((t) => this.text.charCodeAt(this.tokens.start[t]) === Code.Equals);
    if (isInitializer || frame.nesting > 0) return;
    this.finish(frame, true);
    this.frames[this.frames.length - 1] = newFrame(FrameKind.File);
  }

  /** With `only`, names of other kinds are left out. */
  private finish(frame: Frame, hasBody: boolean, only?: HeaderNameKind): void {
    if (frame.statement.length === 0) return;
    for (const found of statementNames(this.text, this.tokens, frame.statement, frame.closed, hasBody)) {
      if (only === undefined || found.kind === only) this.add(found.name, found.kind, found.offset);
    }
  }

  /** The tag and keyword before a `{`; undefined when the brace opens a function's body or an initialiser. */
  private recordHead(statement: number[]): { kind: HeaderNameKind; keyword: number; name: number } | undefined {
    let name = -1;
    for (let k = statement.length - 1; k >= 0; k--) {
      const t = statement[k];
      if (this.text.charCodeAt(this.tokens.start[t]) === Code.CloseParenthesis) {
        let depth = 0;
        for (; k >= 0; k--) {
          const c = this.text.charCodeAt(this.tokens.start[statement[k]]);
          if (c === Code.CloseParenthesis) depth++;
          else if (c === Code.OpenParenthesis && --depth === 0) break;
        }
        k--;
        if (k < 0 || !ATTRIBUTES_WITH_ARGUMENTS.has(this.word(statement[k]))) return undefined;
        continue;
      }
      if (this.tokens.kind[t] !== TokenKind.Identifier) return undefined;
      const word = this.word(t);
      if (word === 'struct') return { kind: HeaderNameKind.Struct, keyword: t, name };
      if (word === 'union') return { kind: HeaderNameKind.Union, keyword: t, name };
      if (word === 'enum') return { kind: HeaderNameKind.Enum, keyword: t, name };
      if (name < 0 && !RECORD_ATTRIBUTES.has(word)) name = t;
    }
    return undefined;
  }

  /** `struct_group_tagged(TAG, …)` declares `struct TAG`. */
  private groupTag(i: number): void {
    const c = this.text.charCodeAt(this.tokens.start[i]);
    if ((c !== 115 && c !== 95) || !GROUPS_WITH_TAG.has(this.word(i))) return;
    if (this.tokens.kind[i + 2] !== TokenKind.Identifier || i + 2 >= this.tokens.count) return;
    this.add(this.word(i + 2), HeaderNameKind.Struct, this.tokens.start[i]);
  }

  private word(i: number): string {
    return this.text.slice(this.tokens.start[i], this.tokens.end[i]);
  }
}

function newFrame(kind: FrameKind): Frame {
  return { kind, statement: [], closed: -1, nesting: 0, keyword: -1, expectsConstant: false };
}

function copyFrames(frames: Frame[]): Frame[] {
  return frames.map((f) => ({ ...f, statement: f.statement.slice() }));
}

function notKernelC(directive: string, condition: string): { dead: boolean; elseDead: boolean } {
  if (directive === 'ifdef' && NOT_KERNEL_C.test(condition)) return { dead: true, elseDead: false };
  if (directive === 'ifndef' && NOT_KERNEL_C.test(condition)) return { dead: false, elseDead: true };
  if (directive !== 'if') return { dead: false, elseDead: false };
  if (/^0\s*$/.test(condition)) return { dead: true, elseDead: false };
  if (!NOT_KERNEL_C.test(condition) || /\|\|/.test(condition)) return { dead: false, elseDead: false };
  if (condition.startsWith('!')) return { dead: false, elseDead: !/&&/.test(condition) };
  return { dead: true, elseDead: false };
}

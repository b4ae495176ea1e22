/** The conditionals of one header as a tree of branches, and the macros it defines: found once, decided when somebody asks. */
import { directiveSpans } from '../syntax/tokens';
import type { MacroSummary } from './types';

/** From one `#if`, `#elif` or `#else` to the next directive of its group. */
export interface Branch {
  kind: 'if' | 'ifdef' | 'ifndef' | 'else';
  condition: string;
  /** Offset of the directive. */
  offset: number;
  /** Branch around it; -1 at file level. */
  parent: number;
  /** The branch before it in its group; -1 for the first. */
  previous: number;
  /** The header's guard: it is in force however often other headers define the name. */
  isGuard: boolean;
}

/** A `#define`, `#undef` or `#pragma pack`, by place. */
export interface NamedDirective {
  kind: 'define' | 'undef' | 'pack';
  name: string;
  offset: number;
  end: number;
}

export interface HeaderText {
  path: string;
  text: string;
  branches: Branch[];
  /** Offsets of all directives, and the branch that holds what follows each. */
  directiveOffset: number[];
  branchAfter: number[];
  /** `#define` and `#undef` by name, in order. */
  byName: Map<string, NamedDirective[]>;
  packs: NamedDirective[];
}

const DIRECTIVE = /^#\s*([a-z]+)\s*(.*)$/s;
const DEFINE_HEAD = /^([A-Za-z_$][\w$]*)(\(([^)]*)\))?/;

/** Reads a header's directives. Total: unbalanced conditionals end where the text does. */
export function readHeaderText(path: string, text: string): HeaderText {
  const spans = directiveSpans(text);
  const header: HeaderText = { path, text, branches: [], directiveOffset: [], branchAfter: [], byName: new Map(), packs: [] };
  let current = -1;
  let firstGroup = -1;
  let closedLast = -1;
  const groupStart: number[] = [];
  for (let i = 0; i < spans.length; i += 2) {
    const offset = spans[i];
    const end = spans[i + 1];
    const match = DIRECTIVE.exec(text.slice(offset, end));
    if (!match) continue;
    const rest = match[2];
    closedLast = -1;
    switch (match[1]) {
      case 'if':
      case 'ifdef':
      case 'ifndef':
        header.branches.push({ kind: match[1], condition: withoutComments(rest), offset, parent: current, previous: -1, isGuard: false });
        groupStart.push(header.branches.length - 1);
        if (header.directiveOffset.length === 0) firstGroup = header.branches.length - 1;
        current = header.branches.length - 1;
        break;
      case 'elif':
      case 'else':
        if (current < 0) break;
        header.branches.push({
          kind: match[1] === 'else' ? 'else' : 'if',
          condition: withoutComments(rest),
          offset,
          parent: header.branches[current].parent,
          previous: current,
          isGuard: false,
        });
        current = header.branches.length - 1;
        break;
      case 'endif':
        if (current < 0) break;
        closedLast = groupStart.pop() ?? -1;
        current = header.branches[current].parent;
        break;
      default: {
        const kind = match[1];
        const name = kind === 'pragma' ? '' : (/^[\w$]+/.exec(rest)?.[0] ?? '');
        if (kind === 'define' || kind === 'undef') {
          const directive: NamedDirective = { kind, name, offset, end };
          const list = header.byName.get(name);
          if (list) list.push(directive);
          else header.byName.set(name, [directive]);
        } else if (kind === 'pragma' && /^pack\b/.test(rest)) header.packs.push({ kind: 'pack', name: rest.slice(4).trim(), offset, end });
      }
    }
    header.directiveOffset.push(offset);
    header.branchAfter.push(current);
  }
  // The file's first directive opens the group that its last one closes.
  if (closedLast >= 0 && closedLast === firstGroup && header.branches[closedLast].kind !== 'ifdef')
    header.branches[closedLast].isGuard = isGuard(header, closedLast);
  return header;
}

/** The innermost branch that holds an offset; -1 at file level. */
export function branchAt(header: HeaderText, offset: number): number {
  let low = 0;
  let high = header.directiveOffset.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (header.directiveOffset[middle] <= offset) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? -1 : header.branchAfter[low - 1];
}

function isGuard(header: HeaderText, branch: number): boolean {
  const { kind, condition, offset } = header.branches[branch];
  const name = kind === 'ifndef' ? condition.trim() : (/^!\s*defined\s*\(?\s*(\w+)/.exec(condition)?.[1] ?? '');
  return header.byName.get(name)?.some((d) => d.kind === 'define' && d.offset > offset) ?? false;
}

/** The macro that a `#define` line defines; undefined for a broken one. `offset` is the `#`'s. */
export function parseDefine(path: string, text: string, offset: number, end: number): MacroSummary | undefined {
  const line = withoutComments(text.slice(offset, end)).replace(/^#\s*define\s+/, '');
  const head = DEFINE_HEAD.exec(line);
  if (!head) return undefined;
  // `#define A (x)` is object-like: the parenthesis of parameters touches the name, and holds names only.
  const isCall = head[2] !== undefined && /^[\w\s,.$]*$/.test(head[3]);
  const parameters = isCall
    ? head[3]
        .split(',')
        .map((p) => p.trim())
        .filter((p) => p !== '')
    : null;
  const body = line.slice(isCall ? head[0].length : head[1].length).trim();
  return {
    name: head[1],
    parameters: parameters && parameters.map((p) => (p === '...' ? '__VA_ARGS__' : p.replace(/\s*\.\.\.$/, ''))),
    variadic: parameters?.at(-1)?.endsWith('...') ?? false,
    body,
    place: { file: path, offset },
  };
}

/** Directive text on one line, without comments. */
function withoutComments(text: string): string {
  return text
    .replace(/\\\r?\n/g, ' ')
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/\/\/.*$/s, '')
    .trim();
}

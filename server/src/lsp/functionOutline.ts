/**
 * A light outline of a C text: where function definitions begin, for edits that must work on the text as it is now, even where
 * it does not parse. Strings, comments and directives are stepped over; nothing is expanded.
 */
export interface FunctionOutline {
  /** Identifiers directly before a `(` in the head. One of them is the function's name; macros and attributes may be others. */
  names: string[];
  /** Offset of each of `names`. */
  nameOffsets: number[];
  /** Offset of the definition's first token: storage class, attribute macro or return type. */
  start: number;
  /** Offset of the body's `{`. */
  body: number;
  /** Offset after the body's `}`; the end of the text when it is not closed. */
  end: number;
}

export interface IncludeOutline {
  /** What stands between the brackets or quotes. */
  header: string;
  /** Offset of `#`. */
  start: number;
  /** Offset of the line's end, before its newline. */
  end: number;
  /** Whether some `#if` is open around it. */
  conditional: boolean;
}

/** An identifier that begins with `__fgft_`, or is `isolate` within a GNU attribute, outside of comments, strings and directives. */
export interface AnnotationUse {
  name: string;
  start: number;
  /** After the name, or after the closing parenthesis of its arguments. */
  end: number;
}

export interface TextOutline {
  functions: FunctionOutline[];
  includes: IncludeOutline[];
  annotations: AnnotationUse[];
  /** Offset of the first token or directive; the text's length when there is none. */
  firstToken: number;
}

const identifier = /[A-Za-z_$][\w$]*/y;
const digits = /\d[\w.]*/y;

/** Reads the outline of a text in one pass. Never fails: unclosed constructs end at the end of the text. */
export function outlineOf(text: string): TextOutline {
  const outline: TextOutline = { functions: [], includes: [], annotations: [], firstToken: text.length };
  let braces = 0;
  let parentheses = 0;
  const conditionals: { braces: number; parentheses: number }[] = [];
  let head = newHead();
  let previousIdentifier: { name: string; start: number } | null = null;
  let pending: FunctionOutline | null = null;
  let lineStart = true;
  let firstTokenSeen = false;
  let i = 0;

  const sawToken = (at: number): void => {
    if (!firstTokenSeen) outline.firstToken = at;
    firstTokenSeen = true;
    lineStart = false;
    if (braces !== 0) return;
    if (head.start < 0) head.start = at;
  };

  while (i < text.length) {
    const c = text[i];
    if (c === '\n') {
      lineStart = true;
      head.newlineSinceGroup = true;
      i++;
      continue;
    }
    if (c === ' ' || c === '\t' || c === '\r' || c === '\f' || c === '\v') {
      i++;
      continue;
    }
    if (c === '\\' && /^\\\r?\n/.test(text.slice(i, i + 3))) {
      i += text[i + 1] === '\r' ? 3 : 2;
      continue;
    }
    if (c === '/' && (text[i + 1] === '/' || text[i + 1] === '*')) {
      i = endOfComment(text, i);
      continue;
    }
    if (c === '#' && lineStart) {
      if (!firstTokenSeen) outline.firstToken = i;
      firstTokenSeen = true;
      const end = endOfDirective(text, i);
      const directive = /^#\s*(\w+)/.exec(text.slice(i, end))?.[1] ?? '';
      if (directive === 'if' || directive === 'ifdef' || directive === 'ifndef') conditionals.push({ braces, parentheses });
      else if (directive === 'endif') conditionals.pop();
      else if ((directive === 'else' || directive === 'elif') && conditionals.length > 0) {
        // Each branch may open the same block: it is counted once.
        braces = conditionals[conditionals.length - 1].braces;
        parentheses = conditionals[conditionals.length - 1].parentheses;
      } else if (directive === 'include') {
        const header = /^#\s*include\s*[<"]([^>"\n]*)[>"]/.exec(text.slice(i, end))?.[1];
        if (header !== undefined) outline.includes.push({ header, start: i, end, conditional: conditionals.length > 0 });
      }
      if (braces === 0 && parentheses === 0) head = newHead();
      i = end;
      continue;
    }
    if (c === '"' || c === "'") {
      sawToken(i);
      i = endOfLiteral(text, i);
      previousIdentifier = null;
      continue;
    }
    identifier.lastIndex = i;
    const word = identifier.exec(text)?.[0];
    if (word) {
      // `module_init(foo)` without a semicolon, or an attribute macro on a line of its own: what follows is a new head.
      if (braces === 0 && parentheses === 0 && head.onlyGroup && head.newlineSinceGroup) head = newHead();
      sawToken(i);
      if (braces === 0 && parentheses === 0) head.onlyGroup = false;
      if (word.startsWith('__fgft_') || word === 'isolate') {
        const use = annotationAt(text, i, word);
        if (use) outline.annotations.push(use);
      }
      previousIdentifier = { name: word, start: i };
      i += word.length;
      continue;
    }
    digits.lastIndex = i;
    const number = digits.exec(text)?.[0];
    if (number) {
      sawToken(i);
      previousIdentifier = null;
      i += number.length;
      continue;
    }
    sawToken(i);
    if (c === '(') {
      if (braces === 0 && parentheses === 0 && previousIdentifier) {
        head.names.push(previousIdentifier.name);
        head.nameOffsets.push(previousIdentifier.start);
        head.groupIsFirst =
          head.names.length === 1 && previousIdentifier.start === head.start && !previousIdentifier.name.startsWith('__fgft_');
      }
      parentheses++;
    } else if (c === ')') {
      parentheses = Math.max(0, parentheses - 1);
      if (braces === 0 && parentheses === 0) {
        head.onlyGroup = head.groupIsFirst;
        head.newlineSinceGroup = false;
      }
    } else if (c === '{') {
      if (braces === 0) {
        if (head.names.length > 0 && !head.assigned && head.start >= 0) {
          pending = { names: head.names, nameOffsets: head.nameOffsets, start: head.start, body: i, end: text.length };
          outline.functions.push(pending);
        }
      }
      braces++;
      // A body ends whatever parentheses a broken head left open.
      if (braces === 1 && pending) parentheses = 0;
    } else if (c === '}') {
      // In kernel style a brace in the first column ends the definition, whatever macros or conditionals left open.
      braces = i === 0 || text[i - 1] === '\n' ? 0 : Math.max(0, braces - 1);
      if (braces === 0) {
        if (pending) pending.end = i + 1;
        if (pending) head = newHead();
        pending = null;
        parentheses = 0;
      }
    } else if (c === ';' && braces === 0 && parentheses === 0) {
      head = newHead();
    } else if (c === '=' && braces === 0 && parentheses === 0) {
      head.assigned = true;
    }
    previousIdentifier = null;
    i++;
  }
  return outline;
}

interface Head {
  start: number;
  names: string[];
  nameOffsets: number[];
  assigned: boolean;
  /** The first token is the name of the parenthesised group being read. */
  groupIsFirst: boolean;
  /** So far the head is `NAME(…)` and nothing else. */
  onlyGroup: boolean;
  newlineSinceGroup: boolean;
}

function newHead(): Head {
  return { start: -1, names: [], nameOffsets: [], assigned: false, groupIsFirst: false, onlyGroup: false, newlineSinceGroup: false };
}

function endOfComment(text: string, at: number): number {
  if (text[at + 1] === '*') {
    const end = text.indexOf('*/', at + 2);
    return end < 0 ? text.length : end + 2;
  }
  let end = at;
  do {
    end = text.indexOf('\n', end + 1);
  } while (end > 0 && /\\\r?$/.test(text.slice(Math.max(0, end - 2), end)));
  return end < 0 ? text.length : end;
}

function endOfLiteral(text: string, at: number): number {
  const quote = text[at];
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === quote) return i + 1;
    else if (text[i] === '\n') return i;
  }
  return text.length;
}

/** The end of a directive's logical line, before its newline (and before a CR of it); block comments may span lines. */
function endOfDirective(text: string, at: number): number {
  let i = at;
  while (i < text.length) {
    if (text[i] === '\\' && (text[i + 1] === '\n' || (text[i + 1] === '\r' && text[i + 2] === '\n'))) i += text[i + 1] === '\r' ? 3 : 2;
    else if (text[i] === '/' && text[i + 1] === '*') i = endOfComment(text, i);
    else if (text[i] === '/' && text[i + 1] === '/') i = endOfComment(text, i);
    else if (text[i] === '\n') return text[i - 1] === '\r' ? i - 1 : i;
    else i++;
  }
  return text.length;
}

function annotationAt(text: string, at: number, word: string): AnnotationUse | null {
  if (word === 'isolate') {
    const before = /__attribute(?:__)?\s*\(\s*\(\s*$/.exec(text.slice(Math.max(0, at - 40), at));
    const after = /^\s*\)\s*\)/.exec(text.slice(at + word.length, at + word.length + 40));
    if (!before || !after) return null;
    return { name: 'isolate', start: at - before[0].length, end: at + word.length + after[0].length };
  }
  let end = at + word.length;
  const open = /^\s*\(/.exec(text.slice(end, end + 200));
  if (open && takesArguments.has(word)) {
    let depth = 0;
    const limit = Math.min(text.length, end + longestArguments);
    for (let i = end + open[0].length - 1; i < limit; i++) {
      if (text[i] === '(') depth++;
      else if (text[i] === ')' && --depth === 0) {
        end = i + 1;
        break;
      } else if (text[i] === '"' || text[i] === "'") i = endOfLiteral(text, i) - 1;
    }
  }
  return { name: word, start: at, end };
}

/** Arguments that are not closed within so many characters are none: the scan stays linear on broken text. */
const longestArguments = 500;

const takesArguments = new Set(['__fgft_suspect_if', '__fgft_count', '__fgft_live_if']);

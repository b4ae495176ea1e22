import { Gap, needsBlank, type MacroToken } from './macrosTokens';
import { continues, type Segment } from './preprocessed';

/** Collects the expanded text and the map back to the file. */
export class PreprocessOutput {
  readonly segments: Segment[] = [{ start: 0, origin: 0, macro: null, exact: true }];
  private readonly chunks: string[] = [];
  private size = 0;
  private last = 0;

  /** Characters so far. */
  get length(): number {
    return this.size;
  }

  /** The last character's code, 0 at the start. */
  get lastCode(): number {
    return this.last;
  }

  text(): string {
    return this.chunks.join('');
  }

  /** Copies the file's own text. */
  copy(text: string, from: number, to: number): void {
    if (to <= from) return;
    this.put(text.slice(from, to));
    this.last = text.charCodeAt(to - 1);
  }

  /** Blanks a stretch of the file's own text; newlines stay. */
  blank(text: string, from: number, to: number): void {
    if (to <= from) return;
    this.put(blanksFor(text, from, to));
    this.last = 32;
  }

  /** The text that follows is copied from `origin` on (`macro` null), or stands for `macro` at `origin`. */
  mapTo(origin: number, macro: string | null, exact: boolean): void {
    if (this.segments[this.segments.length - 1].start === this.size) this.segments.pop();
    const segment = { start: this.size, origin, macro, exact };
    if (!continues(this.segments.at(-1), segment)) this.segments.push(segment);
  }

  /** Writes one token of an expansion, with a blank before it where C needs one. */
  token(token: MacroToken, macro: string, first: boolean): void {
    const code = token.text.charCodeAt(0);
    // The blank before the first token is the file's own.
    if (first ? needsBlank(this.last, code) : token.gap === Gap.Blank || (token.gap === Gap.Seam && needsBlank(this.last, code)))
      this.put(' ');
    this.mapTo(token.origin, macro, token.exact);
    this.put(token.text);
    this.last = token.text.charCodeAt(token.text.length - 1);
  }

  /** Writes a blank that stands nowhere in the file. */
  seam(): void {
    this.put(' ');
    this.last = 32;
  }

  private put(text: string): void {
    this.chunks.push(text);
    this.size += text.length;
  }
}

const BLANKS = ' '.repeat(256);

function blanks(count: number): string {
  return count <= BLANKS.length ? BLANKS.slice(0, count) : ' '.repeat(count);
}

function blanksFor(text: string, from: number, to: number): string {
  let newline = text.indexOf('\n', from);
  if (newline < 0 || newline >= to) return blanks(to - from);
  let out = '';
  let at = from;
  while (newline >= 0 && newline < to) {
    out += blanks(newline - at) + '\n';
    at = newline + 1;
    newline = text.indexOf('\n', at);
  }
  return out + blanks(to - at);
}

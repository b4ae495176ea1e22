/** Follows `#pragma pack` through a file. */
export class PackingState {
  private readonly stack: (number | null)[] = [];
  private current: number | null = null;

  /** Takes a pragma's text into account (`pack(push, 1)`); returns the packing in force after it, or undefined when it is not about packing. */
  pragma(text: string): number | null | undefined {
    const match = /^pack\s*\(([^)]*)\)/.exec(text);
    if (!match) return undefined;
    for (const word of match[1].split(',').map((part) => part.trim())) {
      if (word === 'push') this.stack.push(this.current);
      else if (word === 'pop') this.current = this.stack.pop() ?? null;
      else if (word === '') this.current = null;
      else if (/^(?:1|2|4|8|16)$/.test(word)) this.current = Number(word);
    }
    return this.current;
  }
}

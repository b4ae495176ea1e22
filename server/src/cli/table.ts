/** Plain-text tables. Widths count code points, which is right for C identifiers and the few signs used here. */

export interface Column {
  title: string;
  align: 'left' | 'right';
  /** May be shortened to this many characters when the line is too long; undefined: never shortened. */
  minimum?: number;
  /** Of the columns that may be shortened, those with the lowest number are, as far as they may, before the next. Default 0. */
  rank?: number;
}

export interface Cell {
  text: string;
  /** Wraps the finished, padded cell, for colour. */
  style?: (text: string) => string;
}

const gap = '  ';

/**
 * The lines of a table, without trailing blanks. Where they would be longer than `width`, the columns that may be shortened are,
 * by rank and the longest first; what then still does not fit stays long.
 */
export function formatTable(
  columns: Column[],
  rows: Cell[][],
  width: number,
  titleStyle: (text: string) => string = (text) => text,
): string[] {
  const widths = columns.map((column, index) => Math.max(column.title.length, ...rows.map((row) => length(row[index].text))));
  const rank = (index: number): number => columns[index].rank ?? 0;
  const yieldsBefore = (one: number, other: number): boolean =>
    rank(one) === rank(other) ? widths[one] > widths[other] : rank(one) < rank(other);
  let excess = widths.reduce((total, one) => total + one, 0) + gap.length * (columns.length - 1) - width;
  while (excess > 0) {
    let longest = -1;
    columns.forEach((column, index) => {
      const room = column.minimum === undefined ? 0 : widths[index] - column.minimum;
      if (room > 0 && (longest < 0 || yieldsBefore(index, longest))) longest = index;
    });
    if (longest < 0) break;
    widths[longest]--;
    excess--;
  }
  const line = (cells: Cell[]): string =>
    cells
      .map(({ text, style }, index) => {
        const short = shorten(text, widths[index]);
        const blanks = ' '.repeat(Math.max(0, widths[index] - length(short)));
        const styled = style ? style(short) : short;
        // The last column is not padded: a line should not end in blanks.
        if (columns[index].align === 'right') return blanks + styled;
        return index === columns.length - 1 ? styled : styled + blanks;
      })
      .join(gap)
      .trimEnd();
  const title = columns.map((column) => ({ text: column.title, style: titleStyle }));
  return [line(title), ...rows.map(line)];
}

function length(text: string): number {
  return [...text].length;
}

/** The text in at most `width` characters, with a sign where some are left out: names differ at their ends more than in their middle. */
export function shorten(text: string, width: number): string {
  const characters = [...text];
  if (characters.length <= width) return text;
  if (width <= 1) return '…'.slice(0, Math.max(0, width));
  const tail = Math.floor((width - 1) * 0.6);
  return characters.slice(0, width - 1 - tail).join('') + '…' + characters.slice(characters.length - tail).join('');
}

/** Words in lines of at most `width` characters. Blanks at the start stay; every line but the first begins with `indent`. */
export function wrap(text: string, width: number, indent: string): string {
  const start = /^ */.exec(text)?.[0] ?? '';
  const lines: string[] = [];
  let line = '';
  for (const word of text.slice(start.length).split(' ')) {
    const begin = lines.length === 0 ? start : indent;
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent + word;
    } else line = line === '' ? begin + word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}

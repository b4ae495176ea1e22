/**
 * Moves lines of one text to where they are in a later one, for reports that are older than the text. Outside of the region
 * between the common head and tail that is exact; inside, lines that occur once in both texts are the anchors, and any other line
 * keeps its distance from the anchor before it.
 */
export function lineMapper(before: string, after: string): (line: number) => number {
  if (before === after) return (line) => line;
  const from = before.split('\n');
  const to = after.split('\n');
  const shorter = Math.min(from.length, to.length);
  let head = 0;
  while (head < shorter && from[head] === to[head]) head++;
  let tail = 0;
  while (tail < shorter - head && from[from.length - 1 - tail] === to[to.length - 1 - tail]) tail++;
  const fromEnd = from.length - tail;
  const toEnd = to.length - tail;
  const moved = regionMap(from, to, head, fromEnd, toEnd);
  return (line) => {
    if (line < head) return line;
    if (line >= fromEnd) return line + to.length - from.length;
    return moved[line - head];
  };
}

/** New places of the lines from `head` to `fromEnd` of a text; each within the other text, in no smaller order than before. */
function regionMap(from: string[], to: string[], head: number, fromEnd: number, toEnd: number): number[] {
  const places = uniqueLines(to, head, toEnd);
  const unique = uniqueLines(from, head, fromEnd);
  const moved: number[] = [];
  let anchorFrom = head;
  let anchorTo = head;
  for (let line = head; line < fromEnd; line++) {
    const place = unique.has(from[line]) ? places.get(from[line]) : undefined;
    // An anchor that would go back was moved around: the text before it is no guide.
    if (place !== undefined && place >= anchorTo) {
      anchorFrom = line;
      anchorTo = place;
    }
    moved.push(Math.max(0, Math.min(to.length - 1, anchorTo + line - anchorFrom)));
  }
  return moved;
}

function uniqueLines(lines: string[], start: number, end: number): Map<string, number> {
  const places = new Map<string, number>();
  const repeated = new Set<string>();
  for (let i = start; i < end; i++) {
    if (places.has(lines[i])) repeated.add(lines[i]);
    places.set(lines[i], i);
  }
  for (const line of repeated) places.delete(line);
  return places;
}

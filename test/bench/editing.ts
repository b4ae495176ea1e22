/** Edits of one character in function bodies, at places that any C compiler takes. */

export interface Place {
  line: number;
  character: number;
}

/** A statement that ends in the constant 0, indented as bodies of functions are. */
const endsInZero = /^\t[^/*"]*(return|[^=!<>]=) 0(?=;$)/;

/** Places behind a constant `0` in statements, spread over the whole file; fewer than `count` when the file has fewer. */
export function editPlaces(text: string, count: number): Place[] {
  const all = text.split('\n').flatMap((line, at): Place[] => {
    const found = endsInZero.exec(line);
    return found ? [{ line: at, character: found[0].length }] : [];
  });
  if (all.length <= count) return all;
  return Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]);
}

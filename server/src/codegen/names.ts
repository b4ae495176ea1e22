/** How the names of generated things are made, in one place: all parts of a generated module must agree on them. */

/** The driver's own version of an entry point, which its stub calls when the entry point is switched off. */
export function nativeName(entry: string): string {
  return `fgft_native_${entry}`;
}

/** What an entry point that is switched on runs: it marshals, and calls the version that is compiled with checks. */
export function isolatedName(entry: string): string {
  return `fgft_isolated_${entry}`;
}

/** The version that is compiled with checks. */
export function suspectName(fileNumber: number, name: string): string {
  return `fgft_s_${fileNumber}_${name}`;
}

/** The native object's variable, as the suspect object names it. */
export function dataName(fileNumber: number, name: string): string {
  return `fgft_data_${fileNumber}_${name}`;
}

/** A variable's initialiser in the suspect copy: only its type is used. */
export function shapeName(name: string): string {
  return `fgft_shape_${name}`;
}

/** The base name of a file without its extension, as a part of C names and file names. */
export function stem(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.[ch]$/, '');
}

/** A driver function that runs natively, for the table of routes. */
export function routeName(fileNumber: number, name: string): string {
  return `fgft_n_${fileNumber}_${name}`;
}

/** A constant that holds the size of another file's static variable. */
export function sizeName(fileNumber: number, name: string): string {
  return `fgft_size_${fileNumber}_${name}`;
}

/** A function of another file that gives the value of a pointer among its variables. */
export function heldName(fileNumber: number, text: string): string {
  return `fgft_held_${fileNumber}_${text.replace(/[^A-Za-z0-9]+/g, '_').replace(/_$/, '')}`;
}

export function entrySymbol(entry: string): string {
  return `fgft_entry_${entry}`;
}

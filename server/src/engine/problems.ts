/** What is wrong with what the user gave, in words that say what to do. */
import { distance } from 'fastest-levenshtein';
import type { InputProblem } from './engine';

/** The names nearest to a mistyped one, best first. */
export function nearest(name: string, candidates: readonly string[], count = 5): string[] {
  const lower = name.toLowerCase();
  return candidates
    .map((c) => ({ c, d: c.toLowerCase().includes(lower) ? 1 : distance(lower, c.toLowerCase()) }))
    .filter(({ c, d }) => d <= Math.max(3, Math.min(c.length, name.length) / 2))
    .sort((a, b) => a.d - b.d || (a.c < b.c ? -1 : 1))
    .slice(0, count)
    .map(({ c }) => c);
}

export function noSuchFile(path: string, siblings: readonly string[]): InputProblem {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return { kind: 'no-such-file', path, message: `no such file or folder: ${path}`, suggestions: nearest(name, siblings) };
}

export function notAC(path: string): InputProblem {
  return {
    kind: 'not-a-c-file',
    path,
    message: `not a C source file: ${path}; give a .c file, a driver's folder or a part of a kernel tree`,
    suggestions: [],
  };
}

export function unreadable(path: string): InputProblem {
  return { kind: 'unreadable', path, message: `cannot be read: ${path}; check its permissions`, suggestions: [] };
}

export function tooLarge(path: string): InputProblem {
  return { kind: 'unreadable', path, message: `too large to be analysed: ${path}; sources of up to 4 MB are`, suggestions: [] };
}

export function isGenerated(path: string, folder: string): InputProblem {
  return {
    kind: 'generated',
    path,
    message: `${path} lies in the generated module ${folder}, which holds the driver's text once more; the driver itself is what is analysed`,
    suggestions: [],
  };
}

export function nothingFound(path: string): InputProblem {
  return { kind: 'nothing-found', path, message: `no C files under ${path}`, suggestions: [] };
}

export function noKernelTree(path: string, tried: readonly string[]): InputProblem {
  return {
    kind: 'no-kernel-tree',
    path,
    message: `no kernel tree found, so sizes that the driver's own text does not tell are unknown; give one with --kernel DIR or install the kernel headers (tried: ${tried.join(', ')})`,
    suggestions: [],
  };
}

export function unknownEntry(name: string, known: readonly string[]): InputProblem {
  const suggestions = nearest(name, known);
  return {
    kind: 'unknown-entry-point',
    path: name,
    message: `no entry point named ${name}${suggestions.length > 0 ? '' : listed(known)}`,
    suggestions,
  };
}

/** Where no name is near, all there are. More than these would not be read. */
const MAXIMUM_LISTED = 40;

function listed(known: readonly string[]): string {
  const names = [...new Set(known)];
  if (names.length === 0) return '; there are none here';
  const more = names.length > MAXIMUM_LISTED ? ` and ${names.length - MAXIMUM_LISTED} more` : '';
  return `; there are ${names.slice(0, MAXIMUM_LISTED).join(', ')}${more}`;
}

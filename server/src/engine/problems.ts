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
  return { kind: 'not-a-c-file', path, message: `not a C source file: ${path}; give a .c file, a driver's folder or a part of a kernel tree`, suggestions: [] };
}

export function unreadable(path: string): InputProblem {
  return { kind: 'unreadable', path, message: `cannot be read: ${path}; check its permissions`, suggestions: [] };
}

export function tooLarge(path: string): InputProblem {
  return { kind: 'unreadable', path, message: `too large to be analysed: ${path}; sources of up to 4 MB are`, suggestions: [] };
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
  return { kind: 'unknown-entry-point', path: name, message: `no entry point named ${name}`, suggestions: nearest(name, known) };
}

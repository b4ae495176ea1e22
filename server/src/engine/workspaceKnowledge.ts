/**
 * Rows about the kernel that a workspace adds, replaces or takes away: YAML files below `.fgft/knowledge/`, of the very form of the files
 * in `server/knowledge`. They count for everything that is analysed with that working directory.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readKnowledgeFiles } from '../knowledge/load';
import type { EngineOptions, InputProblem } from './engine';

const FOLDER = '.fgft/knowledge';
const NAME = /\.ya?ml$/;

export interface WorkspaceKnowledge {
  /** Absolute; null when there is none. */
  folder: string | null;
  /** `name`: the file's path. In the order of their names: of two rows of one name the later stands. */
  texts: { name: string; text: string }[];
  /** Rows and files that are left out, and why. */
  problems: InputProblem[];
}

/** Reads the folder in the working directory, or in the nearest one above that has it. */
export function workspaceKnowledge({ workingDirectory = process.cwd() }: EngineOptions): WorkspaceKnowledge {
  for (let at = workingDirectory; ; at = dirname(at)) {
    const folder = join(at, FOLDER);
    const names = filesIn(folder);
    if (names) return read(folder, names);
    if (dirname(at) === at) return { folder: null, texts: [], problems: [] };
  }
}

/** Whether a file is, or was, one of such a folder. */
export function isWorkspaceKnowledge(path: string): boolean {
  return path.includes(`/${FOLDER}/`) && NAME.test(path);
}

function filesIn(folder: string): string[] | undefined {
  try {
    return readdirSync(folder)
      .filter((name) => NAME.test(name))
      .sort();
  } catch {
    return undefined;
  }
}

function read(folder: string, names: readonly string[]): WorkspaceKnowledge {
  const texts: { name: string; text: string }[] = [];
  const problems: InputProblem[] = [];
  for (const name of names) {
    const path = join(folder, name);
    try {
      texts.push({ name: path, text: readFileSync(path, 'utf8') });
    } catch (error) {
      problems.push(problem(path, `cannot be read: ${error instanceof Error ? error.message : String(error)}`));
    }
  }
  for (const { file, row, message } of readKnowledgeFiles(texts).problems)
    problems.push(problem(file, row === '' ? `the file is left out: ${message}` : `the row '${row}' is left out: ${message}`));
  return { folder, texts, problems };
}

function problem(path: string, what: string): InputProblem {
  return { kind: 'knowledge', path, message: `knowledge of this workspace: ${path}: ${what}`, suggestions: [] };
}

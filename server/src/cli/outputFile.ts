import { closeSync, openSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Terminal } from './terminal';

/** Where a report goes piece by piece. */
export interface Output {
  write(text: string): void | Promise<void>;
  close(): void;
}

/** The file, or standard output when none is named. Throws what opening throws. */
export function openOutput(file: string | undefined, terminal: Terminal): Output {
  if (file === undefined) {
    return {
      write: (text) => {
        terminal.out(text);
        return terminal.drained?.();
      },
      close: () => undefined,
    };
  }
  const descriptor = openSync(resolve(terminal.workingDirectory, file), 'w');
  return {
    write: (text) => {
      // One call may write less than everything.
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
    },
    close: () => closeSync(descriptor),
  };
}

const FAILURES: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
  ENOSPC: 'the disk is full',
  EROFS: 'the file system is read-only',
};

/** Why a file cannot be written, for people. */
export function writeFailure(error: unknown): string {
  return failure(error, 'its folder does not exist');
}

/** Why a file cannot be read, for people. */
export function readFailure(error: unknown): string {
  return failure(error, 'there is no such file');
}

function failure(error: unknown, missing: string): string {
  const { code } = error as NodeJS.ErrnoException;
  const known = code === 'ENOENT' ? missing : code && FAILURES[code];
  return known ?? (error instanceof Error ? error.message : String(error));
}

/** Which files on disk matter, and what to do when they change. */
import {
  type Connection,
  DidChangeWatchedFilesNotification,
  type DidChangeWatchedFilesParams,
  type DidChangeWatchedFilesRegistrationOptions,
  FileChangeType,
} from 'vscode-languageserver';
import { pathOfFileUri } from './positions';

/** Sources, what says how they are linked, the kernel's configuration, and the workspace's own knowledge. */
export const watchedGlobs = ['**/*.{c,h}', '**/{Makefile,Kbuild}', '**/.config', '**/auto.conf', '**/.fgft/knowledge/*.{yaml,yml}'];

/** A checkout or a build changes thousands of files within moments; they are taken together. Milliseconds. */
const gatherFor = 300;

/** Asks the client to watch. Never rejects: without watching, saved documents still count. */
export async function registerWatchers(connection: Connection, log: (line: string) => void): Promise<void> {
  const options: DidChangeWatchedFilesRegistrationOptions = { watchers: watchedGlobs.map((globPattern) => ({ globPattern })) };
  try {
    await connection.client.register(DidChangeWatchedFilesNotification.type, options);
  } catch (error) {
    log(`watching files was refused: ${String(error)}`);
  }
}

/** Gathers change events and hands on the paths that bring news. */
export class FileChanges {
  private readonly pending = new Set<string>();
  private readonly cameOrWent = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly isOpen: (path: string) => boolean,
    private readonly changed: (paths: string[]) => void,
  ) {}

  receive(params: DidChangeWatchedFilesParams): void {
    for (const { uri, type } of params.changes) {
      const path = pathOfFileUri(uri);
      if (path === undefined) continue;
      this.pending.add(path);
      if (type !== FileChangeType.Changed) this.cameOrWent.add(path);
    }
    if (this.pending.size === 0 || this.timer) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      const paths = [...this.pending];
      this.pending.clear();
      // Saving an open document changes nothing that the engine has not seen; a file that came or went may.
      const news = paths.filter((path) => this.cameOrWent.has(path) || !this.isOpen(path) || !/\.[ch]$/.test(path));
      this.cameOrWent.clear();
      if (news.length > 0) this.changed(news);
    }, gatherFor);
  }

  dispose(): void {
    if (this.timer) clearTimeout(this.timer);
  }
}

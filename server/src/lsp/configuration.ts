/** Settings per resource, asked from the client once and kept until it says that they changed. */
import type { Connection } from 'vscode-languageserver';
import { readSettings, type Settings } from './settings';

export class Configuration {
  private readonly perResource = new Map<string, Promise<Settings>>();
  /** Settings that the client pushed or gave at start, for clients that cannot be asked. */
  private pushed: unknown;

  /** `canAsk`: the client answers `workspace/configuration`. */
  constructor(
    private readonly connection: Connection,
    private readonly canAsk: boolean,
    initial: unknown,
    private readonly log: (line: string) => void,
  ) {
    this.pushed = initial;
  }

  /** The settings that hold for a document. Never rejects: a client that fails to answer gets the pushed ones or the defaults. */
  for(uri: string): Promise<Settings> {
    // A client that cannot be asked has one set of settings for all.
    const key = this.canAsk ? uri : '';
    let settings = this.perResource.get(key);
    if (!settings) {
      settings = this.read(uri);
      this.perResource.set(key, settings);
    }
    return settings;
  }

  /** The client's `workspace/didChangeConfiguration`. */
  changed(settings: unknown): void {
    if (typeof settings === 'object' && settings !== null) this.pushed = (settings as { fgft?: unknown }).fgft ?? this.pushed;
    this.perResource.clear();
  }

  forget(uri: string): void {
    this.perResource.delete(uri);
  }

  private async read(uri: string): Promise<Settings> {
    let section = this.pushed;
    if (this.canAsk) {
      try {
        section = (await this.connection.workspace.getConfiguration({ scopeUri: uri, section: 'fgft' })) ?? this.pushed;
      } catch (error) {
        this.log(`workspace/configuration failed: ${String(error)}`);
      }
    }
    const { settings, problems } = readSettings(section);
    for (const problem of problems) this.log(problem);
    return settings;
  }
}

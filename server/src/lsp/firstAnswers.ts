/**
 * What files tell by themselves, by path, until the analysis of their module is there. Of findings alone: costs and fields of a file
 * without its module would be wrong numbers.
 */
import type { ModuleAnalysis } from './moduleAnalysis';

export class FirstAnswers {
  private readonly known = new Map<string, ModuleAnalysis>();
  private readonly listeners = new Map<string, Set<() => void>>();

  all(): ModuleAnalysis[] {
    return [...this.known.values()];
  }

  of(path: string): ModuleAnalysis[] {
    const known = this.known.get(path);
    return known ? [known] : [];
  }

  put(analysis: ModuleAnalysis): void {
    this.known.set(analysis.path, analysis);
    for (const tell of this.listeners.get(analysis.path) ?? []) tell();
  }

  drop(path: string): void {
    this.known.delete(path);
  }

  /** Resolves when a file has told; at once when it has already. Call `forget` when nobody waits any more. */
  next(path: string): { told: Promise<void>; forget(): void } {
    const listeners = this.listeners.get(path) ?? new Set();
    this.listeners.set(path, listeners);
    let tell = (): void => undefined;
    const told = new Promise<void>((resolve) => (tell = resolve));
    listeners.add(tell);
    if (this.known.has(path)) tell();
    return {
      told,
      forget: () => {
        listeners.delete(tell);
        if (listeners.size === 0) this.listeners.delete(path);
      },
    };
  }
}

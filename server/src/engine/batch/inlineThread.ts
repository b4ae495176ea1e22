/** A "thread" that is this one: for a driver or two, which are analysed sooner than a real thread starts. */
import type { EngineOptions } from '../engine';
import type { Shared } from '../kernelWorld';
import { BatchAnalyzer } from './analyzer';
import type { StartThread } from './pool';
import { handleTask } from './serve';

export function inlineThread(options: EngineOptions, store: string, base?: Shared): StartThread {
  return (events) => {
    let analyzer: BatchAnalyzer | undefined;
    let stopped = false;
    BatchAnalyzer.start(options, [], base).then(
      (started) => {
        analyzer = started;
        if (!stopped) events.reply({ kind: 'ready' });
      },
      (error: unknown) => events.lost(error instanceof Error ? error.message : String(error)),
    );
    return {
      send: ({ index, task }) => void setImmediate(() => !stopped && analyzer && events.reply(handleTask(analyzer, store, index, task))),
      stop: () => void (stopped = true),
    };
  };
}

/** The thread's side of a batch: takes a module, leaves its report in the store, says what it came to. */
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { MessagePort } from 'node:worker_threads';
import { keepCompiledCode } from '../compiledCode';
import { BatchAnalyzer } from './analyzer';
import type { BatchReply, BatchRequest, BatchWorkerData, ResultHeader, Task } from './model';
import { keepResult } from './store';

export async function serveBatch(port: MessagePort, { options, kernels, store }: BatchWorkerData): Promise<void> {
  const analyzer = await BatchAnalyzer.start(options, kernels);
  const post = (reply: BatchReply): void => port.postMessage(reply);
  port.on('message', ({ index, task }: BatchRequest) => {
    post(handleTask(analyzer, store, index, task));
    keepCompiledCode();
  });
  post({ kind: 'ready' });
}

/** Analyses a module into the store, or into the reply where the store does not take it. What fails is a reply. */
export function handleTask(analyzer: BatchAnalyzer, store: string, index: number, task: Task): BatchReply {
  try {
    const { header, report } = analyzer.analyze(task);
    const unkept = isKept(store, task, header, report) ? undefined : report;
    return { kind: 'done', index, figures: header.figures, problems: header.problems, report: unkept, heapBytes: heapBytes() };
  } catch (error) {
    return {
      kind: 'failed',
      index,
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
      heapBytes: heapBytes(),
    };
  }
}

/** A disk that is full must not cost the analysis. */
function isKept(store: string, task: Task, header: ResultHeader, report: string): boolean {
  try {
    keepResult(store, task.key, header, report);
    return true;
  } catch {
    return false;
  }
}

/** A heap below this is not worth collecting: what is garbage in it will go by itself. Bytes. */
const WORTH_COLLECTING = 300 * 2 ** 20;

/** What this thread alone really holds: garbage does not count, for a thread is replaced when it holds much. */
function heapBytes(): number {
  if (getHeapStatistics().used_heap_size > WORTH_COLLECTING) collectGarbage();
  return getHeapStatistics().used_heap_size;
}

let collector: (() => void) | undefined;

function collectGarbage(): void {
  if (!collector) {
    // Without this, only a flag on the command line gives a program its garbage collector.
    setFlagsFromString('--expose-gc');
    collector = runInNewContext('gc') as () => void;
  }
  collector();
}

/** The analysing thread: a local engine behind messages, or one of the threads of a batch. Bundled on its own. */
import { parentPort, workerData } from 'node:worker_threads';
import type { BatchWorkerData } from './batch/model';
import { serveBatch } from './batch/serve';
import type { EngineOptions } from './engine';
import { LocalEngine } from './localEngine';
import type { Reply, Request } from './workerProtocol';

const port = parentPort;
const data = workerData as EngineOptions | BatchWorkerData;
if (port && 'batch' in data) {
  // A rejection ends the thread with the error, which the pool reports.
  void serveBatch(port, data);
} else if (port) {
  const engine = new LocalEngine(data as EngineOptions);
  const post = (reply: Reply): void => port.postMessage(reply);
  // One at a time, in order: an edit must not overtake the analysis that was asked for before it.
  let queue: Promise<void> = Promise.resolve();
  port.on('message', (request: Request) => {
    queue = queue
      .then(() => handle(engine, request, post))
      .catch((error: unknown) => {
        if ('id' in request)
          post({ kind: 'failed', id: request.id, message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
      });
  });
}

async function handle(engine: LocalEngine, request: Request, post: (reply: Reply) => void): Promise<void> {
  switch (request.kind) {
    case 'warmUp':
      await engine.warmUp(request.path);
      break;
    case 'open':
      engine.openDocument(request.path, request.text, request.version);
      break;
    case 'close':
      engine.closeDocument(request.path);
      break;
    case 'changed':
      engine.filesChanged(request.paths);
      break;
    case 'configure':
      engine.configure(request.options);
      break;
    case 'diagnose':
      post({ kind: 'diagnosed', id: request.id, result: await engine.diagnose(request.path), memory: engine.memory() });
      break;
    case 'analyze': {
      const flag = new Int32Array(request.cancelled);
      const { id } = request;
      const result = await engine.analyze(request.path, {
        entries: request.entries,
        detail: request.detail,
        cancellation: {
          get isCancelled() {
            return Atomics.load(flag, 0) !== 0;
          },
        },
        progress: request.progress ? { report: (done, total, message) => post({ kind: 'progress', id, done, total, message }) } : undefined,
      });
      post({ kind: 'analyzed', id, result, memory: engine.memory() });
      break;
    }
  }
}

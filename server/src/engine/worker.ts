/** The analysing thread: a local engine behind messages, or one of the threads of a batch. Bundled on its own. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
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
  const engine = new LocalEngine(trusting(data as EngineOptions));
  const post = (reply: Reply): void => port.postMessage(reply);
  engine.onOutdated(() => post({ kind: 'outdated' }));
  // One at a time, in order: an edit must not overtake the analysis that was asked for before it. What every analysis needs comes first.
  let queue: Promise<void> = engine.prepare().catch(() => undefined);
  port.on('message', (request: Request) => {
    queue = queue
      .then(() => handle(engine, request, post))
      .catch((error: unknown) => {
        if ('id' in request)
          post({ kind: 'failed', id: request.id, message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
      });
  });
}

/** An editor wants its first answer soon: what earlier starts kept is good for it until it is checked. */
function trusting(options: EngineOptions): EngineOptions {
  return { ...options, trustKept: { program: programText() } };
}

let program: string | undefined;

/** Names the text of this very program. */
function programText(): string {
  program ??= createHash('sha256').update(readFileSync(__filename)).digest('hex');
  return program;
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
      engine.configure(trusting(request.options));
      break;
    case 'inactiveLines':
      post({ kind: 'lines', id: request.id, result: await engine.inactiveLines(request.path), memory: engine.memory() });
      break;
    case 'isolate':
      post({ kind: 'isolated', id: request.id, result: await engine.isolate(request.path, request.options), memory: engine.memory() });
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
        first: request.first ? (report) => post({ kind: 'first', id, report }) : undefined,
        progress: request.progress ? { report: (done, total, message) => post({ kind: 'progress', id, done, total, message }) } : undefined,
      });
      post({ kind: 'analyzed', id, result, memory: engine.memory() });
      break;
    }
  }
}

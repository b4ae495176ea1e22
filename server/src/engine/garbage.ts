/** Collecting garbage when nobody waits: V8 by itself lets it pile up until there is as much of it as of what is in use. */
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** A heap below this is not worth collecting. Bytes. */
const WORTH_COLLECTING = 48 * 2 ** 20;
/** Nor is one that has grown by less than this since it was collected last. */
const WORTH_GROWTH = 1.12;

/** Collects the calling thread's garbage, if there may be much. A tenth of a second for a hundred MiB in use. */
export class GarbageCollector {
  private collect: (() => void) | undefined;
  private usedAfter = 0;

  run(): void {
    const used = getHeapStatistics().used_heap_size;
    if (used < Math.max(WORTH_COLLECTING, this.usedAfter * WORTH_GROWTH)) return;
    this.collector()();
    this.usedAfter = getHeapStatistics().used_heap_size;
  }

  private collector(): () => void {
    if (!this.collect) {
      // Without this, only a flag on the command line gives a program its garbage collector.
      setFlagsFromString('--expose-gc');
      this.collect = runInNewContext('gc') as () => void;
    }
    return this.collect;
  }
}

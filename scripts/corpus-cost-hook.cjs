/**
 * Loaded into `fgft` with `node --require`: writes what the process used to the file that FGFT_COST names. `maxRSS` is the most memory
 * that it ever held, in KiB; times are processor time of all threads, in microseconds.
 */
const { writeFileSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

const path = process.env.FGFT_COST;
if (isMainThread && path) {
  const started = performance.now();
  process.on('exit', () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    writeFileSync(path, JSON.stringify({ userCPUTime, systemCPUTime, maxRSS, wall: performance.now() - started }));
  });
}

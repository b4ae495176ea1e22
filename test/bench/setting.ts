/** What the sections measure with: the built product, kernel sources and headers. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { repositoryRoot } from '../support/repository';
import { driverSources, installedHeaders } from './kernelBuild';
import type { BenchOptions } from './options';

export interface BenchSetting {
  /** Folder of the bundles. */
  dist: string;
  /** The unpacked kernel sources that hold the drivers. */
  sources: string;
  /** Installed headers of the same kernel. */
  headers: string;
  options: BenchOptions;
}

/** The setting, or why nothing can be measured here. */
export function benchSetting(options: BenchOptions): BenchSetting | string {
  const dist = join(repositoryRoot, 'dist');
  const missing = ['cli.cjs', 'server.cjs', 'worker.cjs', 'knowledge.json'].find((name) => !existsSync(join(dist, name)));
  if (missing !== undefined) return `dist/${missing} is not built (npm run build)`;
  const sources = driverSources();
  if (sources === null) return 'the sources of linux-source-6.1 are not unpacked (npm run setup)';
  const headers = options.kernel === undefined ? installedHeaders() : resolve(options.kernel);
  if (headers === null) return 'no /usr/src/linux-headers-6.1*-amd64 is installed (npm run setup)';
  return { dist, sources, headers, options };
}

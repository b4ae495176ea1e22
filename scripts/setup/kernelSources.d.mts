/** Types of kernelSources.mjs for tests and the benchmark. */
export function cacheFolder(environment?: NodeJS.ProcessEnv): string;
export function kernelSource(version: string): string;
export function unpackKernelSource(version: string, say: (message: string) => void): string | null;

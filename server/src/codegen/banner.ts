/** The head of every generated file: from what it was made, so that a stale one shows. */

export interface Origin {
  version: string;
  kernelRelease: string;
  module: string;
  /** What the file was made from. */
  sources: readonly { display: string; hash: string }[];
}

/** Characters of a hash that are shown: enough to tell versions of one file apart. */
const SHOWN = 16;

function lines(origin: Origin, what: string): string[] {
  return [
    what,
    '',
    `Made by fgft ${origin.version} for the module ${origin.module}, read against Linux ${origin.kernelRelease || 'headers of unknown release'}, from`,
    ...origin.sources.map((s) => `  ${s.display} (sha256 ${s.hash.slice(0, SHOWN)})`),
    'Edits will be lost when it is made again.',
  ];
}

/** For C; GPL-2.0, as it becomes part of a kernel module. */
export function cBanner(origin: Origin, what: string, isHeader = false): string {
  const license = 'SPDX-License-Identifier: GPL-2.0';
  const text = lines(origin, what).map((l) => (l ? ` * ${l}` : ' *'));
  return [isHeader ? `/* ${license} */` : `// ${license}`, '/*', ...text, ' */', ''].join('\n');
}

/** For Makefiles. */
export function makeBanner(origin: Origin, what: string): string {
  return ['# SPDX-License-Identifier: GPL-2.0', ...lines(origin, what).map((l) => (l ? `# ${l}` : '#')), ''].join('\n');
}

import type { Writer } from './writer';

/** The report as it is. */
export const writeJson: Writer = (report) => `${JSON.stringify(report, null, 2)}\n`;

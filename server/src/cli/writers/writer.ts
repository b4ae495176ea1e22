import type { Report } from '../../report/model';

export interface WriterOptions {
  /** Characters per line; Infinity where lines need not be broken. */
  width: number;
  color: boolean;
  /** Every field of each entry point, not only the counts. */
  details: boolean;
}

/** One output format: from a report to the whole text of the output, which ends with a newline. */
export type Writer = (report: Report, options: WriterOptions) => string;

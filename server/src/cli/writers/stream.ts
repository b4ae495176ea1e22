import type { ReportSink } from '../../engine';
import type { DriverReport, Report } from '../../report/model';
import { makeStyle } from '../style';
import { describeDriver, kernelLine, summaryLine } from './text';
import type { WriterOptions } from './writer';
import { type Format, writers } from './index';

type Write = (text: string) => void | Promise<void>;

/**
 * Writes a report as its drivers come. JSON and text hold one driver at a time, so that a report over a whole kernel needs no
 * more memory than its largest driver; SARIF and HTML are made of the whole.
 */
export function streamReport(format: Format, options: WriterOptions, write: Write): ReportSink {
  if (format === 'json') return jsonStream(write);
  if (format === 'text') return textStream(options, write);
  return wholeReport((report) => write(writers[format](report, options)));
}

/** One driver a line, between a line with all that stands before the drivers and one with all that stands behind them. */
export function jsonStream(write: Write): ReportSink {
  let separator = '\n';
  return {
    begin: (head) => {
      const { schemaVersion, tool, kernel } = head;
      const text = JSON.stringify({ schemaVersion, tool, kernel });
      return write(`${text.slice(0, -1)},"drivers":[`);
    },
    driver: async (json) => {
      await write(separator);
      separator = ',\n';
      await write(json);
    },
    end: (summary) => write(`\n],"summary":${JSON.stringify(summary)}}\n`),
  };
}

function textStream(options: WriterOptions, write: Write): ReportSink {
  const style = makeStyle(options.color);
  let head: Report;
  return {
    begin: (report) => {
      head = report;
      return write(`${kernelLine(report)}\n\n`);
    },
    driver: (json) => write(`${describeDriver(JSON.parse(json) as DriverReport, options, style)}\n\n`),
    end: (summary) => write(`${summaryLine({ ...head, summary })}\n`),
  };
}

function wholeReport(finish: (report: Report) => void | Promise<void>): ReportSink {
  let head: Report;
  const drivers: DriverReport[] = [];
  return {
    begin: (report) => void (head = report),
    driver: (json) => void drivers.push(JSON.parse(json) as DriverReport),
    end: (summary) => finish({ ...head, drivers, summary }),
  };
}

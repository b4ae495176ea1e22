/**
 * An engine that needs no kernel and no parser: it finds `.member = function` initialisers and `->field` uses by pattern, and
 * obeys remarks in the text. `fake-delay: 300` makes an analysis take that long, `fake-full-delay: 300` a full one,
 * `fake-first` makes it tell the file's findings in advance, in words of their own, `fake-crash` makes it throw, `#if 0` to `#endif` are switched off, `fake-problem` reports unreadable input. `#include "x.h"` names a header of the driver's own.
 */
import { readFileSync } from 'node:fs';
import type { AnalyzeResult, Diagnosis, Engine, EngineOptions } from '../../../server/src/engine/engine';
import { emptyCheckpoint } from '../../../server/src/report/checkpointModel';
import type { EntryPoint, Field, Finding, Report } from '../../../server/src/report/model';
import { LineIndex } from '../../../server/src/text/lines';

export function createFakeEngine(options: EngineOptions): Engine {
  const open = new Map<string, string>();
  let analyses = 0;
  let settings = options;
  return {
    async analyze(path, request) {
      analyses++;
      const text = open.get(path) ?? readOrUndefined(path);
      const result = fakeResult(path, text, open, settings);
      const brief = request?.detail === 'brief';
      if (brief) leaveOutLists(result.report);
      if (text?.includes('fake-crash')) throw new Error('the fake engine\nwas told to crash');
      if (text?.includes('fake-first')) request?.first?.(firstOf(result.report));
      const delays = [/fake-delay: (\d+)/, ...(brief ? [] : [/fake-full-delay: (\d+)/])];
      const delay = Math.max(...delays.map((remark) => Number(remark.exec(text ?? '')?.[1] ?? 0)));
      const until = performance.now() + delay;
      while (performance.now() < until && !request?.cancellation?.isCancelled) {
        request?.progress?.report(Math.round(delay - (until - performance.now())), delay, 'module');
        await new Promise((resolve) => setTimeout(resolve, Math.min(20, delay)));
      }
      return result;
    },
    openDocument: (path, text) => void open.set(path, text),
    changeDocument: (path, text) => void open.set(path, text),
    closeDocument: (path) => void open.delete(path),
    filesChanged: () => undefined,
    configure: (next) => void (settings = next),
    async inactiveLines(path) {
      const lines = (open.get(path) ?? '').split('\n');
      const from = lines.indexOf('#if 0');
      return from < 0 ? [] : [{ first: from + 1, last: lines.indexOf('#endif') - 1 }];
    },
    diagnose: async (path) => fakeDiagnosis(path),
    memory: () => ({ liveTrees: open.size, cachedFiles: analyses, heapBytes: 0, residentBytes: 0 }),
    dispose: () => open.clear(),
  };
}

/** The findings alone. */
function firstOf(report: Report): Report {
  const drivers = report.drivers.map((driver) => ({
    ...driver,
    entryPoints: [],
    findings: driver.findings.map((f) => ({ ...f, message: 'as far as this file tells' })),
  }));
  return { ...report, drivers };
}

/** What a brief report does. */
function leaveOutLists(report: Report): void {
  for (const driver of report.drivers) {
    driver.entryPoints = driver.entryPoints.map((e) => ({
      ...e,
      fields: [],
      functions: [],
      kernelCalls: [],
      globals: [],
      tableGlobals: [],
      locks: [],
    }));
  }
}

function readOrUndefined(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function fakeResult(path: string, text: string | undefined, open: Map<string, string>, options: EngineOptions): AnalyzeResult {
  const root = options.workingDirectory ?? process.cwd();
  const display = (p: string): string => (p.startsWith(root + '/') ? p.slice(root.length + 1) : p);
  const report: Report = {
    schemaVersion: 1,
    tool: { name: 'fgft', version: '0' },
    kernel: { root: options.kernelSetting ?? 'linux-source-test', release: '6.1.0', configuration: 'assumed' },
    drivers: [],
    summary: { drivers: 0, entryPoints: 0, withResynchronization: 0, isolatable: 0, milliseconds: 1 },
  };
  if (text === undefined || text.includes('fake-problem')) {
    return { report, problems: [{ kind: 'unreadable', path, message: `${path} cannot be read`, suggestions: [] }] };
  }
  const files = [path, ...[...text.matchAll(/fake-sibling: (\S+)/g)].map((m) => path.replace(/[^/]*$/, m[1]))];
  const entryPoints: EntryPoint[] = [];
  const findings: Finding[] = [];
  for (const file of files) {
    const content = file === path ? text : (open.get(file) ?? readOrUndefined(file) ?? '');
    const lines = new LineIndex(content);
    const at = (offset: number) => {
      const { line, column } = lines.position(offset);
      return { file: display(file), line: line + 1, column: column + 1 };
    };
    for (const [, member, name] of content.matchAll(/\.(\w+)\s*=\s*(\w+),/g)) {
      const definition = new RegExp(`\\b${name}\\s*\\([^;{]*\\)\\s*\\{`).exec(content);
      if (!definition) continue;
      const bodyEnd = content.indexOf('\n}', definition.index);
      const body = content.slice(definition.index, bodyEnd);
      const fields: Field[] = [...body.matchAll(/(\w+)->(\w+)( =[^=])?/g)].map((m) => ({
        record: 'fake_private',
        field: m[2],
        path: `${m[1]}->${m[2]}`,
        root: m[1],
        access: m[3] ? 'W' : 'R',
        direction: m[3] ? 'out' : 'in',
        bytes: m[2] === 'buffer' ? null : 4,
        locations: [at(definition.index + m.index + m[1].length + 2)],
        via: [name],
        macro: null,
      }));
      for (const m of body.matchAll(/wait_for_completion/g)) {
        const begin = at(definition.index + m.index);
        const location = { ...begin, endLine: begin.line, endColumn: begin.column + m[0].length };
        findings.push({
          rule: 'resync/completion',
          severity: 'warning',
          confidence: 'likely',
          message: 'waits for another context',
          location,
          entryPoints: [name],
          grade: 'refresh',
          signallers: ['other'],
          trace: [{ location: begin, message: 'the wait' }],
        });
      }
      entryPoints.push({
        name,
        location: at(definition.index),
        registrations: [{ as: `fake_ops.${member}`, kind: 'ops', location: at(definition.index) }],
        context: 'process',
        suspect: new RegExp(`__fgft_suspect[^;{}]*\\b${name}\\s*\\(`).test(content),
        functions: [name],
        fields,
        globals: [],
        tableGlobals: [],
        kernelCalls: [{ name: 'spin_lock', count: 2, knowledge: 'modelled' }],
        locks: [],
        device: { reads: 1, writes: 0, registers: ['Status'] },
        counts: {
          fields: new Set(fields.map((f) => f.field)).size,
          unknownSizes: fields.filter((f) => f.bytes === null).length,
          kernelCalls: 2,
        },
        cost: { bytesIn: 8, bytesOut: 4, ranges: 2, checks: 3, kernelCrossings: 2, loops: 0, estimatedNanoseconds: 1400 },
        findings: findings.filter((f) => f.entryPoints.includes(name)),
        isolatable: true,
      });
    }
  }
  report.drivers.push({
    name: path.slice(path.lastIndexOf('/') + 1).replace(/\.c$/, ''),
    files: files.map(display),
    headers: [...text.matchAll(/#include "(\S+)"/g)].map((m) => display(path.replace(/[^/]*$/, m[1]))),
    coverage: { functions: entryPoints.length, partial: 0 },
    entryPoints,
    powerManagement: { suspend: null, resume: null, declaredBy: null, table: null },
    checkpoint: emptyCheckpoint('missing'),
    findings,
  });
  report.summary = { ...report.summary, drivers: 1, entryPoints: entryPoints.length, isolatable: entryPoints.length };
  return { report, problems: [] };
}

function fakeDiagnosis(file: string): Diagnosis {
  return {
    file,
    kernel: null,
    kernelTried: ['/lib/modules/test/build'],
    configuration: 'assumed',
    module: { name: 'fake', files: [file], makefile: null, why: 'the file stands for itself' },
    includes: [{ path: 'linux/pci.h', resolved: null }],
    knowledge: [],
    problems: [],
  };
}

/** Messages between the thread that asks and the thread that analyses. */
import type { Report } from '../report/model';
import type { AnalyzeResult, Diagnosis, EngineOptions, IsolateAnswer, IsolateOptions, LineRange, MemoryUse } from './engine';

export type Request =
  | {
      kind: 'analyze';
      id: number;
      path: string;
      entries?: string[];
      cancelled: SharedArrayBuffer;
      progress: boolean;
      detail?: 'brief' | 'full';
      /** Whether what the file alone tells is wanted beforehand. */
      first: boolean;
    }
  | { kind: 'diagnose'; id: number; path: string }
  | { kind: 'isolate'; id: number; path: string; options: IsolateOptions }
  | { kind: 'inactiveLines'; id: number; path: string }
  | { kind: 'warmUp'; path: string }
  | { kind: 'open'; path: string; text: string; version: number }
  | { kind: 'close'; path: string }
  | { kind: 'changed'; paths: string[] }
  | { kind: 'configure'; options: EngineOptions };

export type Reply =
  | { kind: 'progress'; id: number; done: number; total: number; message: string }
  | { kind: 'first'; id: number; report: Report }
  | { kind: 'analyzed'; id: number; result: AnalyzeResult; memory: MemoryUse }
  | { kind: 'diagnosed'; id: number; result: Diagnosis; memory: MemoryUse }
  | { kind: 'isolated'; id: number; result: IsolateAnswer; memory: MemoryUse }
  | { kind: 'lines'; id: number; result: LineRange[]; memory: MemoryUse }
  | { kind: 'failed'; id: number; message: string }
  /** Answers given before turned out to be outdated. */
  | { kind: 'outdated' };

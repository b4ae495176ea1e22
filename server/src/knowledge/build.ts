/** From parsed files to the indexed knowledge base. */
import { annotationsOf } from './annotationRows';
import { configurationOf, configurationRows } from './configuration';
import { dialectOf } from './dialect';
import { isolationOf, isolationRows } from './isolation';
import { powerOf, powerRows } from './power';
import { type FunctionSource, FunctionTable } from './functionTable';
import { isRow, type KnowledgeFile, namesOf, type RawRow, textOf } from './files';
import type { CallerLock, CostTable, DeclaringMacro, Knowledge, LoopMacro, OperationTable, RegistrationFunction } from './model';

/** Used until a cost file is read: nothing is known, nothing is claimed. */
const NO_COST: CostTable = {
  provenance: 'manual',
  source: '',
  unit: 'nanoseconds',
  entry: 0,
  perObject: 0,
  perRange: 0,
  perCheck: 0,
  perByteCopied: 0,
  perKernelCrossing: 0,
  perDeviceAccess: 0,
  perLockCall: 0,
  perCallback: 0,
  loopTurns: 1,
  checkpoint: {},
};

/** Gives each name of a file's rows its row, in file order. */
function eachRow(
  file: KnowledgeFile,
  take: (name: string, row: RawRow, provenance: { provenance: 'manual' | 'generated'; source: string }) => void,
): number {
  let count = 0;
  for (const [key, row] of Object.entries(file.rows)) {
    const provenance = {
      provenance: row.provenance === 'generated' ? ('generated' as const) : file.provenance,
      source: textOf(row.source ?? file.source),
    };
    for (const name of namesOf(key)) {
      take(name, row, provenance);
      count++;
    }
  }
  return count;
}

/**
 * Joins files into the knowledge base: a later row of the same name replaces an earlier one, a row with `remove: true` takes it away.
 * Generated rows of functions give way to rows written by hand, wherever those stand, and complete them.
 * Rows are expected to be checked. `files` says how many rows each file gave.
 */
export function buildKnowledge(files: readonly KnowledgeFile[]): { knowledge: Knowledge; files: { file: string; rows: number }[] } {
  const tables = new Map<string, OperationTable>();
  const registrations = new Map<string, RegistrationFunction>();
  const declaringMacros = new Map<string, DeclaringMacro>();
  const functions = new Map<string, FunctionSource>();
  const generated = new Map<string, FunctionSource>();
  const loops = new Map<string, LoopMacro>();
  const callerLocks = new Map<string, CallerLock>();
  const guardClasses = new Map<string, string>();
  const allocationFlags = new Map<string, boolean>();
  const placeRecords = new Set<string>();
  let cost = NO_COST;
  const counts: { file: string; rows: number }[] = [];

  const into = <T>(
    file: KnowledgeFile,
    map: Map<string, T>,
    make: (name: string, row: RawRow, from: { provenance: 'manual' | 'generated'; source: string }) => unknown,
  ): number =>
    eachRow(file, (name, row, from) => {
      if (row.remove === true) map.delete(name);
      else map.set(name, make(name, row, from) as T);
    });

  for (const file of files) {
    let rows = 0;
    switch (file.kind) {
      case 'tables':
        rows = into(file, tables, (name, row, from) => ({ ...row, ...from, record: name, members: membersOf(row.members) }));
        for (const [name, lock] of Object.entries(file.callerLocks ?? {})) callerLocks.set(name, lock as unknown as CallerLock);
        break;
      case 'registrations':
        rows = into(file, registrations, (name, row, from) => ({ ...row, ...from, name }));
        break;
      case 'macros':
        rows = into(file, declaringMacros, (name, row, from) => ({ ...row, ...from, name }));
        break;
      case 'functions':
        rows = eachRow(file, (name, row, from) => {
          if (row.remove === true) {
            functions.delete(name);
            generated.delete(name);
          } else (from.provenance === 'generated' ? generated : functions).set(name, { row, from });
        });
        break;
      case 'loops':
        rows = into(file, loops, (name, row, from) => ({ ...row, ...from, name }));
        break;
      case 'place':
        rows = eachRow(file, (name, row) => {
          if (row.remove === true) placeRecords.delete(name);
          else placeRecords.add(name);
        });
        break;
      case 'locks':
        rows = eachRow(file, (name, row) => {
          guardClasses.delete(name);
          allocationFlags.delete(name);
          if (typeof row.takes === 'string') guardClasses.set(name, row.takes);
          else if (typeof row.sleeps === 'boolean') allocationFlags.set(name, row.sleeps);
        });
        break;
      case 'cost':
        cost = {
          ...cost,
          ...(file.rows as unknown as Partial<CostTable>),
          provenance: file.provenance,
          source: file.source ?? cost.source,
        };
        rows = Object.keys(file.rows).length;
        break;
      case 'dialect':
        rows = dialectRows(file);
        break;
      case 'power':
        rows = powerRows(file);
        break;
      case 'isolation':
        rows = isolationRows(file);
        break;
      case 'configuration':
        rows = configurationRows(file);
        break;
      case 'annotations':
        rows = file.annotations?.length ?? 0;
        break;
    }
    counts.push({ file: file.name, rows });
  }
  const knowledge: Knowledge = {
    dialect: dialectOf(files, loops.keys()),
    tables,
    registrations,
    declaringMacros,
    functions: new FunctionTable(functions, generated),
    loops,
    cost,
    callerLocks,
    guardClasses,
    allocationFlags,
    placeRecords,
    power: powerOf(files),
    isolation: isolationOf(files),
    configuration: configurationOf(files),
    annotations: annotationsOf(files),
  };
  return { knowledge, files: counts };
}

/** Members under keys that list several of them, each under its own name. */
function membersOf(value: unknown): OperationTable['members'] {
  const members: OperationTable['members'] = {};
  if (isRow(value))
    for (const [key, member] of Object.entries(value))
      for (const name of namesOf(key)) members[name] = member as OperationTable['members'][string];
  return members;
}

function dialectRows(file: KnowledgeFile): number {
  const lists = Object.values(file.dialect ?? {}).flatMap((list) => (Array.isArray(list) ? list.filter(isRow) : []));
  return lists.reduce((sum, group) => sum + namesOf(textOf(group.names)).length, 0);
}

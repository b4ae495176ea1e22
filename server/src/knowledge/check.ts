/**
 * Checks rows that people wrote, a workspace's own among them, so that a mistake becomes a message and never a wrong analysis.
 * The JSON schemas beside the YAML files state the same shape for editors and for the build; this runs where no schema library is.
 */
import { isRow, type KnowledgeFile, type KnowledgeProblem, namesOf, type RawRow } from './files';

const CONTEXTS = ['process', 'softirq', 'hardirq', 'unknown'];
const ACCESSES = ['R', 'W', 'RW', 'A'];
const EFFECTS = [
  'allocate',
  'free',
  'lock',
  'unlock',
  'sleep',
  'delay',
  'wait-completion',
  'complete',
  'wait-event',
  'wake-up',
  'prepare-wait',
  'synchronize',
  'device-read',
  'device-write',
  'io-read',
  'io-write',
  'configuration-read',
  'configuration-write',
  'user-read',
  'user-write',
  'submit',
  'register',
  'unregister',
  'log',
  'schedule-work',
  'no-return',
  'pure',
];
const LOCK_KINDS = ['spin', 'mutex', 'rcu', 'rw', 'semaphore', 'bit', 'irq', 'rtnl', 'other'];
const RETURNS: Record<string, string[]> = {
  'private-area': ['argument'],
  container: ['pointer', 'type', 'member'],
  argument: ['argument'],
  fresh: [],
  typed: ['type'],
  enclosing: ['argument'],
  member: ['argument'],
  held: ['argument'],
};
/** Keys of a function row that hold one 0-based argument. */
const ARGUMENT_KEYS = ['target', 'bit', 'condition', 'timeout', 'drops', 'listEntry', 'listHead'];
/** The same for a loop row. */
const LOOP_KEYS = ['cursor', 'head', 'member', 'of'];

type Say = (message: string) => void;

/** Everything wrong with a file's rows. Rows with problems should not be used. */
export function checkRows(file: KnowledgeFile): KnowledgeProblem[] {
  const problems: KnowledgeProblem[] = [];
  if (file.kind === 'cost' || file.kind === 'dialect') return problems;
  const seen = new Set<string>();
  for (const [key, row] of Object.entries(file.rows)) {
    const say: Say = (message) => problems.push({ file: file.name, row: key, message });
    if (!isRow(row)) {
      say('is no mapping');
      continue;
    }
    for (const name of namesOf(key)) {
      if (!/^[A-Za-z_]\w*$/.test(name)) say(`${name} is no name`);
      if (seen.has(name)) say(`${name} has a row already`);
      seen.add(name);
    }
    if (row.remove === true) continue;
    if (typeof (row.source ?? file.source) !== 'string') say('has no source');
    checkRow(file.kind, row, say);
  }
  return problems;
}

function checkRow(kind: KnowledgeFile['kind'], row: RawRow, say: Say): void {
  switch (kind) {
    case 'tables':
      return checkTable(row, say);
    case 'registrations':
      return checkRegistration(row, say);
    case 'macros':
      return checkMacro(row, say);
    case 'functions':
      return checkFunction(row, say);
    case 'loops':
      return checkLoop(row, say);
    case 'locks':
      return checkWord(row, say);
    default:
      return;
  }
}

function oneOf(value: unknown, allowed: readonly string[], what: string, say: Say): void {
  if (!allowed.includes(value as string)) say(`${what} must be one of ${allowed.join(', ')}`);
}

/** True for a 0-based argument that a call with that many parameters (-1: variadic) has. */
function isArgument(value: unknown, parameters: unknown): boolean {
  if (!Number.isInteger(value) || (value as number) < 0) return false;
  return typeof parameters !== 'number' || parameters < 0 || (value as number) < parameters;
}

function checkTable(row: RawRow, say: Say): void {
  oneOf(row.context, CONTEXTS, 'context', say);
  if (row.members === undefined) return;
  if (!isRow(row.members)) return say('members must be a mapping');
  for (const [names, member] of Object.entries(row.members)) {
    if (!isRow(member)) say(`${names} must be a mapping`);
    else if (member.context !== undefined) oneOf(member.context, CONTEXTS, `context of ${names}`, say);
  }
}

function checkRegistration(row: RawRow, say: Say): void {
  if (!Array.isArray(row.callbacks) || row.callbacks.length === 0) return say('callbacks must be a list');
  for (const callback of row.callbacks as unknown[]) {
    if (!isRow(callback) || !isArgument(callback.argument, -1)) say('a callback needs its argument');
    else oneOf(callback.context, CONTEXTS, 'context', say);
  }
}

function checkMacro(row: RawRow, say: Say): void {
  oneOf(row.position, ['file', 'initializer', 'body'], 'position', say);
  if (!Array.isArray(row.entryPoints)) return say('entryPoints must be a list');
  for (const entry of row.entryPoints as unknown[]) {
    if (!isRow(entry) || typeof entry.function !== 'string' || typeof entry.as !== 'string') say('an entry point needs function and as');
    else {
      oneOf(entry.context, CONTEXTS, 'context', say);
      for (const [, n] of entry.function.matchAll(/\$(\d+)/g)) if (!isArgument(Number(n), row.parameters)) say(`$${n} is no argument`);
    }
  }
}

function checkFunction(row: RawRow, say: Say): void {
  if (!Number.isInteger(row.parameters) || (row.parameters as number) < -1) say('parameters must be a number, -1 for variadic');
  const parameters = typeof row.curried === 'number' && typeof row.parameters === 'number' ? row.parameters + row.curried : row.parameters;
  for (const [index, access] of Object.entries(isRow(row.arguments) ? row.arguments : {})) {
    if (!isArgument(Number(index), parameters)) say(`argument ${index} does not exist`);
    oneOf(access, ACCESSES, `argument ${index}`, say);
  }
  for (const effect of Array.isArray(row.effects) ? row.effects : []) oneOf(effect, EFFECTS, 'effects', say);
  for (const key of ARGUMENT_KEYS) if (row[key] !== undefined && !isArgument(row[key], parameters)) say(`${key} is no argument`);
  for (const index of Array.isArray(row.inPlace) ? row.inPlace : []) if (!isArgument(index, parameters)) say('inPlace names no argument');
  if (row.irreversible !== undefined) {
    const effect = row.irreversible;
    if (!isRow(effect) || typeof effect.what !== 'string') say('irreversible needs what');
    else oneOf(effect.instead, ['defer', 'refuse', 'allow'], 'irreversible.instead', say);
  }
  if (row.returns !== undefined) checkReturns(row.returns, parameters, say);
  if (row.stores !== undefined) {
    const stores = row.stores;
    if (!isRow(stores) || !isArgument(stores.of, parameters) || !isArgument(stores.value, parameters) || typeof stores.name !== 'string')
      say('stores needs of, value and name');
  }
  if (row.lock !== undefined) {
    const lock = row.lock;
    if (!isRow(lock) || !(isArgument(lock.argument, parameters) || (lock.argument === -1 && typeof lock.name === 'string')))
      say('lock needs its argument, or -1 and a name');
    else oneOf(lock.kind, LOCK_KINDS, 'lock kind', say);
  }
}

function checkReturns(returns: unknown, parameters: unknown, say: Say): void {
  if (!isRow(returns) || !(String(returns.kind) in RETURNS)) return say(`returns needs a kind: ${Object.keys(RETURNS).join(', ')}`);
  for (const key of RETURNS[String(returns.kind)]) if (!isArgument(returns[key], parameters)) say(`returns.${key} is no argument`);
}

function checkWord(row: RawRow, say: Say): void {
  if ((typeof row.takes === 'string') === (typeof row.sleeps === 'boolean')) say('a word either takes a lock or tells whether it sleeps');
}

function checkLoop(row: RawRow, say: Say): void {
  if (!Number.isInteger(row.parameters)) say('parameters must be a number, -1 for variadic');
  for (const key of LOOP_KEYS) if (row[key] !== undefined && !isArgument(row[key], row.parameters)) say(`${key} is no argument`);
}

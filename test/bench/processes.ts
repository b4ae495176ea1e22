/** What the system says about processes that the benchmark started. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** A field of /proc/PID/status in bytes; 0 when the process is gone. */
function statusBytes(pid: number, field: 'VmHWM' | 'VmRSS'): number {
  try {
    const kibibytes = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kibibytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(/\s+/).filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

/** A process and all that it started and that still runs. */
function family(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap(family)];
}

/** The most memory that a process and its living children ever had, in bytes: an upper bound of what they had together. */
export function peakResidentBytes(pid: number): number {
  return family(pid).reduce((sum, each) => sum + statusBytes(each, 'VmHWM'), 0);
}

export function residentBytes(pid: number): number {
  return family(pid).reduce((sum, each) => sum + statusBytes(each, 'VmRSS'), 0);
}

export interface CommandTime {
  /** Milliseconds. */
  wall: number;
  user: number;
  system: number;
  status: number;
  /** What it printed on standard error. */
  errors: string;
}

/** Runs commands one after another through bash, which counts the processor time of children too. */
export function timeCommands(commands: readonly (readonly string[])[], options: { cwd: string; env?: NodeJS.ProcessEnv }): CommandTime {
  const quote = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`;
  const script = commands.map((words) => `${words.map(quote).join(' ')} >/dev/null || failed=1`).join('\n');
  const text = `TIMEFORMAT='%R %U %S'; failed=0\ntime {\n${script}\n}\nexit $failed\n`;
  const answer = spawnSync('bash', ['-c', text], {
    cwd: options.cwd,
    env: { ...process.env, LC_ALL: 'C', ...options.env },
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  const lines = answer.stderr.trimEnd().split('\n');
  const [wall, user, system] = (lines.pop() ?? '').split(' ').map((seconds) => Number(seconds) * 1000);
  return { wall, user, system, status: answer.status ?? -1, errors: lines.join('\n') };
}

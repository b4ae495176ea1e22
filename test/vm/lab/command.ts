import { spawnSync } from 'node:child_process';

/** Runs a program to its end and gives its output. Throws with the program's own words when it fails. */
export function command(program: string, arguments_: readonly string[], options: { cwd?: string; input?: Buffer } = {}): Buffer {
  const answer = spawnSync(program, arguments_, { cwd: options.cwd, input: options.input, maxBuffer: 512 << 20 });
  if (answer.error) throw new Error(`${program}: ${answer.error.message}`);
  if (answer.status !== 0)
    throw new Error(
      `${program} ${arguments_.join(' ')}: status ${answer.status ?? answer.signal}\n${answer.stderr.toString().slice(-2000)}`,
    );
  return answer.stdout;
}

/** True when a program is on the path. */
export function has(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;
}

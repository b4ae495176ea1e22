/** One machine of the laboratory: boots, runs its script, reports line by line, is gone after its time. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { acceleration, accelerationArguments } from './acceleration';
import { type InitramfsContent, writeInitramfs } from './initramfs';
import { Monitor } from './monitor';
import { labtool } from './tools';

export interface MachineOptions extends InitramfsContent {
  /** Arguments of QEMU's `-device`; they may name `net`, `audio` and `disk`. */
  devices: readonly string[];
  processors: number;
  /** Seconds after which the machine is ended. */
  limit: number;
  /** Seconds without a line of results after which it is ended as well; undefined: no such limit. */
  idleLimit?: number;
  /** Time is what the processor executes, a nanosecond for each instruction: the same on every host. Emulated, and one processor. */
  countInstructions?: boolean;
  /** More words for the kernel's command line. */
  kernelParameters?: string;
  /** Called for each line of results as it comes. */
  onLine?: (line: string) => void;
}

export interface MachineRun {
  /** Lines of results, in order. */
  lines: string[];
  /** What the kernel said. */
  console: string;
  /** `end`: the script came to its end; `time-out`; `died`: the kernel panicked or the emulator left. */
  ended: 'end' | 'time-out' | 'died';
  /** Wall time of the whole run. */
  seconds: number;
}

const DISK_BYTES = 16 << 20;

/**
 * A repeated string instruction counts once for each turn. With the features that make the kernel move bytes one by one, which real
 * processors do at once, copies would seem eight times as long as they are.
 */
const COUNTING = ['-accel', 'tcg', '-cpu', 'max,erms=off,fsrm=off', '-icount', 'shift=0'];

/** Runs a machine to its end. Rejects only when it cannot be started. */
export async function runMachine(options: MachineOptions): Promise<MachineRun> {
  const folder = mkdtempSync(join(tmpdir(), 'fgft-machine-'));
  try {
    const initramfs = join(folder, 'initramfs');
    writeInitramfs(options, labtool(), initramfs);
    return await boot(options, folder, initramfs);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function boot(options: MachineOptions, folder: string, initramfs: string): Promise<MachineRun> {
  const console = join(folder, 'console');
  const monitor = join(folder, 'monitor');
  const started = Date.now();
  const child = spawn('qemu-system-x86_64', [
    ...(options.countInstructions ? COUNTING : accelerationArguments(acceleration(options.image))),
    ...['-m', '512', '-smp', String(options.processors), '-display', 'none', '-no-reboot', '-nodefaults'],
    // A watchdog that expires must not look like a kernel that died.
    ...['-action', 'watchdog=none'],
    ...['-serial', `file:${console}`, '-serial', 'stdio', '-qmp', `unix:${monitor},server=on,wait=off`],
    ...['-kernel', options.image.vmlinux, '-initrd', initramfs],
    ...['-append', `console=ttyS0 panic=-1 oops=panic suspend.pm_test_delay=0 ${options.kernelParameters ?? ''}`],
    ...backends(options.devices, folder),
    ...options.devices.flatMap((device) => ['-device', device]),
  ]);
  const leave = endWith(child);
  const lines: string[] = [];
  let ended: MachineRun['ended'] = 'died';
  let complaint = '';
  let lastLine = Date.now();
  child.stderr.on('data', (bytes: Buffer) => (complaint += bytes.toString()));
  createInterface({ input: child.stdout }).on('line', (raw) => {
    const line = raw.replace(/\r$/, '');
    lastLine = Date.now();
    lines.push(line);
    if (line === '@@ end') ended = 'end';
    if (line === '@@ motion') void new Monitor(monitor).moveMouse().catch((error: unknown) => (complaint += String(error)));
    options.onLine?.(line);
  });
  const timer = setInterval(() => {
    const now = Date.now();
    if (now - started < options.limit * 1000 && now - lastLine < (options.idleLimit ?? Infinity) * 1000) return;
    ended = 'time-out';
    child.kill('SIGKILL');
  }, 500);
  await new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve());
  });
  clearInterval(timer);
  leave();
  const words = readText(console);
  if (words === '' && complaint !== '') throw new Error(`qemu-system-x86_64: ${complaint.trim()}`);
  return { lines, console: words, ended, seconds: (Date.now() - started) / 1000 };
}

/** A machine must not outlive who started it. Gives what ends the watch. */
function endWith(child: ChildProcess): () => void {
  const end = (): void => void child.kill('SIGKILL');
  const stop = (): void => process.exit(1);
  process.once('exit', end).once('SIGTERM', stop).once('SIGINT', stop);
  return () => process.off('exit', end).off('SIGTERM', stop).off('SIGINT', stop);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** What the devices are connected to: a network that reaches nothing but an echo, a sound card that plays nowhere, an empty disk. */
function backends(devices: readonly string[], folder: string): string[] {
  const all = devices.join(' ');
  const found: string[] = [];
  if (all.includes('netdev=net')) found.push('-netdev', 'user,id=net,restrict=on,guestfwd=tcp:10.0.2.100:1234-cmd:cat');
  if (all.includes('audiodev=audio')) found.push('-audiodev', 'none,id=audio');
  if (all.includes('drive=disk')) {
    const disk = join(folder, 'disk');
    writeFileSync(disk, '');
    truncateSync(disk, DISK_BYTES);
    found.push('-drive', `if=none,id=disk,format=raw,file=${disk}`);
  }
  return found;
}

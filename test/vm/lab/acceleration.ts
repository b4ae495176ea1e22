/**
 * KVM where it can boot a stock kernel, emulation where not. A /dev/kvm that is there may still hang in the guest's first
 * instructions (nested virtualisation without hardware support does), so it is tried once with a time-out and the answer is kept.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, release } from 'node:os';
import { join } from 'node:path';
import { labCache } from './folders';
import type { KernelImage } from './kernelImage';

export type Acceleration = 'kvm' | 'tcg';

/** Seconds after which a guest under KVM that has not printed its first kernel line is given up. */
const KVM_TRIAL_SECONDS = 20;

/** QEMU's arguments for an acceleration. `max` has SMAP and SMEP, which the fault tests need. */
export function accelerationArguments(acceleration: Acceleration): string[] {
  return acceleration === 'kvm' ? ['-accel', 'kvm', '-cpu', 'host'] : ['-accel', 'tcg', '-cpu', 'max'];
}

/** `FGFT_VM_ACCEL=kvm|tcg` decides; else the remembered trial on this host; else a trial. */
export function acceleration(image: KernelImage): Acceleration {
  const asked = process.env.FGFT_VM_ACCEL;
  if (asked === 'kvm' || asked === 'tcg') return asked;
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK);
  } catch {
    return 'tcg';
  }
  const host = `${arch()} ${release()} ${cpus()[0]?.model ?? ''} ${image.release}`;
  const record = join(labCache(), 'acceleration.json');
  try {
    const known = JSON.parse(readFileSync(record, 'utf8')) as { host: string; acceleration: Acceleration };
    if (known.host === host) return known.acceleration;
  } catch {
    // No trial yet.
  }
  const found: Acceleration = bootsUnderKvm(image) ? 'kvm' : 'tcg';
  mkdirSync(labCache(), { recursive: true });
  writeFileSync(record, JSON.stringify({ host, acceleration: found }));
  return found;
}

/** A kernel without a root file system panics within a second of real virtualisation; what counts is that it speaks at all. */
function bootsUnderKvm(image: KernelImage): boolean {
  const answer = spawnSync(
    'qemu-system-x86_64',
    [
      ...accelerationArguments('kvm'),
      ...['-m', '256', '-nographic', '-no-reboot', '-nodefaults', '-serial', 'stdio'],
      ...['-kernel', image.vmlinux, '-append', 'console=ttyS0 panic=-1'],
    ],
    { timeout: KVM_TRIAL_SECONDS * 1000, killSignal: 'SIGKILL', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 16 << 20 },
  );
  return answer.stdout.toString().includes('Kernel panic');
}

/** The driver's power-management code, as far as registrations show it. */
import type { DriverContext } from './context';
import type { DriverReport, EntryPoint } from './model';

const SUSPEND = /\.(suspend|suspend_late|freeze|runtime_suspend)$/;
const RESUME = /\.(resume|resume_early|thaw|restore|runtime_resume)$/;

function registeredAs(entryPoints: readonly EntryPoint[], pattern: RegExp): { name: string; table: string } | null {
  for (const e of entryPoints) {
    for (const r of e.registrations) if (pattern.test(r.as)) return { name: e.name, table: r.as.slice(0, r.as.indexOf('.')) };
  }
  return null;
}

/**
 * Which functions suspend and resume the device. The split into saved and restored state is not made yet: a driver with
 * power-management code is `unresolved`, one without any is `missing`, one that never touches a device is `not-needed`.
 */
export function powerManagementOf(
  _driver: DriverContext,
  entryPoints: readonly EntryPoint[],
): Pick<DriverReport, 'powerManagement' | 'checkpoint'> {
  const suspend = registeredAs(entryPoints, SUSPEND);
  const resume = registeredAs(entryPoints, RESUME);
  const touchesDevice = entryPoints.some((e) => e.device.reads + e.device.writes > 0);
  const status = !touchesDevice ? 'not-needed' : suspend || resume ? 'unresolved' : 'missing';
  return {
    powerManagement: { suspend: suspend?.name ?? null, resume: resume?.name ?? null, declaredBy: suspend?.table ?? resume?.table ?? null },
    checkpoint: { status, saved: [], notRestored: [] },
  };
}

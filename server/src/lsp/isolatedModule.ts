/** The generated module of a driver, as it is on disk now. */
import { type GeneratedModule, generatedModuleAt, isolationFolder } from '../engine/isolationFolder';
import { nodeFileSystem } from '../engine/nodeFileSystem';
import type { DriverReport } from '../report/model';
import type { ModuleAnalysis } from './moduleAnalysis';

/** Null when the driver has none. */
export function isolatedModule(analysis: ModuleAnalysis, driver: DriverReport): GeneratedModule | null {
  if (driver.files.length === 0) return null;
  const setting = String(analysis.settings.get('fgft.isolate.folder') ?? '');
  return generatedModuleAt(nodeFileSystem, isolationFolder(setting, driver.name, analysis.resolve(driver.files[0])));
}

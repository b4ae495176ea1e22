export interface IsolatedBuild {
  driver: string;
  path: string;
  line: string;
  group: string;
  subsystem: string;
  exempt: string[];
  isolated: string[];
  refused: { name: string; reasons: { reason: string; at: string; advice: string | null }[] }[];
  annotations: number;
  built: boolean | null;
  complaints: string[];
  release: string;
}
export function isolatedDriversPage(builds: readonly IsolatedBuild[], order: readonly string[]): string {
  return String(builds.length + order.length);
}

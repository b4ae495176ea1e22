/** Keeps node_modules what package-lock.json says. Uses Node alone: it runs before anything is installed. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** True when a package that the lock file wants on this platform is missing or has another version. */
export function nodeModulesAreStale(root) {
  try {
    const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
    // npm's own record of what it installed.
    const present = JSON.parse(readFileSync(join(root, 'node_modules/.package-lock.json'), 'utf8')).packages;
    return Object.entries(wanted).some(
      ([path, entry]) => path !== '' && !entry.optional && !entry.link && present[path]?.version !== entry.version,
    );
  } catch {
    return true;
  }
}

/**
 * Runs `npm ci` if node_modules is missing or stale.
 * @param {string} root
 * @param {(message: string) => void} say
 * @returns {boolean} whether node_modules is as it should be
 */
export function installNodeModules(root, say) {
  if (!nodeModulesAreStale(root)) return true;
  say('installing the packages of package-lock.json (npm ci)');
  const answer = spawnSync('npm', ['ci', '--no-progress', '--loglevel=error'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  return answer.status === 0;
}

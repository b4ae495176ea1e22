/** The notices that the licences of the npm packages in the bundles ask for. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files of a package that hold its licence, or the licences of what it contains itself. */
const licenceFile = /^(licen[cs]e|copying|notice|thirdpartynotices)([.-].*)?$/i;
const rule = '='.repeat(80);

/** Folders of npm packages, relative to the root, of which an esbuild metafile says that something is in the output. */
function bundledFolders({ outputs }) {
  return Object.values(outputs)
    .flatMap((output) => Object.entries(output.inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(([path]) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? []);
}

function noticeOf(root, folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  const files = readdirSync(join(root, folder)).filter((file) => licenceFile.test(file));
  // A package without a licence may not be passed on at all.
  if (files.length === 0 && !license) throw new Error(`${folder} is bundled, but states no licence`);
  const texts = files.sort().map((file) =>
    readFileSync(join(root, folder, file), 'utf8')
      .replaceAll('\r\n', '\n')
      .trim(),
  );
  const title = `${name} ${version}${license ? ` (${license})` : ''}`;
  return { title, text: [rule, title, rule, ...texts].join('\n\n') };
}

/**
 * The text of the notices: each package once, by name.
 *
 * `metafiles`: what esbuild says of each bundle. `others`: folders of packages whose files are copied as they are. Throws when a
 * package states no licence.
 */
export function thirdPartyNotices(root, metafiles, others = []) {
  const folders = new Set([...metafiles.flatMap(bundledFolders), ...others.filter((folder) => existsSync(join(root, folder)))]);
  const notices = new Map([...folders].map((folder) => noticeOf(root, folder)).map(({ title, text }) => [title, text]));
  const head = 'This product contains the following packages, each under the licence that follows its name.';
  const titles = [...notices.keys()].sort();
  return `${[head, titles.map((title) => `  ${title}`).join('\n'), ...titles.map((title) => notices.get(title))].join('\n\n')}\n`;
}

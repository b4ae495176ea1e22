/** Where things are, whether or not they exist. */
export function editorPaths(environment?: NodeJS.ProcessEnv): {
  root: string;
  marker: string;
  node: string;
  codeServer: string;
  chromium: string | null;
};
/** What keeps the editor tests from running, as sentences; empty when nothing does. */
export function missingParts(environment?: NodeJS.ProcessEnv): string[];

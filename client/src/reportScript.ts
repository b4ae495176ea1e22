/**
 * What the report page gets in a webview beside its own script and style: the editor's colours, a memory of where the reader was,
 * and places that open in the editor. Text for the page; nothing here runs in the extension.
 */

/** What the page sends when a place is clicked: 1-based numbers. */
export interface OpenMessage {
  open: { file: string; line: number; column: number };
}

/** What survives a reload of the window. */
export interface PanelState {
  uri: string;
}

/** The page's own colour variables, taken from the editor's theme. */
const style = `
:root{--ground:var(--vscode-editor-background)!important;--card:var(--vscode-editor-background)!important;--raised:var(--vscode-editorWidget-background)!important;
--line:var(--vscode-panel-border,#80808059)!important;--ink:var(--vscode-foreground)!important;--quiet:var(--vscode-descriptionForeground)!important;--accent:var(--vscode-textLink-foreground)!important;
--error:var(--vscode-editorError-foreground)!important;--warning:var(--vscode-editorWarning-foreground)!important;--information:var(--vscode-editorInfo-foreground)!important}
body{padding:0;font-size:13px;font-family:var(--vscode-font-family)}
code,.mono{font-family:var(--vscode-editor-font-family)!important;color:inherit;background:none;padding:0}
button.theme{display:none}
.fgft-place{cursor:pointer}.fgft-place:hover{color:var(--vscode-textLink-activeForeground);text-decoration:underline}`;

/** Runs in the page. `state` and `name` are the document's address and the entry point to go to. */
const script = `
const api = acquireVsCodeApi();
const remembered = { ...state, top: api.getState()?.uri === state.uri ? api.getState().top ?? 0 : 0 };
api.setState(remembered);

const reveal = (row) => {
  row.hidden = false;
  row.querySelector('button.toggle[aria-expanded=false]')?.click();
  row.scrollIntoView({ block: 'start' });
};
const placeOf = (element) => {
  const match = /^([^\\n]+\\.[chS]):(\\d+)(?::(\\d+))?/.exec(element?.title || element?.textContent || '');
  return match && { file: match[1], line: Number(match[2]), column: Number(match[3] ?? 1) };
};
addEventListener('mouseover', (event) => {
  const element = event.target.closest('code, span[title]');
  if (placeOf(element)) element.classList.add('fgft-place');
});
addEventListener('click', (event) => {
  const link = event.target.closest('a[href^="#"]');
  const target = link && document.getElementById(decodeURIComponent(link.getAttribute('href').slice(1)));
  if (target?.matches('tr.entry')) {
    event.preventDefault();
    event.stopPropagation();
    reveal(target);
    return;
  }
  const open = link ? null : placeOf(event.target.closest('code, span[title]'));
  if (open) api.postMessage({ open });
}, true);
addEventListener('scroll', () => api.setState({ ...remembered, top: scrollY }), { passive: true });
addEventListener('DOMContentLoaded', () => {
  const theme = () => (document.documentElement.dataset.theme = document.body.classList.contains('vscode-light') || document.body.classList.contains('vscode-high-contrast-light') ? 'light' : 'dark');
  new MutationObserver(theme).observe(document.body, { attributeFilter: ['class'] });
  theme();
  const row = name === null ? null : [...document.querySelectorAll('tr.entry')].find((entry) => entry.id.endsWith('/' + name));
  if (row) reveal(row);
  else scrollTo(0, remembered.top);
});`;

/** The page with the above in its head. */
export function forEditor(html: string, state: PanelState, entryPoint: string | undefined): string {
  const literal = (value: unknown) => JSON.stringify(value).replace(/</g, '\\u003c');
  const constants = `const state = ${literal(state)}, name = ${literal(entryPoint ?? null)};`;
  const head = `<style>${style}</style>\n<script>(() => {\n${constants}${script}\n})();</script>\n`;
  return /<\/head>/i.test(html) ? html.replace(/<\/head>/i, () => `${head}</head>`) : head + html;
}

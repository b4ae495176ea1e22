/** The part of a driver's page that says what a checkpoint would save. */
import type { DriverReport } from '../model';
import { escapeHtml } from './escape';

const covered: Record<DriverReport['checkpoint']['entryPoints'][number]['writes'][number]['covered'], string> = {
  bus: 'bus',
  checkpoint: 'saved',
  restore: 'restore sets it',
  conditional: 'restore sets it on a condition',
  event: 'no state',
  left: 'left over',
};

/** Verdict, split and device state, folded away; empty for a driver that needs no checkpoint. */
export function checkpointSection(driver: DriverReport): string {
  const { status, reason, saved, split, entryPoints, sleeps } = driver.checkpoint;
  if (status === 'not-needed' || reason === '') return '';
  const chips = (names: readonly string[]): string =>
    `<div class="chips">${names.map((n) => `<code>${escapeHtml(n)}</code>`).join('')}</div>`;
  const parts = [`<p>${escapeHtml(reason)}</p>`];
  if (saved.length > 0) parts.push(`<h3>Saved</h3>${chips(saved)}`);
  const rows = split
    .filter((s) => s.part !== 'neutral')
    .map(
      (s) =>
        `<tr><td>${s.phase}</td><td class="name">${'&nbsp;'.repeat(2 * s.depth)}${escapeHtml(s.function)}:${s.location.line}</td><td><code>${escapeHtml(s.text)}</code></td><td>${s.part}</td><td>${s.use === 'mixed' ? '' : s.use}</td></tr>`,
    );
  if (rows.length > 0)
    parts.push(
      `<h3>Suspend and resume, statement by statement</h3><div class="scroll"><table><thead><tr><th>Phase</th><th>Place</th><th>Statement</th><th>Part</th><th>Becomes</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`,
    );
  if (sleeps.length > 0) {
    const items = sleeps.map(
      (s) =>
        `<tr><td class="name">${escapeHtml(s.function)}:${s.location.line}</td><td><code>${escapeHtml(s.text)}</code></td><td>${escapeHtml(s.reason)}</td><td>${s.replacement === null ? 'none' : `<code>${escapeHtml(s.replacement)}</code>`}</td></tr>`,
    );
    parts.push(
      `<h3>Calls that sleep</h3><div class="scroll"><table><thead><tr><th>Place</th><th>Call</th><th>Why</th><th>In atomic context</th></tr></thead><tbody>${items.join('')}</tbody></table></div>`,
    );
  }
  const states = entryPoints.map(({ entryPoint, writes }) => {
    const names = writes
      .filter((w) => w.covered !== 'event')
      .map((w) => `<code${w.covered === 'left' ? ' class="warning"' : ''} title="${covered[w.covered]}">${escapeHtml(w.name)}</code>`);
    return names.length === 0
      ? ''
      : `<tr><th scope="row" class="name">${escapeHtml(entryPoint)}</th><td><div class="chips">${names.join('')}</div></td></tr>`;
  });
  if (states.some((s) => s !== ''))
    parts.push(`<h3>Device state that entry points write</h3><div class="scroll"><table><tbody>${states.join('')}</tbody></table></div>`);
  return `<details class="files"><summary>What a checkpoint would save</summary>${parts.join('\n')}</details>`;
}

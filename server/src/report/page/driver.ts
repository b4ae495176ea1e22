import type { DriverReport, EntryPoint, Finding } from '../model';
import { formatBytesIn, formatBytesOut, formatCount, formatNanoseconds, formatRegistrations, plural } from '../amounts';
import { countBySeverity, findingsAt, findingsOf } from '../findingLists';
import { checkpointSection } from './checkpoint';
import { escapeHtml } from './escape';

/** The anchor of an entry point, for links from elsewhere: `report.html#8139too/rtl8139_open`. */
export function anchor(driver: DriverReport, entry: string): string {
  return `${driver.name}/${entry}`;
}

/** A driver's part of the page: its facts, the table of entry points, its findings. `index` is its place in the packed data. */
export function driverSection(driver: DriverReport, index: number): string {
  const findings = findingsOf(driver);
  return `<section class="driver" id="${escapeHtml(driver.name)}">
<h2>${escapeHtml(driver.name)}</h2>
${facts(driver)}
${files(driver)}
${checkpointSection(driver)}
${driver.entryPoints.length > 0 ? tools(driver) + entryTable(driver, index) : '<p class="nothing">No entry points were found.</p>'}
${findings.length > 0 ? `<h3>Findings (${findings.length})</h3>\n<ul class="findings">\n${findings.map((finding) => findingItem(driver, finding)).join('\n')}\n</ul>` : ''}
</section>`;
}

function facts(driver: DriverReport): string {
  const { functions, partial } = driver.coverage;
  const { suspend, resume, declaredBy } = driver.powerManagement;
  const items = [
    ['functions', `${formatCount(functions)}${understood(functions, partial)}`],
    ['power management', suspend || resume ? `${suspend ?? 'none'} / ${resume ?? 'none'}${declaredBy ? ` (${declaredBy})` : ''}` : 'none'],
    ['checkpoint', driver.checkpoint.status],
    ...(driver.checkpoint.notRestored.length > 0 ? [['not restored', driver.checkpoint.notRestored.join(', ')]] : []),
  ];
  return `<div class="facts">${items.map(([name, value]) => `<span>${name} <b>${escapeHtml(value)}</b></span>`).join('')}</div>`;
}

/** Nothing is said of no functions: a module that could not be analysed has none either. */
function understood(functions: number, partial: number): string {
  if (functions === 0) return '';
  return partial > 0 ? `, ${formatCount(partial)} only partly understood` : ', all understood';
}

function files(driver: DriverReport): string {
  if (driver.files.length === 1) return `<div class="facts"><code>${escapeHtml(driver.files[0])}</code></div>`;
  const items = driver.files.map((file) => `<code>${escapeHtml(file)}</code>`).join('<br>');
  return `<details class="files"><summary>${plural(driver.files.length, 'file')}</summary>${items}</details>`;
}

function tools(driver: DriverReport): string {
  const contexts = [...new Set(driver.entryPoints.map((entry) => entry.context))].sort();
  const options = contexts.map((context) => `<option>${context}</option>`).join('');
  return `<div class="tools">
<input type="search" placeholder="Filter by entry point, registration, field or kernel call" aria-label="Filter the entry points of ${escapeHtml(driver.name)}">
<label>Context <select><option value="">any</option>${options}</select></label>
<label><input type="checkbox"> with findings</label>
<output class="quiet"></output>
</div>`;
}

const titles: [title: string, kind: '' | 'number'][] = [
  ['Entry point', ''],
  ['Registered as', ''],
  ['Context', ''],
  ['Fields', 'number'],
  ['Bytes in', 'number'],
  ['Bytes out', 'number'],
  ['Kernel calls', 'number'],
  ['Cost per call', 'number'],
  ['Findings', 'number'],
];

function entryTable(driver: DriverReport, index: number): string {
  const head = titles
    .map(([title, kind]) => `<th scope="col"${kind ? ` class="${kind}"` : ''}><button type="button">${title}</button></th>`)
    .join('');
  const highest = Math.max(1, ...driver.entryPoints.map((entry) => entry.cost.estimatedNanoseconds));
  const rows = driver.entryPoints.map((entry, place) => entryRow(driver, entry, `data-driver="${index}" data-entry="${place}"`, highest));
  return `<div class="scroll"><table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${rows.join('\n')}\n</tbody>\n</table></div>`;
}

function entryRow(driver: DriverReport, entry: EntryPoint, place: string, highest: number): string {
  const findings = findingsAt(driver, entry);
  const number = (value: number, text: string): string => `<td class="number" data-value="${value}">${escapeHtml(text)}</td>`;
  const calls = entry.kernelCalls.reduce((total, call) => total + call.count, 0);
  const marks = [entry.suspect ? 'suspect' : '', entry.isolatable ? '' : 'not isolatable'].filter((mark) => mark !== '');
  const counts = countBySeverity(findings).map(({ severity, count }) => `<span class="badge ${severity}">${count} ${severity}</span>`);
  const nanoseconds = entry.cost.estimatedNanoseconds;
  const cells = [
    `<th scope="row" class="name" data-value="${escapeHtml(entry.name)}"><button type="button" class="toggle" aria-expanded="false">${escapeHtml(entry.name)}</button>${marks.map((mark) => ` <span class="badge warning">${mark}</span>`).join('')}</th>`,
    `<td class="name">${escapeHtml(formatRegistrations(entry))}</td>`,
    `<td>${entry.context}</td>`,
    number(entry.fields.length, formatCount(entry.fields.length)),
    number(entry.cost.bytesIn, formatBytesIn(entry)),
    number(entry.cost.bytesOut, formatBytesOut(entry)),
    number(calls, formatCount(calls)),
    `<td class="number cost" data-value="${nanoseconds}"><i style="--share:${(nanoseconds / highest).toFixed(3)}"></i><span>≈ ${formatNanoseconds(nanoseconds)}</span></td>`,
    `<td class="number" data-value="${findings.length}">${counts.join('')}</td>`,
  ];
  const attributes = `class="entry" id="${escapeHtml(anchor(driver, entry.name))}" ${place} data-context="${entry.context}" data-findings="${findings.length}"`;
  return `<tr ${attributes}>${cells.join('')}</tr>`;
}

function findingItem(driver: DriverReport, finding: Finding): string {
  const { file, line, column } = finding.location;
  const about = [`<code>${escapeHtml(file)}:${line}:${column}</code>`, `<code>${escapeHtml(finding.rule)}</code>`, finding.confidence];
  if (finding.grade) about.push(`grade ${finding.grade}`);
  if (finding.signallers?.length) about.push(`ended by ${finding.signallers.map((name) => `<code>${escapeHtml(name)}</code>`).join(', ')}`);
  const links = finding.entryPoints.map(
    (name) => `<a href="#${escapeHtml(encodeURI(anchor(driver, name)))}"><code>${escapeHtml(name)}</code></a>`,
  );
  if (links.length > 0) about.push(`at ${links.join(', ')}`);
  const steps = finding.trace.map(
    (step) => `<li>${escapeHtml(step.message)} <code>${escapeHtml(step.location.file)}:${step.location.line}</code></li>`,
  );
  return `<li class="${finding.severity}"><span class="badge ${finding.severity}">${finding.severity}</span> ${escapeHtml(finding.message)}
<div class="about">${about.join(' · ')}</div>${steps.length > 0 ? `<ol>${steps.join('')}</ol>` : ''}</li>`;
}

import type { Report } from '../model';
import { formatCount, plural } from '../amounts';
import { findingsOf } from '../findingLists';
import { packReport } from './data';
import { driverSection } from './driver';
import { pageScript } from './script';
import { pageStyle } from './style';
import { embedJson, escapeHtml } from './escape';

/** Forbids the page every access to a network, whatever stands in it. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

/** The report as one page that needs nothing but itself: style, script and data are in it, and it may not use a network. */
export function renderPage(report: Report): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="generator" content="fgft ${escapeHtml(report.tool.version)}">
<title>${escapeHtml(title(report))}</title>
<style>${pageStyle}</style>
</head>
<body>
<header><div>
<div class="top"><h1>${escapeHtml(title(report))}</h1><span class="quiet">${escapeHtml(kernel(report))}</span><button type="button" class="theme">Light / dark</button></div>
<ul class="tiles">${tiles(report)}</ul>
${navigation(report)}
</div></header>
<main>
${report.drivers.map(driverSection).join('\n')}
</main>
<footer>Written by fgft ${escapeHtml(report.tool.version)}. Bytes and fields are what a call would copy if it ran as a fault-tolerant transaction; the cost per call is an estimate. <b>?</b> marks what could not be told.</footer>
<script type="application/json" id="data">${embedJson(packReport(report))}</script>
<script>${pageScript}</script>
</body>
</html>
`;
}

function title({ drivers }: Report): string {
  if (drivers.length === 0) return 'Driver report';
  const names = drivers.slice(0, 3).map((driver) => driver.name);
  const more = drivers.length - names.length;
  return `Driver report: ${names.join(', ')}${more > 0 ? ` and ${plural(more, 'other')}` : ''}`;
}

function kernel({ kernel: { root, release, configuration } }: Report): string {
  if (root === null) return 'read without a kernel tree: sizes that the driver itself does not tell are unknown';
  const origin = configuration === 'assumed' ? 'configuration assumed' : `configuration from ${configuration}`;
  return `${root}${release ? ` (${release})` : ''}, ${origin}`;
}

function tiles(report: Report): string {
  const { summary } = report;
  const findings = report.drivers.reduce((total, driver) => total + findingsOf(driver).length, 0);
  const items: [number, string][] = [
    [summary.drivers, summary.drivers === 1 ? 'driver' : 'drivers'],
    [summary.entryPoints, summary.entryPoints === 1 ? 'entry point' : 'entry points'],
    [summary.isolatable, 'isolatable'],
    [summary.withResynchronization, 'wait for another context'],
    [findings, findings === 1 ? 'finding' : 'findings'],
    [summary.milliseconds, 'ms of analysis'],
  ];
  return items.map(([value, name]) => `<li><b>${formatCount(value)}</b><span>${name}</span></li>`).join('');
}

function navigation({ drivers }: Report): string {
  if (drivers.length < 2) return '';
  const links = drivers.map(({ name }) => `<a href="#${escapeHtml(encodeURI(name))}">${escapeHtml(name)}</a>`);
  return `<nav aria-label="Drivers">${links.join('')}</nav>`;
}

/**
 * The page's own script: sorting, filtering, and the details of an entry point, drawn from the packed data when it is opened
 * (data.ts says how that is packed). All text reaches the page as text nodes. Without the script, the table and the findings stay readable.
 */
export const pageScript = `
'use strict';
const { texts, entries } = JSON.parse(document.getElementById('data').textContent);
const text = (index) => texts[index];
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) element.setAttribute(name, value);
  element.append(...children.flat().filter((child) => child !== null && child !== ''));
  return element;
}
const code = (content) => make('code', null, content);
const whole = (content) => make('code', { class: 'whole' }, content);
// A path may be broken after an arrow or a dot, nowhere else.
const path = (content) => make('code', null, content.split(/(?<=->|\\.)/).flatMap((step) => [make('span', { class: 'whole' }, step), make('wbr')]));
const place = ([file, line]) => text(file).replace(/^.*\\//, '') + ':' + line;
// main.c:12, 15, hw.c:7
function places(locations) {
  let last = -1;
  return locations.map(([file, line]) => {
    const shown = file === last ? String(line) : place([file, line]);
    last = file;
    return shown;
  }).join(', ');
}
const bytes = (value) => (value === null ? '?' : String(value));

function table(titles, rows) {
  const head = make('tr', null, titles.map(([title, kind]) => make('th', kind ? { class: kind } : null, title)));
  const body = rows.map((cells) => make('tr', null, cells.map((cell, i) => make('td', titles[i][1] ? { class: titles[i][1] } : null, cell))));
  return make('div', { class: 'scroll' }, make('table', null, make('thead', null, head), make('tbody', null, body)));
}
function fieldRow(entry, [record, field, reached, direction, access, size, locations, more, via, macro]) {
  const where = places(locations) + (more > 0 ? ', ' + more + ' more' : '');
  // The entry point itself stands at the head of its own chains: it need not be said each time.
  const chain = via.filter((name, i) => i > 0 || name !== entry.name).map(text).join(' \\u2192 ') + (macro >= 0 ? ' (in the macro ' + text(macro) + ')' : '');
  const title = locations.map(([file, line]) => text(file) + ':' + line).join('\\n');
  return [whole(text(record) + '.' + text(field)), make('span', { class: 'badge ' + text(direction) }, text(direction)), text(access), bytes(size),
    path(text(reached)), make('span', { title }, where), code(chain)];
}
function chips(items) {
  return make('div', { class: 'chips' }, items.map((item) => code(item)));
}
function details(entry) {
  const parts = [];
  const add = (title, content) => parts.push(make('h3', null, title), content);
  add('Fields (' + entry.fields.length + ')', entry.fields.length === 0 ? make('div', { class: 'nothing' }, 'This entry point touches no field.') :
    table([['Field'], ['Direction'], ['Access'], ['Bytes', 'number'], ['Reached as'], ['Touched at'], ['Via']], entry.fields.map((field) => fieldRow(entry, field))));
  if (entry.calls.length) add('Kernel calls', chips(entry.calls.map(([name, count, knowledge]) =>
    text(name) + (count > 1 ? ' \\u00d7' + count : '') + (text(knowledge) === 'unknown' ? ' (unknown)' : ''))));
  if (entry.globals.length) add('Globals', chips(entry.globals.map(([name, access, size, constant]) =>
    text(name) + ' ' + (constant ? 'constant' : text(access)) + (size === null ? '' : ' ' + size + ' B'))));
  if (entry.locks.length) add('Locks', chips(entry.locks.map(([name, primitive]) => text(name) + ' (' + text(primitive) + ')')));
  const [reads, writes, registers] = entry.device;
  if (reads + writes > 0) add('Device: ' + reads + ' reads, ' + writes + ' writes', chips(registers.map(text)));
  add('Registered as', chips(entry.registrations.map(([as, file, line]) => text(as) + ' at ' + place([file, line]))));
  add('Functions reached (' + entry.functions.length + ')', chips(entry.functions.map(text)));
  const [ranges, checks, crossings, loops] = entry.cost;
  parts.push(make('p', { class: 'quiet' }, 'Estimate from ' + ranges + ' ranges, ' + Math.round(checks) + ' checks, ' + Math.round(crossings) +
    ' kernel crossings and ' + loops + ' loops. Defined at ' + text(entry.at[0]) + ':' + entry.at[1] + '.'));
  return parts;
}

const detailsOf = new Map();
function open(row, wanted) {
  const button = row.querySelector('button.toggle');
  const isOpen = button.getAttribute('aria-expanded') === 'true';
  if (wanted === isOpen) return;
  button.setAttribute('aria-expanded', String(!isOpen));
  if (isOpen) {
    detailsOf.get(row).remove();
    detailsOf.delete(row);
    return;
  }
  const content = details(entries[row.dataset.driver][row.dataset.entry]);
  const added = make('tr', { class: 'details' }, make('td', { colspan: row.cells.length }, make('div', { class: 'bounded' }, content)));
  row.after(added);
  detailsOf.set(row, added);
}

const haystacks = new Map();
function haystack(row) {
  if (!haystacks.has(row)) {
    const entry = entries[row.dataset.driver][row.dataset.entry];
    const fields = entry.fields.map((field) => text(field[0]) + '.' + text(field[1]));
    haystacks.set(row, [row.textContent, ...entry.registrations.map((one) => text(one[0])), ...fields, ...entry.calls.map((call) => text(call[0]))].join(' ').toLowerCase());
  }
  return haystacks.get(row);
}
function filter(section) {
  const words = section.querySelector('input[type=search]').value.toLowerCase().split(/\\s+/).filter(Boolean);
  const context = section.querySelector('select').value;
  const withFindings = section.querySelector('input[type=checkbox]').checked;
  let shown = 0;
  const rows = section.querySelectorAll('tr.entry');
  for (const row of rows) {
    const fits = (context === '' || row.dataset.context === context) && (!withFindings || row.dataset.findings !== '0') &&
      words.every((word) => haystack(row).includes(word));
    row.hidden = !fits;
    if (detailsOf.has(row)) detailsOf.get(row).hidden = !fits;
    if (fits) shown++;
  }
  section.querySelector('output').textContent = shown === rows.length ? '' : shown + ' of ' + rows.length + ' shown';
}
function sort(header) {
  const body = header.closest('table').tBodies[0];
  const numeric = header.classList.contains('number');
  const before = header.getAttribute('aria-sort');
  const order = before === null ? (numeric ? 'descending' : 'ascending') : before === 'ascending' ? 'descending' : 'ascending';
  for (const other of header.parentElement.cells) other.removeAttribute('aria-sort');
  header.setAttribute('aria-sort', order);
  const sign = order === 'ascending' ? 1 : -1;
  const value = (row) => row.cells[header.cellIndex].dataset.value ?? row.cells[header.cellIndex].textContent;
  const compare = numeric ? (a, b) => value(a) - value(b) : (a, b) => value(a).localeCompare(value(b));
  const rows = [...body.querySelectorAll('tr.entry')].sort((a, b) => sign * compare(a, b));
  for (const row of rows) body.append(row, ...(detailsOf.has(row) ? [detailsOf.get(row)] : []));
}
function follow() {
  const row = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!row || !row.matches('tr.entry')) return;
  row.hidden = false;
  open(row, true);
  row.scrollIntoView({ block: 'start', inline: 'nearest' });
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (!button) return;
  if (button.matches('.toggle')) open(button.closest('tr'));
  else if (button.matches('thead button')) sort(button.closest('th'));
  else if (button.matches('.theme')) {
    const root = document.documentElement;
    const isDark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = isDark ? 'light' : 'dark';
  }
});
document.addEventListener('input', (event) => {
  const section = event.target.closest('section.driver');
  if (section) filter(section);
});
addEventListener('hashchange', follow);
follow();
`;

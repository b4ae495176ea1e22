/** Plots as SVG texts: nothing but shapes and words, readable on a light and on a dark page. */

const WIDTH = 720;
const HEIGHT = 440;
const LEFT = 78;
const BOTTOM = 56;
const TOP = 18;
const RIGHT = 18;
const COLOURS = [
  '#2563eb',
  '#d97706',
  '#059669',
  '#dc2626',
  '#7c3aed',
  '#0891b2',
  '#be185d',
  '#65a30d',
  '#475569',
  '#b45309',
  '#0f766e',
  '#9333ea',
];

export interface Dot {
  x: number;
  y: number;
  group: string;
  title: string;
}

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

function frame(body: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" fill="#6b7280">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    ...body,
    '</svg>',
    '',
  ].join('\n');
}

/** Powers of ten around the values, and where a value stands between two edges of the plot. */
function logScale(values: readonly number[], from: number, to: number): { ticks: number[]; at: (value: number) => number } {
  const positive = values.filter((v) => v > 0);
  const low = Math.floor(Math.log10(Math.min(...positive, 1e9)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...positive, 1))));
  return {
    ticks: Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i)),
    at: (value) => from + ((Math.log10(Math.max(value, 10 ** low)) - low) / (high - low)) * (to - from),
  };
}

/** Both axes logarithmic, one colour for each group. `words` are what stands at ticks. */
export function scatter(dots: readonly Dot[], x: string, y: string, words: (value: number) => string): string {
  const across = logScale(
    dots.map((d) => d.x),
    LEFT,
    WIDTH - RIGHT - 130,
  );
  const up = logScale(
    dots.map((d) => d.y),
    HEIGHT - BOTTOM,
    TOP,
  );
  const groups = [...new Set(dots.map((d) => d.group))];
  const colour = (group: string): string => COLOURS[groups.indexOf(group) % COLOURS.length];
  return frame([
    ...across.ticks.map((t) => {
      const at = across.at(t).toFixed(1);
      return `<line x1="${at}" x2="${at}" y1="${TOP}" y2="${HEIGHT - BOTTOM}" stroke="#e5e7eb"/><text x="${at}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${words(t)}</text>`;
    }),
    ...up.ticks.map((t) => {
      const at = up.at(t).toFixed(1);
      return `<line x1="${LEFT}" x2="${WIDTH - RIGHT - 130}" y1="${at}" y2="${at}" stroke="#e5e7eb"/><text x="${LEFT - 8}" y="${at}" text-anchor="end" dominant-baseline="middle">${words(t)}</text>`;
    }),
    ...dots.map(
      (d) =>
        `<circle cx="${across.at(d.x).toFixed(1)}" cy="${up.at(d.y).toFixed(1)}" r="4" fill="${colour(d.group)}" fill-opacity="0.75"><title>${escape(d.title)}</title></circle>`,
    ),
    ...groups.map(
      (g, i) =>
        `<circle cx="${WIDTH - 124}" cy="${TOP + 10 + i * 18}" r="4" fill="${colour(g)}"/><text x="${WIDTH - 114}" y="${TOP + 14 + i * 18}">${escape(g)}</text>`,
    ),
    `<text x="${(LEFT + WIDTH - RIGHT - 130) / 2}" y="${HEIGHT - 12}" text-anchor="middle">${escape(x)}</text>`,
    `<text transform="translate(16 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle">${escape(y)}</text>`,
  ]);
}

/** Two bars for each name over a logarithmic axis. */
export function bars(
  rows: readonly { name: string; values: readonly number[] }[],
  series: readonly string[],
  words: (value: number) => string,
): string {
  const scale = logScale(
    rows.flatMap((r) => r.values),
    LEFT + 40,
    WIDTH - RIGHT - 20,
  );
  const step = (HEIGHT - BOTTOM - TOP - 20) / Math.max(rows.length, 1);
  const thick = Math.min(14, (step * 0.8) / series.length);
  return frame([
    ...scale.ticks.map((t) => {
      const at = scale.at(t).toFixed(1);
      return `<line x1="${at}" x2="${at}" y1="${TOP + 20}" y2="${HEIGHT - BOTTOM}" stroke="#e5e7eb"/><text x="${at}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${words(t)}</text>`;
    }),
    ...rows.flatMap((row, i) => {
      const top = TOP + 20 + i * step + (step - thick * series.length) / 2;
      return [
        `<text x="${LEFT + 32}" y="${(top + (thick * series.length) / 2).toFixed(1)}" text-anchor="end" dominant-baseline="middle">${escape(row.name)}</text>`,
        ...row.values.map(
          (v, k) =>
            `<rect x="${LEFT + 40}" y="${(top + k * thick).toFixed(1)}" width="${Math.max(1, scale.at(v) - LEFT - 40).toFixed(1)}" height="${(thick - 1).toFixed(1)}" fill="${COLOURS[k]}"><title>${escape(`${row.name}, ${series[k]}: ${words(v)}`)}</title></rect>`,
        ),
      ];
    }),
    ...series.map(
      (s, k) =>
        `<rect x="${LEFT + 40 + k * 220}" y="${TOP - 8}" width="10" height="10" fill="${COLOURS[k]}"/><text x="${LEFT + 56 + k * 220}" y="${TOP + 1}">${escape(s)}</text>`,
    ),
  ]);
}

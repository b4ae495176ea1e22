/** docs/isolated-drivers.md from what isolating and building the drivers gave. */

/** One driver on one line of kernels. */
export interface IsolatedBuild {
  driver: string;
  path: string;
  /** `6.1`. */
  line: string;
  group: string;
  subsystem: string;
  /** Entry points that bring the module or a device into being or take it away. */
  exempt: string[];
  isolated: string[];
  refused: { name: string; reasons: { reason: string; at: string; advice: string | null }[] }[];
  /** Annotations of the product in the driver's own text. */
  annotations: number;
  /** Null: nobody built it. */
  built: boolean | null;
  /** Lines that make printed and that are not its own progress. */
  complaints: string[];
  /** Of the headers. */
  release: string;
}

/** Longer reasons tell a whole finding: its first sentence is the reason. */
const LONGEST_REASON = 220;

const GROUPS: readonly { group: string; title: string; text: string }[] = [
  { group: 'example', title: 'Our own driver', text: 'One of everything, from `examples/`.' },
  {
    group: 'named',
    title: 'Drivers that the generator was developed with',
    text: 'Defects that these showed were mended as classes; what they say about drivers that nobody has looked at, the next table tells.',
  },
  {
    group: 'further',
    title: 'Further drivers',
    text: 'Chosen afterwards from other subsystems. What kept one of them from building was mended as a class, too, and the whole table made again.',
  },
];

function share(isolated: number, all: number): string {
  return all === 0 ? '' : `${Math.round((100 * isolated) / all)} %`;
}

function buildText(build: IsolatedBuild | undefined): string {
  if (!build) return 'not tried';
  if (build.built === null) return 'not built';
  if (!build.built) return '**fails**';
  return build.complaints.length > 0 ? `${build.complaints.length} warnings` : 'no warning';
}

function row(name: string, of: readonly IsolatedBuild[], lines: readonly string[]): string {
  const cells = lines.flatMap((line) => {
    const build = of.find((b) => b.line === line);
    const all = build ? build.isolated.length + build.refused.length : 0;
    return build
      ? [String(all), String(build.isolated.length), share(build.isolated.length, all), buildText(build)]
      : ['', '', '', 'not tried'];
  });
  return `| ${name} | ${of[0].subsystem} | ${cells.join(' | ')} | ${Math.max(...of.map((b) => b.annotations))} |`;
}

function table(builds: readonly IsolatedBuild[], names: readonly string[], lines: readonly string[]): string[] {
  const heads = lines.flatMap((l) => [`entry points ${l}`, `isolated`, `share`, `builds with W=1`]);
  const rows = names.flatMap((name) => {
    const of = builds.filter((b) => b.driver === name);
    return of.length > 0 ? [row(name, of, lines)] : [];
  });
  return [
    `| driver | subsystem | ${heads.join(' | ')} | annotations |`,
    `|---|---|${lines.map(() => '---:|---:|---:|---|').join('')}---:|`,
    ...rows,
  ];
}

function shortened(reason: string): string {
  return reason.length <= LONGEST_REASON ? reason : `${reason.split(/(?<=[.:]) /)[0]} …`;
}

function refusals(builds: readonly IsolatedBuild[], names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const reasons = new Map<string, string[]>();
    for (const build of builds.filter((b) => b.driver === name))
      for (const { name: entry, reasons: list } of build.refused)
        for (const { reason, at } of list) {
          const text = `\`${entry}\`: ${shortened(reason)}`;
          reasons.set(text, [...(reasons.get(text) ?? []), `${build.line}: ${at}`]);
        }
    return [...reasons].map(([text, places]) => `- **${name}** ${text} (${places.join('; ')})`);
  });
}

/** The page. `order`: names of the drivers as they are to stand there. */
export function isolatedDriversPage(builds: readonly IsolatedBuild[], order: readonly string[]): string {
  const lines = [...new Set(builds.map((b) => b.line))].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const releases = lines.map((l) => builds.find((b) => b.line === l)?.release ?? l);
  const named = builds.filter((b) => b.group === 'named');
  const points = (list: readonly IsolatedBuild[]): [number, number] => [
    list.reduce((sum, b) => sum + b.isolated.length, 0),
    list.reduce((sum, b) => sum + b.isolated.length + b.refused.length, 0),
  ];
  const [isolated, all] = points(named);
  const clean = builds.filter((b) => b.built && b.complaints.length === 0).length;
  const annotations = named.reduce((sum, b) => sum + b.annotations, 0);
  return [
    '# Which drivers can be isolated',
    '',
    '<!-- Made by `node --import=tsx scripts/isolated-drivers.ts`. Edits will be lost. -->',
    '',
    `Every isolatable entry point of each driver at once, from Debian's unpatched sources of Linux ${lines.join(' and ')}, built against the headers`,
    `of ${releases.join(' and ')} with \`W=1\`. Entry points that bring the module or a device into being or take it away (module init and exit,`,
    'probe, remove and their kin) are not counted: they are never isolated.',
    '',
    `- ${clean} of ${builds.length} modules build without a warning of gcc, objtool or modpost.`,
    `- ${isolated} of ${all} entry points of the drivers that the generator was developed with are isolated (${share(isolated, all)}).`,
    `- ${annotations} annotations were written by hand for them: the sources are as Debian ships them.`,
    '',
    'That a module builds does not say that it works: which isolated drivers work in a running kernel, `test/vm/isolated.test.ts` says.',
    '',
    'Made by `node --import=tsx scripts/isolated-drivers.ts`, which takes an hour; `--only NAME` does one driver, `--page` writes this page from',
    'what was built before.',
    '',
    ...GROUPS.flatMap(({ group, title, text }) => {
      const names = order.filter((n) => builds.some((b) => b.driver === n && b.group === group));
      return names.length > 0 ? [`## ${title}`, '', text, '', ...table(builds, names, lines), ''] : [];
    }),
    '## What is refused, and why',
    '',
    ...refusals(builds, order),
    '',
  ].join('\n');
}

import assert from 'node:assert/strict';
import { type Command, parseCommandLine } from '../../../server/src/cli/commandLine';
import { helpText } from '../../../server/src/cli/help';

function failureOf(...words: string[]): string {
  const parsed = parseCommandLine(words);
  assert.ok('failure' in parsed, `'${words.join(' ')}' was accepted`);
  return `${parsed.failure}: ${parsed.message}`;
}

function commandOf(...words: string[]): Command {
  const parsed = parseCommandLine(words);
  assert.ok('command' in parsed, 'failure' in parsed ? parsed.message : '');
  return parsed;
}

describe('cli: command line', () => {
  it('reads every option of analyze', () => {
    const words =
      'analyze a.c --kernel /k b --entry f --entry g --entry f --format sarif -o out --jobs 4 --fail-on warning --rule resync/poll=off --rule lock/unbalanced=info --cost-threshold 900 --isolate-folder made --no-cache --dump-layout r s';
    assert.deepEqual(commandOf(...words.split(' ')), {
      command: 'analyze',
      paths: ['a.c', 'b'],
      kernel: '/k',
      entries: ['f', 'g'],
      format: 'sarif',
      output: 'out',
      jobs: 4,
      shard: undefined,
      isolateFolder: 'made',
      cache: false,
      failOn: 'warning',
      adjustments: {
        rules: new Map([
          ['resync/poll', 'off'],
          ['lock/unbalanced', 'information'],
        ]),
        costThreshold: 900,
      },
      dumpLayout: ['r', 's'],
    });
  });

  it('has text to standard output as default', () => {
    const { format, output, entries, kernel } = commandOf('analyze', 'a.c') as Extract<Command, { command: 'analyze' }>;
    assert.deepEqual({ format, output, entries, kernel }, { format: 'text', output: undefined, entries: [], kernel: undefined });
  });

  const mistakes: [words: string, says: RegExp][] = [
    ['analyse a.c', /unknown command 'analyse'; the commands are analyze, isolate, checkpoint, suspects, compare, merge, doctor, lsp/],
    ['--verbose', /unknown option '--verbose'/],
    ['analyze', /no PATH is given/],
    ['analyze a.c --format xml', /unknown format 'xml'; the formats are text, json, sarif, html/],
    ['analyze a.c --fail-on bad', /unknown level 'bad'; the levels are error, warning, information, hint/],
    ['analyze a.c --jobs 0', /--jobs takes a positive number, not '0'/],
    ['analyze a.c --shard 3/2', /--shard takes I\/N with I from 1 to N, not '3\/2'/],
    ['analyze a.c --shard 0/2', /--shard takes I\/N/],
    ['analyze a.c --shard 1/2 --entry f', /--shard and --entry do not go together/],
    ['analyze a.c --rule resync/poll', /--rule takes ID=LEVEL/],
    ['analyze a.c --rule no/rule=off', /there is no rule 'no\/rule'/],
    ['analyze a.c --cost-threshold much', /--cost-threshold takes nanoseconds/],
    ['merge', /no REPORT is given/],
    ['analyze a.c --colour', /Unknown option '--colour'$/],
    ['analyze a.c --kernel', /--kernel <value>' argument missing/],
    ['analyze a.c --kernel=', /--kernel is empty/],
    ['suspects --findings f', /no PATH is given/],
    ['suspects d', /--findings FILE is missing/],
    ['suspects d --findings f --format sarif', /unknown format 'sarif'/],
    ['compare a.json', /compare takes two reports/],
    ['doctor', /doctor takes one FILE/],
    ['doctor a b', /doctor takes one FILE/],
    ['lsp', /lsp needs --stdio/],
  ];
  for (const [words, says] of mistakes) {
    it(`explains what is wrong with 'fgft ${words}'`, () => {
      const message = failureOf(...words.split(' '));
      assert.match(message, /^usage: /);
      assert.match(message, says);
    });
  }

  it('reads isolate and checkpoint', () => {
    assert.deepEqual(commandOf('isolate', 'd', '--all', '--out', 'o'), {
      command: 'isolate',
      path: 'd',
      entries: [],
      kernel: undefined,
      out: 'o',
      force: false,
    });
    const named = commandOf('isolate', 'd', '--entry', 'f', '--entry', 'g', '-o', 'o', '--force') as Extract<
      Command,
      { command: 'isolate' }
    >;
    assert.deepEqual([named.entries, named.force], [['f', 'g'], true]);
    assert.deepEqual(commandOf('checkpoint', 'd', '--out', 'f.c'), { command: 'checkpoint', path: 'd', kernel: undefined, out: 'f.c' });
    assert.match(failureOf('isolate', 'd', '--out', 'o'), /--entry NAME, or take --all/);
    assert.match(failureOf('isolate', 'd', '--all'), /no --out DIR/);
    assert.match(failureOf('isolate', 'd', '--all', '--entry', 'f', '--out', 'o'), /do not go together/);
    assert.match(failureOf('checkpoint', 'd'), /no --out FILE/);
  });

  it('reads shards, layouts without a path, and merge', () => {
    const sharded = commandOf('analyze', 'd', '--shard', '2/8') as Extract<Command, { command: 'analyze' }>;
    assert.deepEqual([sharded.shard, sharded.cache, sharded.jobs], [{ index: 2, count: 8 }, true, undefined]);
    const layouts = commandOf('analyze', '--kernel', '/k', '--dump-layout', 'list_head') as Extract<Command, { command: 'analyze' }>;
    assert.deepEqual([layouts.paths, layouts.dumpLayout], [[], ['list_head']]);
    assert.deepEqual(commandOf('merge', 'a.json', 'b.json', '-o', 'c'), { command: 'merge', reports: ['a.json', 'b.json'], output: 'c' });
  });

  it('offers only what works', () => {
    const all = [null, 'analyze', 'suspects', 'compare', 'merge', 'doctor', 'lsp'].map(helpText).join('\n');
    assert.doesNotMatch(all, /fgft (isolate|checkpoint)\b/);
    assert.deepEqual(commandOf('analyze', '--help'), { command: 'help', topic: 'analyze' });
    assert.deepEqual(commandOf(), { command: 'help', topic: null });
    assert.equal(helpText('constructor'), helpText(null));
  });
});

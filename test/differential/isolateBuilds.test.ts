/**
 * Isolated modules are real modules: with every entry point isolated that can be, they build without a warning of the compiler, objtool or
 * modpost against every installed kernel's headers. The example driver always; real drivers with FGFT_ISOLATE=all, which takes minutes each.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { writeGenerated } from '../../server/src/engine/generatedFolder';
import { isolateModules } from '../../server/src/engine';
import { buildComplaints } from '../support/buildComplaints';
import { headersOf, ISOLATED_DRIVERS, KERNEL_LINES, sourceOf } from '../support/isolatedDrivers';
import { repositoryRoot } from '../support/repository';
import { skip } from '../support/skip';

const headers = existsSync('/usr/src')
  ? readdirSync('/usr/src').filter((name) => /^linux-headers-(6\.([1-9]|1\d)\.|[7-9]\.)/.test(name) && !name.endsWith('-common'))
  : [];

/**
 * The instructions that a call of an entry point passes before its native function: a call that tracing patches, the branch, a jump, and what
 * the compiler moves between registers or loads for it. `store` stands for a move to memory.
 */
function switchedOff(module: string, entry: string): string {
  const run = (...words: string[]): string => spawnSync('objdump', words, { encoding: 'utf8', maxBuffer: 1 << 28 }).stdout;
  const symbol = run('-t', module)
    .split('\n')
    .find((l) => new RegExp(`^[0-9a-f]+ .* F \\.text\\t[0-9a-f]+ ${entry}$`).test(l));
  if (symbol === undefined) return `${entry} is not in .text`;
  const start = parseInt(symbol, 16);
  const listing = run('-d', '-j', '.text', '--no-show-raw-insn', `--start-address=${start}`, `--stop-address=${start + 48}`, module);
  const mnemonics = [...listing.matchAll(/^\s+[0-9a-f]+:\t(\w+)(.*)$/gm)].map(([, name, operands]) =>
    name.startsWith('mov') && operands.trimEnd().endsWith(')') ? 'store' : name,
  );
  const end = mnemonics.findIndex((m) => m === 'jmp' || m === 'ret');
  return mnemonics.slice(0, end + 1).join(' ');
}

async function build(path: string, kernelHeaders: string): Promise<{ isolated: number; refused: number; module: string }> {
  const kernel = join('/usr/src', kernelHeaders);
  const answer = await isolateModules(path, null, { kernel });
  assert.deepEqual(answer.problems, []);
  const [{ plan, files }] = answer.modules;
  assert.ok(files.length > 0, JSON.stringify(plan.refused));
  const folder = mkdtempSync(join(tmpdir(), 'fgft-isolated-'));
  try {
    writeGenerated(folder, files);
    const made = spawnSync('make', [`KDIR=${kernel}`, 'W=1'], { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 26 });
    assert.deepEqual(buildComplaints(`${made.stdout}${made.stderr}`), []);
    assert.ok(existsSync(join(folder, `${plan.module}.ko`)), 'no module was made');
    const costly = plan.entries
      .filter((e) => e.predicate === null)
      .map((e) => switchedOff(join(folder, `${plan.module}.ko`), e.name))
      .filter((path) => !/^(endbr64 )?call (mov )*(xchg|nop\w*) (mov )*jmp$/.test(path));
    assert.deepEqual(costly, []);
    return { isolated: plan.entries.length, refused: plan.refused.length, module: plan.module };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('isolated modules build', function () {
  this.timeout(900_000);

  before(function () {
    if (headers.length === 0) skip(this, 'no kernel headers are installed in /usr/src');
    if (spawnSync('gcc', ['--version']).status !== 0) skip(this, 'gcc is not installed');
  });

  for (const kernelHeaders of headers) {
    it(`the example driver against ${kernelHeaders}`, async () => {
      const { isolated, refused } = await build(join(repositoryRoot, 'examples/fgft_demo_nic'), kernelHeaders);
      assert.ok(isolated / (isolated + refused) >= 0.8, `${isolated} isolated, ${refused} refused`);
    });
  }

  for (const line of KERNEL_LINES)
    for (const driver of ISOLATED_DRIVERS.filter((d) => d.group !== 'example')) {
      it(`${driver.path} of Linux ${line}`, async function () {
        if (process.env.FGFT_ISOLATE !== 'all') skip(this, 'building real drivers takes minutes; FGFT_ISOLATE=all does it');
        const path = sourceOf(driver, line);
        const kernel = headersOf(line);
        if (path === null || kernel === null) skip(this, `Linux ${line} or its headers are not there`);
        const { isolated, refused } = await build(path, basename(kernel));
        assert.ok(isolated / (isolated + refused) >= 0.8, `${isolated} isolated, ${refused} refused`);
      });
    }
});

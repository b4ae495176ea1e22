/**
 * Record layouts against the distribution kernel's own type information: every record of the oracle, read from the installed headers.
 * The score is printed with the cause of every difference.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { skip } from '../support/skip';
import {
  differences,
  driverScope,
  headersFolder,
  kernelScope,
  oracleFile,
  sourceFolder,
  type KernelForTests,
  type LayoutOracle,
} from './layoutsSupport';

/** Differences that are none of ours, and why. */
const EXPLAINED: Readonly<Record<string, string>> = {
  eth_tx_bd_types: 'the type information is that of a driver with a union of the same name',
  partition_info: 'the type information is that of a structure of the same name outside the headers',
  qnx6_super_block: '__fs32 is declared outside the headers',
  sysv_inode: '__fs16 is declared outside the headers',
  tlb_state_shared: 'the header hides it from modules',
};

describe('layouts of records', function () {
  this.timeout(120_000);
  let oracle: LayoutOracle;
  let kernel: KernelForTests;

  before(async function () {
    const path = oracleFile();
    if (!path) skip(this, 'the layout oracle is not there (set FGFT_ORACLE to the folder of layouts-6.1-amd64.json)');
    const headers = headersFolder();
    if (!headers) skip(this, 'linux-headers-6.1.0-*-amd64 is not installed');
    oracle = JSON.parse(readFileSync(path, 'utf8')) as LayoutOracle;
    kernel = await kernelScope(headers);
  });

  it('of the kernel are those of its type information', () => {
    const names = Object.keys(oracle.records);
    const wrong: string[] = [];
    const guessed: string[] = [];
    for (const name of names) {
      const found = differences(kernel.scope, name, oracle.records[name]);
      if (found.length === 0) continue;
      wrong.push(`  ${name} (${oracle.records[name].headers.join(', ')}): ${EXPLAINED[name] ?? found.slice(0, 3).join('; ')}`);
      if (!EXPLAINED[name] && !found.every((text) => /unknown|not found|null/.test(text))) guessed.push(name);
    }
    report('kernel records', names.length, wrong);
    assert.deepEqual(guessed, [], 'a layout that is not known must be null, not wrong');
    assert.ok(wrong.length <= names.length * 0.005, 'fewer than 99.5 % of the layouts are right');
  });

  it('of drivers are those of their type information', function () {
    const source = sourceFolder();
    if (!source) skip(this, 'the kernel source (~/.cache/fgft/kernel/linux-source-6.1) is not unpacked');
    let count = 0;
    const wrong: string[] = [];
    for (const [file, records] of Object.entries(oracle.drivers)) {
      const scope = driverScope(join(source, file), kernel);
      for (const [name, expected] of Object.entries(records)) {
        count++;
        const found = differences(scope, name, expected);
        if (found.length > 0) wrong.push(`  ${name} (${file}): ${found.slice(0, 3).join('; ')}`);
      }
    }
    report('driver records', count, wrong);
    assert.ok(wrong.length <= count * 0.01, 'fewer than 99 % of the layouts are right');
  });
});

function report(what: string, count: number, wrong: string[]): void {
  const right = count - wrong.length;
  console.log(`    ${what}: ${right} of ${count} exactly right (${((100 * right) / count).toFixed(2)} %)`);
  for (const line of wrong) console.log(line);
}

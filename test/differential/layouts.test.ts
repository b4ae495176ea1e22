/**
 * Record layouts against the distribution kernel's own type information: every record of the oracle, read from the installed headers.
 * The score is printed with the cause of every difference.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { skip } from '../support/skip';
import { differences, headersFolder, kernelScope, oracleFile, type LayoutOracle } from './layoutsSupport';

/** Differences that are none of ours, and why. */
const EXPLAINED: Readonly<Record<string, string>> = {
  eth_tx_bd_types: 'the type information is that of a driver with a union of the same name',
  partition_info: 'the type information is that of a structure of the same name outside the headers',
  qnx6_super_block: '__fs32 is declared outside the headers',
  sysv_inode: '__fs16 is declared outside the headers',
  tlb_state_shared: 'the header hides it from modules',
};

describe('layouts of kernel records', function () {
  this.timeout(120_000);

  it('are those of the kernel', async function () {
    const path = oracleFile();
    if (!path) skip(this, 'the layout oracle is not there (set FGFT_ORACLE to the folder of layouts-6.1-amd64.json)');
    const headers = headersFolder();
    if (!headers) skip(this, 'linux-headers-6.1.0-*-amd64 is not installed');
    const oracle = JSON.parse(readFileSync(path, 'utf8')) as LayoutOracle;
    const { scope } = await kernelScope(headers);
    const names = Object.keys(oracle.records);
    const wrong: string[] = [];
    const guessed: string[] = [];
    for (const name of names) {
      const found = differences(scope, name, oracle.records[name]);
      if (found.length === 0) continue;
      wrong.push(`  ${name} (${oracle.records[name].headers.join(', ')}): ${EXPLAINED[name] ?? found.slice(0, 3).join('; ')}`);
      if (!EXPLAINED[name] && !found.every((text) => /unknown|not found|null/.test(text))) guessed.push(name);
    }
    const right = names.length - wrong.length;
    console.log(`    layouts: ${right} of ${names.length} records exactly right (${((100 * right) / names.length).toFixed(2)} %)`);
    for (const line of wrong) console.log(line);
    assert.deepEqual(guessed, [], 'a layout that is not known must be null, not wrong');
    assert.ok(right / names.length >= 0.97, 'fewer than 97 % of the layouts are right');
  });
});

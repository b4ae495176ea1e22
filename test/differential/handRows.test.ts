/**
 * Rows that were written by hand against the bodies of the functions that they describe. A few files are read with all other tests;
 * `FGFT_KERNEL_BODIES=all` reads every file that defines a function with a row, which takes minutes.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { skip } from '../support/skip';
import { bodyReader, type Disagreement, disagreements, exportingFiles } from './handRowsSupport';
import { headersFolder } from './layoutsSupport';
import { kernelSource } from './oracleSupport';

const FEW = [
  'lib/bitmap.c',
  'lib/hexdump.c',
  'lib/kstrtox.c',
  'lib/string.c',
  'lib/string_helpers.c',
  'drivers/net/mii.c',
  'drivers/pci/access.c',
];
/** Functions with rows that the few files alone define. */
const LEAST_COMPARED = 60;

/** Where the body seems to do more than the row says and the row is right, with the reason: `function argument`. */
const EXPLAINED: Record<string, string> = {
  ...because('reads back only what it has written', [
    'regmap_read 2',
    'regmap_bulk_read 2',
    'input_mt_assign_slots 1',
    'mc146818_get_time 0',
    'scsi_mode_sense 3',
    'usb_get_descriptor 3',
    'bitmap_from_arr32 0',
    'bitmap_to_arr32 0',
    'get_options 2',
    'rhashtable_init 0',
    'rhltable_init 0',
    'init_srcu_struct 0',
    'sg_init_one 0',
    'sg_init_table 0',
    'sprintf 0',
    'vsprintf 0',
    'snprintf 0',
    'scnprintf 0',
    'vsnprintf 0',
    'vscnprintf 0',
    'dev_get_stats 1',
    'dev_get_tstats64 1',
    ...[1, 2, 3, 4].flatMap((n) => [`usb_find_common_endpoints ${n}`, `usb_find_common_endpoints_reverse ${n}`]),
  ]),
  ...because('a tracing call prints it after a callee in another file has written it', [
    'regmap_noinc_read 2',
    'dma_alloc_attrs 2',
    'dmam_alloc_attrs 2',
  ]),
  ...because('one body serves both directions, and a flag tells which', [
    'sg_copy_from_buffer 2',
    'sg_pcopy_from_buffer 2',
    'sg_copy_to_buffer 2',
    'sg_pcopy_to_buffer 2',
  ]),
  ...because('the string that is overwritten is a copy', ['param_set_charp 0']),
};

function because(reason: string, places: readonly string[]): Record<string, string> {
  return Object.fromEntries(places.map((place) => [place, reason]));
}

describe('knowledge: rows written by hand and the bodies of the kernel', function () {
  this.timeout(1_200_000);
  const all = process.env.FGFT_KERNEL_BODIES === 'all';
  const found: Disagreement[] = [];
  let compared = 0;

  before(async function () {
    const source = kernelSource();
    const kernel = headersFolder();
    const files = exportingFiles(source, all ? undefined : FEW);
    if (files.size === 0) skip(this, 'the kernel source (~/.cache/fgft/kernel/linux-source-6.1) is not unpacked');
    if (!kernel) skip(this, 'the linux-headers-6.1.0-*-amd64 package is not installed');
    const cache = mkdtempSync(join(tmpdir(), 'fgft-rows-'));
    try {
      const reader = await bodyReader(source, kernel, cache);
      const byFile = new Map<string, string[]>();
      for (const row of reader.knowledge.functions.values()) {
        const file = row.provenance === 'manual' && !row.macro ? files.get(row.name) : undefined;
        if (file) byFile.set(file, [...(byFile.get(file) ?? []), row.name]);
      }
      for (const [file, names] of byFile) {
        const bodies = reader.read(file);
        for (const name of names) {
          const body = bodies.get(name);
          if (!body) continue;
          compared++;
          found.push(...disagreements(reader.knowledge.functions.get(name)!, body, file));
        }
      }
    } finally {
      rmSync(cache, { recursive: true });
    }
    console.log(
      `    ${compared} rows compared, ${found.length} differ, ${found.filter((d) => !(placeOf(d) in EXPLAINED)).length} unexplained`,
    );
  });

  it('say of no argument less than the body does', () => {
    assert.ok(compared >= LEAST_COMPARED, `${compared} rows`);
    const wrong = found.filter((d) => !(placeOf(d) in EXPLAINED));
    assert.deepEqual(
      wrong.map((d) => `${placeOf(d)}: the row says ${d.row}, ${d.file} ${d.body}`),
      [],
    );
  });

  it('need every explanation that is given', function () {
    if (!all) skip(this, 'only a few files were read (FGFT_KERNEL_BODIES=all reads the others)');
    const places = new Set(found.map(placeOf));
    assert.deepEqual(
      Object.keys(EXPLAINED).filter((place) => !places.has(place)),
      [],
    );
  });
});

function placeOf(d: Disagreement): string {
  return `${d.name} ${d.argument}`;
}

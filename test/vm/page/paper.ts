/** The paper's figures beside ours, where both measure the same thing. */
import { happened, type PageData } from './data';
import { percent, table } from './markdown';
import { median } from '../measure/statistics';
import { recoveryRows } from './faultTables';

/**
 * Source of the left column: Kadav, Renzelmann, Swift: Fine-Grained Fault Tolerance using Device Checkpoints, ASPLOS 2013 (abstract and
 * evaluation): 258 faults, six drivers, failures shorter by 79 %, 38 lines of the kernel changed.
 */
export function paperTable(data: PageData): string {
  const ran = happened(data.campaigns.flatMap((c) => c.outcomes));
  const shorter = recoveryRows(data).map((r) => 1 - r.recovery / (r.unload + r.load));
  const noticed = ran.filter((o) => o.detected > 0);
  return [
    table(
      ['', 'paper (ASPLOS 2013)', 'here', 'what differs'],
      [
        ['kernel', '2.6.29, 38 lines changed', `${data.line}, Debian's binary, unchanged`, 'traps are taken by die notifiers and a kprobe'],
        ['drivers', '6', data.campaigns.length, 'real cards there, emulated ones here'],
        [
          'faults',
          '258',
          ran.length,
          'chosen by hand and by a tool there; one seed here, by rule in every isolated entry point that is reached',
        ],
        [
          'noticed and recovered',
          'not stated as one figure in what we could read',
          `${noticed.filter((o) => o.verdict === 'recovered').length} of ${noticed.length} (${percent(noticed.filter((o) => o.verdict === 'recovered').length, noticed.length)})`,
          'a leak or a changed setting counts as not recovered here',
        ],
        [
          'recovery against restarting the driver',
          '79 % shorter',
          shorter.length > 0 ? `${(100 * median(shorter)).toFixed(1)} % shorter (median of ${shorter.length} drivers)` : 'n/a',
          'the paper restarts a driver as a shadow driver does; here `rmmod` and `insmod`',
        ],
        ['cost of what is not isolated', 'none', 'see "off adds"', 'one branch that is patched out, and a jump'],
      ],
      1,
    ),
    'Source: A. Kadav, M. Renzelmann, M. Swift, *Fine-Grained Fault Tolerance using Device Checkpoints*, ASPLOS 2013.',
    '',
  ].join('\n');
}

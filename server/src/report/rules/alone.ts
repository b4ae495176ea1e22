/** Which rules tell the truth about one file of a module when the others are not read yet. */
import type { Rule } from './rule';
import { RULES } from './index';

/**
 * Rules whose verdict rests on all of a driver: power management may stand in another file, what looks unresolved may be defined there,
 * and of a cycle only the module's first place is told. Measured over 88 files of seven modules of Linux 6.1 (e1000, igb, ixgbe, ath5k,
 * dwc2, usb-storage, emu10k1): of what the other rules find in a file alone, 98 % is found by the whole module too.
 */
const NEED_THE_MODULE = /^(checkpoint|stubs|analysis)\/|^marshal\/cycle$/;

export const ALONE_RULES: readonly Rule[] = RULES.filter((rule) => !NEED_THE_MODULE.test(rule.id));

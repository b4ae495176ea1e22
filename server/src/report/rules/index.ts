/** All rules of this version, in the order of the report contract. */
import { analysisPartial } from './analysisPartial';
import { completion } from './completion';
import type { Rule } from './rule';
import { unknownSize } from './unknownSize';

export const RULES: readonly Rule[] = [completion, unknownSize, analysisPartial];

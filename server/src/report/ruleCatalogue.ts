import type { Severity } from './model';
import { RULES } from './rules';
import type { Rule } from './rules/rule';

/** What every face of the product says about a rule. The names are the report contract's. */
export interface RuleDescription {
  /** One sentence: when it fires. */
  summary: string;
  /** What that means for the author, and what to do: Markdown. */
  help: string;
  /** The usual severity; a finding may have another. */
  severity: Severity;
}

/** The rules of the report contract in its order, with words for those that no file under rules/ implements yet. */
export const contractRules: Readonly<Record<string, RuleDescription | 'implemented'>> = {
  'resync/completion': 'implemented',
  'resync/wait-queue': 'implemented',
  'resync/poll': 'implemented',
  'resync/synchronize': 'implemented',
  'lock/wait-under-deferred-lock': 'implemented',
  'lock/unbalanced': 'implemented',
  'effect/irreversible': 'implemented',
  'marshal/unknown-size': 'implemented',
  'marshal/opaque-pointer': 'implemented',
  'marshal/union': 'implemented',
  'marshal/cycle': 'implemented',
  'checkpoint/missing': 'implemented',
  'checkpoint/incomplete': 'implemented',
  'checkpoint/sleeps': 'implemented',
  'checkpoint/leaves-detached': 'implemented',
  'annotation/invalid': 'implemented',
  'stubs/stale': 'implemented',
  'analysis/partial': 'implemented',
  'cost/threshold': {
    summary: 'An isolated call would cost more than the threshold that somebody set.',
    help:
      'The setting `fgft.cost.threshold` and the option `--cost-threshold` give it, in nanoseconds. The estimate adds up bytes, ranges, checks ' +
      'and kernel crossings: the hover of the entry point shows the parts. Isolate another entry point, or let this one touch less.',
    severity: 'warning',
  },
};

/** Every rule of version 1, in the order in which lists show them. What is implemented is described by its own file. */
export const ruleCatalogue: Readonly<Record<string, RuleDescription>> = makeCatalogue();

function makeCatalogue(): Record<string, RuleDescription> {
  const implemented = new Map(RULES.map((rule) => [rule.id, describe(rule)]));
  const catalogue: Record<string, RuleDescription> = {};
  for (const [id, words] of Object.entries(contractRules)) {
    const description = implemented.get(id) ?? words;
    if (description !== 'implemented') catalogue[id] = description;
  }
  return { ...catalogue, ...Object.fromEntries(implemented) };
}

function describe({ title, reason, severity }: Rule): RuleDescription {
  return { summary: `${title[0].toUpperCase()}${title.slice(1)}.`, help: unwrapped(reason), severity };
}

/** Markdown with one line per paragraph and list item, to read well where it is shown as it is. */
function unwrapped(markdown: string): string {
  return markdown.trim().replace(/(?<!\n)[ \t]*\n[ \t]*(?![-*] |\d+\. |\n)/g, ' ');
}

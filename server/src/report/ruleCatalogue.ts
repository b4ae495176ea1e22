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
  'resync/wait-queue': {
    summary: 'The entry point waits until a condition over driver memory holds.',
    help: 'The condition is evaluated on copies unless its fields are used in place. Share the fields of the condition, or take the wait out of the entry point.',
    severity: 'warning',
  },
  'resync/poll': {
    summary: 'A loop sleeps, delays or yields until driver memory has a value that only another context can give it.',
    help: 'On a copy, the loop would never end. Share the field that is watched.',
    severity: 'warning',
  },
  'resync/synchronize': {
    summary: 'The entry point waits for another context to finish, with unpublished writes, stale reads or a deferred lock around it.',
    help: 'The other context must see what was written before the wait, and the call must see what the other context wrote.',
    severity: 'information',
  },
  'lock/wait-under-deferred-lock': {
    summary: 'Isolation would defer an unlock past a wait, a sleep or a second acquisition of the same lock.',
    help: 'Locks are held to the end of an isolated call. Release this one early, or split the entry point.',
    severity: 'warning',
  },
  'lock/unbalanced': {
    summary: 'The entry point returns with a lock taken that it did not hold on entry, or releases one that it did not take.',
    help: 'A transaction cannot tell who must release the lock when it aborts.',
    severity: 'warning',
  },
  'effect/irreversible': {
    summary: 'A kernel call has an effect that cannot be undone when the transaction aborts.',
    help: 'After a fault behind this call, the effect stays.',
    severity: 'information',
  },
  'marshal/unknown-size': 'implemented',
  'marshal/opaque-pointer': {
    summary: 'A void pointer or an integer holds a pointer whose target type cannot be told.',
    help: 'What it points to is not in the field set. Give it a type, or mark it with __fgft_opaque if the driver only passes it on.',
    severity: 'warning',
  },
  'marshal/union': {
    summary: 'A union whose live member cannot be told is marshaled.',
    help: 'Pointers inside the union are not followed.',
    severity: 'information',
  },
  'marshal/cycle': {
    summary: 'A linked structure must be followed to an unknown depth.',
    help: 'The number of elements that are marshaled is known only when the call runs.',
    severity: 'information',
  },
  'checkpoint/missing': {
    summary: 'A suspect entry point touches the device, and the driver has no power-management code to derive a checkpoint from.',
    help: 'Write a checkpoint function and mark it with __fgft_checkpoint, and its counterpart with __fgft_restore.',
    severity: 'warning',
  },
  'checkpoint/incomplete': {
    summary: 'The entry point writes device state that neither the checkpoint saves nor the restore re-initialises.',
    help: 'After a fault the device keeps what the entry point wrote.',
    severity: 'warning',
  },
  'checkpoint/sleeps': {
    summary: 'A derived checkpoint would sleep or allocate with GFP_KERNEL in a context that must not.',
    help: 'The entry point runs in atomic context; its checkpoint must not sleep.',
    severity: 'warning',
  },
  'checkpoint/leaves-detached': {
    summary: 'A path through restore returns without re-attaching what it detached.',
    help: 'After such a restore the device stays unusable.',
    severity: 'warning',
  },
  'annotation/invalid': {
    summary: 'An annotation is unknown, misplaced or contradicts the code.',
    help: 'It has no effect as it stands.',
    severity: 'error',
  },
  'stubs/stale': {
    summary: 'Generated files no longer match the driver that they were generated from.',
    help: 'Generate them again.',
    severity: 'warning',
  },
  'analysis/partial': 'implemented',
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

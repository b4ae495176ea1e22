/** What a rule is: one file per rule, holding its reason, its words and its check. */
import type { DriverContext, EntryContext } from '../context';
import type { Finding, Severity } from '../model';

export interface RuleExample {
  /** A driver file in which the rule fires, or does not. */
  code: string;
  /** Files of an isolated module that was generated for it before. */
  generated?: Readonly<Record<string, string>>;
}

export interface Rule {
  id: string;
  /** One line for lists. */
  title: string;
  /** Why it matters and what to do, in Markdown, for the rule's page. */
  reason: string;
  severity: Severity;
  fires: RuleExample;
  silent: RuleExample;
  check(driver: DriverContext, entries: readonly EntryContext[]): Finding[];
}

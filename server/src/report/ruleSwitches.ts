/** What a user says of rules: how severe their findings are, or that they are none. The same words in settings and on the command line. */
import { driverWithCost } from './costThreshold';
import { severities } from './findingLists';
import type { DriverReport, Finding, Severity } from './model';

export type RuleSwitches = ReadonlyMap<string, Severity | 'off'>;

export interface Adjustments {
  rules: RuleSwitches;
  /** Nanoseconds per isolated call above which an entry point gets a finding; 0: none does. */
  costThreshold: number;
}

/** The severity that a person sees, or `off`. */
export function switchedSeverity({ rule, severity }: Pick<Finding, 'rule' | 'severity'>, switches: RuleSwitches): Severity | 'off' {
  return switches.get(rule) ?? severity;
}

/** Whether there is anything to adjust. */
export function adjusts({ rules, costThreshold }: Adjustments): boolean {
  return rules.size > 0 || costThreshold > 0;
}

/** The driver's report with the findings that the user wants to see, as severe as the user says. */
export function adjustDriver(driver: DriverReport, { rules, costThreshold }: Adjustments): DriverReport {
  const dear = driverWithCost(driver, costThreshold);
  const adjusted = (findings: readonly Finding[]): Finding[] =>
    findings.flatMap((finding) => {
      const severity = switchedSeverity(finding, rules);
      return severity === 'off' ? [] : [{ ...finding, severity }];
    });
  return {
    ...dear,
    findings: adjusted(dear.findings),
    entryPoints: dear.entryPoints.map((e) => ({ ...e, findings: adjusted(e.findings) })),
  };
}

/** Reads `ID=LEVEL`; undefined for what is none. Levels are the severities, `info` for `information`, and `off`. */
export function parseRuleSwitch(text: string): [string, Severity | 'off'] | undefined {
  const [, rule, word] = /^([\w-]+\/[\w-]+)=(\w+)$/.exec(text) ?? [];
  const level = word === 'info' ? 'information' : word;
  if (rule === undefined || !(level === 'off' || (severities as readonly string[]).includes(level))) return undefined;
  return [rule, level as Severity | 'off'];
}

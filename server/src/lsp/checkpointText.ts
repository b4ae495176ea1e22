/** What the editor says about checkpoints: the split of suspend and resume, and what a checkpoint would save. Markdown or plain text. */
import type { SplitStatement } from '../report/checkpointModel';
import type { DriverReport, Location } from '../report/model';
import type { HoverFormat } from './hoverText';

/** Statements listed in a hover before "and N more". */
const MAXIMUM_STATEMENTS = 40;
const MAXIMUM_TEXT = 70;

const partNames: Record<SplitStatement['part'], string> = {
  save: 'saves state',
  stop: 'stops use',
  quiesce: 'quiesces the device',
  power: 'power and wake-up',
  reinitialise: 're-initialises',
  restart: 'starts use again',
  neutral: '',
  mixed: 'several parts',
};

const useNames: Record<SplitStatement['use'], string> = {
  checkpoint: 'checkpoint',
  restore: 'restore',
  omitted: 'left out',
  context: '',
  mixed: '',
};

/** The split as a hover shows it at suspend, resume, and every function below them; null at any other function. */
export function splitHover(driver: DriverReport, functionName: string, format: HoverFormat): string | null {
  const { checkpoint, powerManagement } = driver;
  const isRoot = functionName === powerManagement.suspend || functionName === powerManagement.resume;
  const first = checkpoint.split.findIndex((s) => s.function === functionName);
  if (first < 0) return isRoot ? verdictLine(driver, format) : null;
  const { phase, depth } = checkpoint.split[first];
  // The function's own statements and those of what it calls, up to where its caller goes on.
  const rest = checkpoint.split.slice(first);
  const end = rest.findIndex((s) => s.phase !== phase || s.depth < depth);
  const own = (end < 0 ? rest : rest.slice(0, end)).filter((s) => s.part !== 'neutral');
  const shown = own.slice(0, MAXIMUM_STATEMENTS);
  const blocks = [verdictLine(driver, format)];
  if (shown.length > 0) blocks.push(format.markdown ? table(shown, depth, format) : lines(shown, depth));
  if (own.length > shown.length) blocks.push(`and ${own.length - shown.length} more statements.`);
  return blocks.join('\n\n');
}

function verdictLine(driver: DriverReport, format: HoverFormat): string {
  const { status, reason } = driver.checkpoint;
  return format.markdown ? `**Checkpoint: ${status}.** ${reason}` : `Checkpoint: ${status}. ${reason}`;
}

function table(statements: readonly SplitStatement[], depth: number, format: HoverFormat): string {
  const rows = statements.map((s) => {
    const indent = '\u00a0\u00a0'.repeat(Math.max(0, s.depth - depth));
    return `| ${indent}${place(s.location, format)} | ${code(s.text)} | ${partNames[s.part]} | ${useNames[s.use]} |`;
  });
  return ['| line | statement | what it is for | becomes |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function lines(statements: readonly SplitStatement[], depth: number): string {
  return statements
    .map(
      (s) =>
        `${'  '.repeat(Math.max(0, s.depth - depth))}${s.location.line}: ${shortened(s.text)}: ${partNames[s.part]}${useNames[s.use] ? ` (${useNames[s.use]})` : ''}`,
    )
    .join('\n');
}

function place(location: Location, format: HoverFormat): string {
  const uri = format.uriOf(location);
  return uri === undefined ? String(location.line) : `[${location.line}](${uri})`;
}

function code(text: string): string {
  return `\`${shortened(text).replace(/`/g, "'").replace(/\|/g, '\\|')}\``;
}

function shortened(text: string): string {
  return text.length > MAXIMUM_TEXT ? `${text.slice(0, MAXIMUM_TEXT)}…` : text;
}

/** The page "What a checkpoint would save" of one driver, as Markdown. */
export function checkpointPage(driver: DriverReport): string {
  const { checkpoint, powerManagement } = driver;
  const { suspend, resume, declaredBy } = powerManagement;
  const parts: string[] = [
    `# What a checkpoint of ${driver.name} would save`,
    `**${checkpoint.status}.** ${checkpoint.reason}`,
    suspend || resume
      ? `Suspend: \`${suspend ?? 'none'}\`, resume: \`${resume ?? 'none'}\` (${declaredBy ?? 'unknown'}).`
      : 'No power-management code was found.',
    `## Saved\n\n${list(checkpoint.saved)}`,
    `## Written by entry points, and neither saved nor set by the restore\n\n${list(checkpoint.notRestored)}`,
  ];
  for (const phase of ['suspend', 'resume'] as const) {
    const statements = checkpoint.split.filter((s) => s.phase === phase && s.part !== 'neutral');
    if (statements.length === 0) continue;
    const items = statements.map(
      (s) =>
        `${'  '.repeat(s.depth)}- line ${s.location.line} \`${s.text.replace(/`/g, "'")}\`: ${partNames[s.part]}${useNames[s.use] ? `, ${useNames[s.use]}` : ''}`,
    );
    parts.push(`## ${phase === 'suspend' ? 'Suspend' : 'Resume'}\n\n${items.join('\n')}`);
  }
  if (checkpoint.sleeps.length > 0) {
    const items = checkpoint.sleeps.map(
      (s) =>
        `- line ${s.location.line} \`${s.text}\` ${s.reason}: ${s.replacement === null ? 'has no form that does not sleep' : `becomes \`${s.replacement}\` in atomic context`}`,
    );
    parts.push(`## Calls that sleep\n\n${items.join('\n')}`);
  }
  for (const { entryPoint, writes } of checkpoint.entryPoints) {
    const items = writes.map(
      (w) =>
        `- \`${w.name}\`${w.offset === null ? '' : ` (0x${w.offset.toString(16)})`}: ${coverage[w.covered]}${w.condition === null ? '' : ` (\`${w.condition}\`)`}${w.reason === null ? '' : `: ${w.reason}`}`,
    );
    parts.push(`## ${entryPoint}\n\n${items.join('\n')}`);
  }
  return parts.join('\n\n') + '\n';
}

const coverage: Record<DriverReport['checkpoint']['entryPoints'][number]['writes'][number]['covered'], string> = {
  bus: 'saved with the configuration space',
  checkpoint: 'read before the call and written again',
  restore: 'set by the restore',
  conditional: 'set by the restore under a condition, so saved as well where it can be read',
  event: 'an event or a request, no state',
  left: '**left over**',
};

function list(names: readonly string[]): string {
  return names.length === 0 ? 'Nothing.' : names.map((n) => `- ${n}`).join('\n');
}

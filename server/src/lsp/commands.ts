/** `workspace/executeCommand`, for clients that do not implement our commands themselves. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CancellationToken, type ExecuteCommandParams, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import type { ServerContext } from './context';
import { isolateWithQuestion } from './isolationQuestion';
import { doctor, explainRule, htmlReport } from './customRequests';
import { rulePage } from './diagnostics';
import { showMessage } from './messages';
import { fileUriOfPath } from './positions';
import { commands } from './protocol';

/** The commands that this server offers: all that the client did not claim. */
export function offeredCommands(clientCommands: ReadonlySet<string>): string[] {
  return Object.values(commands).filter((command) => !clientCommands.has(command));
}

export async function executeCommand(context: ServerContext, params: ExecuteCommandParams, token: CancellationToken): Promise<unknown> {
  const argument: unknown = params.arguments?.[0];
  if (params.command === commands.analyze && argument === undefined) {
    const open = context.documents.open.all().filter((document) => context.documents.isAnalysed(document));
    await Promise.all(open.map((document) => context.analyses.force(context.documents.pathOf(document.uri), token)));
    return null;
  }
  if (typeof argument !== 'string') throw new ResponseError(LSPErrorCodes.RequestFailed, `${params.command} needs an argument`);
  switch (params.command) {
    case commands.analyze: {
      const analysis = await context.analyses.force(context.documents.pathOf(argument), token);
      return analysis?.report.summary ?? null;
    }
    case commands.showReport: {
      const page = await htmlReport(context, { textDocument: { uri: argument } }, token);
      if (!page) throw new ResponseError(LSPErrorCodes.RequestFailed, 'nothing was analysed');
      const folder = await mkdtemp(join(tmpdir(), 'fgft-'));
      const file = join(folder, 'report.html');
      await writeFile(file, page.html);
      await show(context, file, true);
      return file;
    }
    case commands.explainRule: {
      const explained = explainRule(context, { rule: argument });
      if (!explained) throw new ResponseError(LSPErrorCodes.RequestFailed, `there is no rule ${argument}`);
      const page = rulePage(context, argument);
      if (page !== undefined) await show(context, page, false);
      else showMessage(context.connection, 'information', explained.markdown);
      return explained;
    }
    case commands.doctor: {
      const { text } = await doctor(context, { textDocument: { uri: argument } });
      showMessage(context.connection, 'information', text);
      return text;
    }
    case commands.isolate:
    case commands.stopIsolating:
    case commands.regenerate: {
      const mode = params.command === commands.isolate ? 'add' : params.command === commands.stopIsolating ? 'remove' : 'refresh';
      return isolateWithQuestion(context, { textDocument: { uri: argument }, entryPoint: nameOf(params), mode }, token);
    }
    default:
      throw new ResponseError(LSPErrorCodes.RequestFailed, `unknown command ${params.command}`);
  }
}

function nameOf({ arguments: given }: ExecuteCommandParams): string | undefined {
  const name: unknown = given?.[1];
  return typeof name === 'string' ? name : undefined;
}

/** Opens a file, in the browser when `external`; a client that cannot is told where it is. */
async function show(context: ServerContext, path: string, external: boolean): Promise<void> {
  if (context.abilities.showDocument) {
    const { success } = await context.connection.window.showDocument({ uri: fileUriOfPath(path), external });
    if (success) return;
  }
  showMessage(context.connection, 'information', `FGFT: see ${path}`);
}

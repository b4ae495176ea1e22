/** No request may take the server down: what throws answers with a fallback and leaves one line in the log. */
import { type CancellationToken, LSPErrorCodes, ResponseError } from 'vscode-languageserver';

/**
 * Wraps a request handler. A cancelled request answers `RequestCancelled`; a `ResponseError` goes to the client as it is;
 * anything else thrown gives the fallback.
 */
export function fenced<Params, Result, Rest extends unknown[]>(
  name: string,
  log: (line: string) => void,
  fallback: Result,
  handler: (params: Params, token: CancellationToken, ...rest: Rest) => Result | Promise<Result>,
): (params: Params, token: CancellationToken, ...rest: Rest) => Promise<Result | ResponseError<never>> {
  return async (...args) => {
    // For a request without any params the connection calls with the token alone.
    const given = args as unknown[];
    if (given.length === 1) given.unshift(undefined);
    const [params, token, ...rest] = given as [Params, CancellationToken, ...Rest];
    try {
      const result = await handler(params, token, ...rest);
      if (token.isCancellationRequested) return new ResponseError(LSPErrorCodes.RequestCancelled, `${name} was cancelled`);
      return result;
    } catch (error) {
      if (error instanceof ResponseError) return error as ResponseError<never>;
      log(`${name} failed: ${oneLine(error)}`);
      return fallback;
    }
  };
}

/** The same for notifications and callbacks. */
export function guarded<Arguments extends unknown[]>(
  name: string,
  log: (line: string) => void,
  handler: (...args: Arguments) => void | Promise<void>,
): (...args: Arguments) => void {
  return (...args) => {
    void (async () => {
      try {
        await handler(...args);
      } catch (error) {
        log(`${name} failed: ${oneLine(error)}`);
      }
    })();
  };
}

/** An error with its stack on one line. */
export function oneLine(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return text.replace(/\s*\n\s*/g, ' | ');
}

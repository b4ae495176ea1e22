/** Makes the server's self-contained report page fit for a webview. Plain text in, plain text out. */

/**
 * Adds a content security policy that admits nothing from the network and no script but those marked with the nonce, which the
 * page's own scripts get. Text from the driver cannot smuggle one in: the page's writer escapes `<`.
 */
export function withContentSecurityPolicy(html: string, nonce: string): string {
  const policy = `default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; script-src 'nonce-${nonce}'`;
  const meta = `<meta http-equiv="Content-Security-Policy" content="${policy}">`;
  // A page may bring its own, for browsers; the stricter of two wins, and that one does not know the nonce.
  const bare = html.replace(/<meta\s[^>]*http-equiv=["']?Content-Security-Policy["']?[^>]*>\s*/gi, '');
  const marked = bare.replace(/<script(?=[\s>])(?![^>]*\snonce=)/gi, `<script nonce="${nonce}"`);
  return /<head[^>]*>/i.test(marked) ? marked.replace(/<head[^>]*>/i, (head) => `${head}\n${meta}`) : `${meta}\n${marked}`;
}

/** The page shown when there is no report. */
export function messagePage(message: string): string {
  const escaped = message.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
  return `<!DOCTYPE html><html><head><title>FGFT</title></head><body><p>${escaped}</p></body></html>`;
}

import { createHash } from 'node:crypto';

/** A short identifier that is equal for equal plain data. */
export function contentHash(value: unknown): string {
  return createHash('sha1').update(JSON.stringify(value)).digest('base64url').slice(0, 20);
}

import * as z from 'zod';

const claimsSchema = z.object({ exp: z.number() });

/**
 * When a token ends by its own word (RFC 7519 section 4.1.4): only for telling that it is about to. The server decides.
 *
 * @returns milliseconds since the Unix epoch; null where it cannot be read
 */
export function expiryOf(token: string): number | null {
  const payload = token.split('.')[1] ?? '';
  try {
    const text = atob(payload.replaceAll('-', '+').replaceAll('_', '/'));
    return claimsSchema.parse(JSON.parse(text)).exp * 1_000;
  } catch (error) {
    console.debug('sfumato: a token without an end', error);
    return null;
  }
}

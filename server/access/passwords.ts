import { hash, verify } from '@node-rs/argon2';
import { newSecret } from './secrets.ts';

/**
 * OWASP's first choice: Argon2id, 19 MiB of memory, two passes, one lane (Password Storage Cheat Sheet).
 * Argon2id is the package's default; it has the algorithms as a const enum, which does not exist here.
 */
const OPTIONS = {
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
};

/** What is stored of those who have none. Nobody's password is that. */
export const NO_PASSWORD = '';

/** @returns a PHC string with its parameters and salt */
export function hashPassword(password: string): Promise<string> {
  return hash(password, OPTIONS);
}

/**
 * @param stored of the account; where there is no such account, or it has no password, the same work is done for nothing, so
 *   that the time of the answer does not tell which names exist
 */
export async function isPassword(stored: string | undefined, password: string): Promise<boolean> {
  const known = stored !== undefined && stored !== NO_PASSWORD;
  const matches = await verify(known ? stored : await decoy(), password);
  return matches && known;
}

let decoyHash: Promise<string> | undefined;

function decoy(): Promise<string> {
  decoyHash ??= hashPassword(newSecret(''));
  return decoyHash;
}

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 192 bits, which nobody guesses: so a plain hash of it is enough to store, and finds it again. */
const SECRET_BYTES = 24;

/** A new random secret, of letters that URLs and headers take as they are. @param prefix tells people what it is */
export function newSecret(prefix: 'sk_' | 'api_' | ''): string {
  return prefix + randomBytes(SECRET_BYTES).toString('base64url');
}

/** What is stored of a secret: its SHA-256 as hexadecimal digits. Not for passwords, which can be guessed. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Compares in a time that says nothing about where they differ. */
export function sameSecret(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

import { type ErrorCode, SfumatoError, type WatchRefusal } from '../../signaling/contract/index.ts';

/** For people, and what the error is called on every door. */
const REFUSALS: Record<WatchRefusal, readonly [ErrorCode, string]> = {
  signIn: ['unauthorized', 'This is for those who are signed in.'],
  password: ['unauthorized', 'This needs a password.'],
  token: ['unauthorized', 'This needs an invitation: a link with a token.'],
  wrongPassword: ['unauthorized', 'The password is wrong.'],
  wrongToken: ['unauthorized', 'The token is not a valid one, or not for this.'],
  expired: ['unauthorized', 'The right to watch this has expired.'],
  revoked: ['unauthorized', 'The right to watch this was taken back.'],
  notYet: ['forbidden', 'This has not begun yet.'],
  over: ['forbidden', 'This is over.'],
  site: ['forbidden', 'This may not be shown on this site.'],
  full: ['overloaded', 'As many people watch this as may.'],
  refused: ['forbidden', 'You may not watch this.'],
  gone: ['notFound', 'There is nothing here, or it is private.'],
};

export function refusalWords(refusal: WatchRefusal): string {
  return REFUSALS[refusal][1];
}

/** @param more a sentence in place of the usual one; when it will be different, milliseconds since the Unix epoch */
export function refusalError(
  refusal: WatchRefusal,
  { message, fromMs }: { message?: string | undefined; fromMs?: number | undefined } = {},
): SfumatoError {
  const [code, words] = REFUSALS[refusal];
  const retryAfterSeconds = fromMs === undefined ? undefined : secondsUntil(fromMs);
  return new SfumatoError(code, message ?? words, {
    refusal,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
}

function secondsUntil(timeMs: number): number {
  return Math.max(1, Math.ceil((timeMs - Date.now()) / 1_000));
}

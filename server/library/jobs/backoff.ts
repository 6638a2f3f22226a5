import { type ErrorCode, SfumatoError } from '../../../signaling/contract/index.ts';

const FIRST_MS = 1_000;
const LONGEST_MS = 5 * 60_000;

/** How long a job rests after so many attempts that failed, or waits, milliseconds: 1 s, 4 s, 16 s ... 5 min. */
export function backoffMs(attempts: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 4 ** (attempts - 1));
}

/** These are about what is to be done, and the same another time. */
const LASTING: ReadonlySet<ErrorCode> = new Set([
  'badRequest',
  'tooLarge',
  'unauthorized',
  'forbidden',
  'notFound',
  'conflict',
  'unsupportedMedia',
]);

export function isWorthAnotherTry(error: unknown): boolean {
  return !(error instanceof SfumatoError && LASTING.has(error.code));
}

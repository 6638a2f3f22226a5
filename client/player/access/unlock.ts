import * as z from 'zod';
import {
  libraryIdSchema,
  type PlaybackGrant,
  playbackGrantSchema,
  wireErrorSchema,
} from '../../../signaling/contract/index.ts';
import type { Thing } from './pass.ts';

const ANSWER_MS = 15_000;
const UNREACHABLE = 'The server cannot be reached. Try again in a moment.';

/**
 * Says a password.
 *
 * @returns what it is answered with, a token for this thing
 * @throws Error in words for people
 */
export async function unlock(thing: Thing, password: string): Promise<PlaybackGrant> {
  const response = await ask(thing, password);
  const answer: unknown = await response.json().catch(() => undefined);
  const grant = playbackGrantSchema.safeParse(answer);
  if (response.ok && grant.success) return grant.data;
  throw new Error(problemOf(response, answer));
}

async function ask({ origin, id }: Thing, password: string): Promise<Response> {
  const kind = libraryIdSchema.safeParse(id).success ? 'assets' : 'channels';
  try {
    return await fetch(`${origin}/api/v1/${kind}/${id}/unlock`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ password }),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
  } catch (error) {
    throw new Error(UNREACHABLE, { cause: error });
  }
}

function problemOf({ headers }: Response, answer: unknown): string {
  const { error } = z.object({ error: wireErrorSchema }).safeParse(answer).data ?? {};
  if (error === undefined) return UNREACHABLE;
  if (error.refusal === 'wrongPassword') return 'That is not the password.';
  if (error.code !== 'tooMany') return error.message;
  const seconds = error.retryAfterSeconds ?? Number(headers.get('Retry-After') ?? Number.NaN);
  return Number.isFinite(seconds)
    ? `That were many tries. The next one may be in ${Math.ceil(seconds)} seconds.`
    : 'That were many tries. Wait a minute before the next one.';
}

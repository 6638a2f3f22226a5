import * as z from 'zod';
import {
  SfumatoError,
  type WatchRefusal,
  wireErrorSchema,
  watchRefusalSchema,
} from '../../../signaling/contract/index.ts';

/** Why something may not be watched, or not any more, as the server said it. */
export type Denial = {
  refusal: WatchRefusal;
  /** The server's sentence. */
  message: string;
  /** When it makes sense to ask again, seconds from when it was said. */
  retryAfterSeconds?: number | undefined;
};

const denialSchema = z.object({
  refusal: watchRefusalSchema,
  message: z.string(),
  retryAfterSeconds: z.number().optional(),
});

/** @returns null for an error that has nothing to do with who may watch */
export function denialOf(error: unknown): Denial | null {
  if (!(error instanceof SfumatoError) || error.refusal === undefined) return null;
  const { refusal, message, retryAfterSeconds } = error;
  return { refusal, message, retryAfterSeconds };
}

/** Of an event stream's `refused`. @throws where it is none */
export function parseDenial(data: unknown): Denial {
  return denialSchema.parse(JSON.parse(String(data)));
}

/** What the API answered instead. @returns null where that was not of who may watch */
export async function denialIn(response: Response): Promise<Denial | null> {
  try {
    const { error } = z.object({ error: wireErrorSchema }).parse(await response.json());
    return denialSchema.safeParse(error).data ?? null;
  } catch (error) {
    console.debug('sfumato: an answer without a reason', error);
    return null;
  }
}

const FIRST_FULL_SECONDS = 5;
const MOST_FULL_SECONDS = 60;
/** Where nobody said when it begins. */
const NOT_YET_SECONDS = 30;
/** Longer waits are asked in between: clocks sleep. */
const MOST_SECONDS = 3_600;

/**
 * When to ask again without anybody's doing. Those who wait for the same come one after the other.
 *
 * @param tries that were refused for the same reason already
 * @param random from 0 to 1
 * @returns milliseconds; null where asking again changes nothing by itself
 */
export function askAgainMs(
  { refusal, retryAfterSeconds }: Pick<Denial, 'refusal' | 'retryAfterSeconds'>,
  tries: number,
  random: number,
): number | null {
  if (refusal === 'notYet') {
    const seconds = Math.min(MOST_SECONDS, retryAfterSeconds ?? NOT_YET_SECONDS);
    return Math.ceil(seconds) * 1_000 + random * 1_000;
  }
  if (refusal !== 'full') return null;
  const seconds = Math.min(MOST_FULL_SECONDS, FIRST_FULL_SECONDS * 2 ** Math.min(tries, 8));
  return Math.max(seconds, retryAfterSeconds ?? 0) * 1_000 * (1 + random / 3);
}

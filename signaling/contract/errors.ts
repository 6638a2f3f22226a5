import * as z from 'zod';
import { type WatchRefusal, watchRefusalSchema } from './rules.ts';

/** Every reason that a request can fail for, on every door. The set is closed: a new reason is added here. */
export const ERROR_CODES = [
  'badRequest',
  'unknownMethod',
  'tooLarge',
  'tooMany',
  'unauthorized',
  'forbidden',
  'notFound',
  'conflict',
  'notJoined',
  'unsupportedMedia',
  'unsupportedProtocol',
  'overloaded',
  'unavailable',
  'noRoom',
  'timeout',
  'internal',
] as const;

export const errorCodeSchema = z.enum(ERROR_CODES);
export type ErrorCode = z.infer<typeof errorCodeSchema>;

/** The one shape of an error on the wire: what went wrong, and where known, what to do about it. */
export const wireErrorSchema = z.object({
  code: errorCodeSchema,
  message: z.string(),
  hint: z.string().optional(),
  /** Why somebody may not watch: what a player can do something about, such as ask for a password. */
  refusal: watchRefusalSchema.optional(),
  /** When asking again makes sense, as `Retry-After` has it on other doors. */
  retryAfterSeconds: z.number().min(0).optional(),
});
export type WireError = z.infer<typeof wireErrorSchema>;

/** An error whose reason may be told to whoever asked. Anything else that is thrown is `internal`. */
export class SfumatoError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  /** When trying again makes sense (RFC 9110 section 10.2.3). Seconds. */
  readonly retryAfterSeconds: number | undefined;
  readonly refusal: WatchRefusal | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      hint?: string | undefined;
      cause?: unknown;
      retryAfterSeconds?: number | undefined;
      refusal?: WatchRefusal | undefined;
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'SfumatoError';
    this.code = code;
    this.hint = options.hint;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.refusal = options.refusal;
  }
}

/** What a stranger is told of an error: named reasons in full, everything else only that it happened. */
export function toWireError(error: unknown): WireError {
  if (!(error instanceof SfumatoError)) {
    return { code: 'internal', message: 'The server met an error that it did not expect.' };
  }
  const { code, message, hint, refusal, retryAfterSeconds } = error;
  return {
    ...{ code, message },
    ...(hint !== undefined && { hint }),
    ...(refusal !== undefined && { refusal }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  };
}

import { z } from 'zod';

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
});
export type WireError = z.infer<typeof wireErrorSchema>;

/** An error whose reason may be told to whoever asked. Anything else that is thrown is `internal`. */
export class SfumatoError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  /** When trying again makes sense (RFC 9110 section 10.2.3). Seconds. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { hint?: string; cause?: unknown; retryAfterSeconds?: number } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'SfumatoError';
    this.code = code;
    this.hint = options.hint;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** What a stranger is told of an error: named reasons in full, everything else only that it happened. */
export function toWireError(error: unknown): WireError {
  if (!(error instanceof SfumatoError)) {
    return { code: 'internal', message: 'The server met an error that it did not expect.' };
  }
  const { code, message, hint } = error;
  return hint === undefined ? { code, message } : { code, message, hint };
}

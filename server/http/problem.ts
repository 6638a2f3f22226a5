import type { ErrorRequestHandler } from 'express';
import { type ErrorCode, SfumatoError, toWireError } from '../../signaling/contract/index.ts';
import { SdpError } from '../sdp/sdp-error.ts';
import { HTTP_STATUS } from './status.ts';

/** An error of WHIP or WHEP whose status the standard fixes, and not our table. */
export class WebRtcHttpError extends SfumatoError {
  readonly status: number;

  constructor(status: number, code: ErrorCode, message: string, retryAfterSeconds?: number) {
    super(code, message, { retryAfterSeconds });
    this.name = 'WebRtcHttpError';
    this.status = status;
  }
}

/**
 * Errors of WHIP and WHEP as problem details (RFC 9457), with the one shape of all our doors in it. What
 * nobody foresaw goes on to the handler of all doors, which logs it.
 */
export const problems: ErrorRequestHandler = (thrown: unknown, _request, response, next) => {
  const error = asKnown(thrown);
  if (error === undefined || response.headersSent) return next(thrown);
  const wire = toWireError(error);
  const status = error instanceof WebRtcHttpError ? error.status : HTTP_STATUS[wire.code];
  if (status === 401) response.set('WWW-Authenticate', 'Bearer realm="sfumato"');
  const retryAfter = error.retryAfterSeconds ?? (status === 503 ? 2 : undefined);
  if (retryAfter !== undefined) response.set('Retry-After', String(retryAfter));
  response.status(status).type('application/problem+json');
  response.send(
    JSON.stringify({
      type: 'about:blank',
      title: wire.code,
      status,
      detail: wire.message,
      error: wire,
    }),
  );
};

function asKnown(thrown: unknown): SfumatoError | undefined {
  if (thrown instanceof SfumatoError) return thrown;
  if (thrown instanceof SdpError) return fromSdp(thrown);
  const status: unknown = Reflect.get(Object(thrown), 'status');
  if (status === 413) return new SfumatoError('tooLarge', 'The body is too large.');
  if (status === 400 || status === 415) {
    return new WebRtcHttpError(status, 'badRequest', 'The body cannot be read.');
  }
  return undefined;
}

/** RFC 9725 section 4.2: 400 for what cannot be read, 422 for what can and cannot be done. */
function fromSdp({ reason, message }: SdpError): WebRtcHttpError {
  return reason === 'malformed'
    ? new WebRtcHttpError(400, 'badRequest', message)
    : new WebRtcHttpError(422, 'unsupportedMedia', message);
}

import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { type ErrorCode, SfumatoError, toWireError } from '../../signaling/contract/index.ts';
import { isDatabaseTrouble } from '../store/database-errors.ts';
import { HTTP_STATUS } from './status.ts';

export const notFound: RequestHandler = (_request, _response, next) => {
  next(new SfumatoError('notFound', 'There is nothing at this address.'));
};

/** Every error in the one shape, `{error: {code, message, hint?}}`. */
export function errors(log: Logger): ErrorRequestHandler {
  return (thrown: unknown, request, response, next) => {
    const error = asSfumatoError(thrown);
    if (!(thrown instanceof SfumatoError) && (error === undefined || isServersFault(error))) {
      log.error({ err: thrown, path: request.path }, 'a request failed');
    }
    if (response.headersSent) return next(thrown);
    const wire = toWireError(error ?? thrown);
    // RFC 9110 section 15.5.2: a 401 says how to do better.
    if (wire.code === 'unauthorized') response.set('WWW-Authenticate', 'Bearer');
    if (error?.retryAfterSeconds !== undefined) {
      response.set('Retry-After', String(error.retryAfterSeconds));
    }
    if (isStillComing(request)) response.set('Connection', 'close');
    response.status(HTTP_STATUS[wire.code]).json({ error: wire });
  };
}

/** Node reads what is left of a body that nobody wants, however long: small ones only. */
const READ_IN_VAIN_BYTES = 64 * 1024;

function isStillComing(request: Request): boolean {
  if (request.complete) return false;
  const length = request.get('Content-Length');
  return length === undefined ? true : Number(length) > READ_IN_VAIN_BYTES;
}

/** express and its parsers report what they cannot read by a `status` on the error. */
const REASONS: Record<number, [ErrorCode, string]> = {
  400: ['badRequest', 'The request cannot be read.'],
  404: ['notFound', 'There is nothing at this address.'],
  413: ['tooLarge', 'The request is too large.'],
  415: ['unsupportedMedia', 'The body is in an encoding that cannot be read here.'],
};

function asSfumatoError(thrown: unknown): SfumatoError | undefined {
  if (thrown instanceof SfumatoError) return thrown;
  if (isDatabaseTrouble(thrown)) {
    return new SfumatoError('unavailable', 'The database cannot be used at the moment.', {
      retryAfterSeconds: 5,
    });
  }
  const status: unknown = Reflect.get(Object(thrown), 'status');
  const reason = typeof status === 'number' ? REASONS[status] : undefined;
  return reason && new SfumatoError(...reason);
}

function isServersFault({ code }: SfumatoError): boolean {
  return HTTP_STATUS[code] >= 500;
}

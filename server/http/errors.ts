import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { SfumatoError, toWireError } from '../../signaling/contract/index.ts';
import { HTTP_STATUS } from './status.ts';

export const notFound: RequestHandler = (_request, _response, next) => {
  next(new SfumatoError('notFound', 'There is nothing at this address.'));
};

/** Every error in the one shape, `{error: {code, message, hint?}}`. */
export function errors(log: Logger): ErrorRequestHandler {
  return (thrown: unknown, request, response, next) => {
    const error = asSfumatoError(thrown);
    if (error === undefined) log.error({ err: thrown, path: request.path }, 'a request failed');
    if (response.headersSent) return next(thrown);
    const wire = toWireError(error ?? thrown);
    response.status(HTTP_STATUS[wire.code]).json({ error: wire });
  };
}

/** express reports a request that it cannot read, or a file that is not there, by a `status` on the error. */
function asSfumatoError(thrown: unknown): SfumatoError | undefined {
  if (thrown instanceof SfumatoError) return thrown;
  if (!(thrown instanceof Error) || !('status' in thrown)) return undefined;
  if (thrown.status === 404)
    return new SfumatoError('notFound', 'There is nothing at this address.');
  if (thrown.status === 400) return new SfumatoError('badRequest', 'The request cannot be read.');
  return undefined;
}

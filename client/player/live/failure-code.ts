import { type ErrorCode, SfumatoError } from '../../../signaling/contract/index.ts';

/** The contract's code for whatever went wrong in an exchange. */
export function codeOf(error: unknown): ErrorCode {
  if (error instanceof SfumatoError) return error.code;
  // mediasoup-client names its errors: this one says that the browser cannot take the streams.
  if (Reflect.get(Object(error), 'name') === 'UnsupportedError') return 'unsupportedMedia';
  return 'internal';
}

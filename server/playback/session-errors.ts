import { type SessionEnd, SfumatoError } from '../../signaling/contract/index.ts';

/** For people. */
export const ENDINGS: Record<SessionEnd, string> = {
  idle: 'Nothing was played for a while. Press play to go on.',
  gone: 'This is not there any more.',
  failed: 'Its files cannot be read at the moment.',
};

export function notOpen(): SfumatoError {
  return new SfumatoError('notJoined', 'Nothing is being watched on this connection.', {
    hint: 'Send `openSession` first.',
  });
}

export function noPicture(): SfumatoError {
  return new SfumatoError('badRequest', 'There is no picture in it: it is played over HTTP.');
}

export function notDecodable(): SfumatoError {
  return new SfumatoError('unsupportedMedia', 'This player cannot decode the picture (H.264).', {
    hint: 'The same is there as HLS.',
  });
}

/** The files could not be opened: they are broken, or the storage does not answer. */
export function unreadable(cause: unknown): SfumatoError {
  return new SfumatoError('unavailable', ENDINGS.failed, { cause });
}

/** mediasoup answers unusable parameters with a TypeError: the client's fault, and told so. */
export function asParameterError(error: unknown): unknown {
  if (!(error instanceof TypeError)) return error;
  return new SfumatoError('badRequest', `The parameters cannot be used: ${error.message}`, {
    cause: error,
  });
}

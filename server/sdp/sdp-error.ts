/**
 * The one error that this room throws. `malformed`: not SDP, or not all of it is there.
 * `unacceptable`: good SDP that asks for something we cannot do.
 */
export class SdpError extends Error {
  readonly reason: 'malformed' | 'unacceptable';

  constructor(reason: SdpError['reason'], message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'SdpError';
    this.reason = reason;
  }
}

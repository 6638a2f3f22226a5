import type { ErrorCode } from '../../../signaling/contract/index.ts';

/**
 * Why nothing comes over WebRTC: `notSupported`: the browser cannot; `noSignaling`: the server's socket did not open in
 * time; `noConnection`: packets do not get through; `refused`: the server said no.
 */
export type NoWebRtcReason = 'notSupported' | 'noSignaling' | 'noConnection' | 'refused';

export class NoWebRtc extends Error {
  readonly reason: NoWebRtcReason;
  /** What the server said. */
  readonly code: ErrorCode | null;

  constructor(reason: NoWebRtcReason, code: ErrorCode | null = null) {
    super(`no WebRTC: ${reason}${code === null ? '' : ` (${code})`}`);
    this.name = 'NoWebRtc';
    this.reason = reason;
    this.code = code;
  }
}

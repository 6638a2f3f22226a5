/** The words between the main thread and the one that ladders run on. */
import type { EncoderPaths } from './encoder-link.ts';
import type { PumpTarget } from './pump-messages.ts';

export type LadderOptions = {
  /** Lowest Layer first; the last one is the original. */
  ssrcs: readonly number[];
  payloadType: number;
  cname: string;
  /** Id of the abs-capture-time header extension: between Workers, the SFU knows Layers' clocks by it alone. */
  absCaptureTimeId: number;
};

/** The SFU's end: where packets go, and the SSRC of the original as it comes from there. */
export type LadderPeer = { target: PumpTarget; sourceSsrc: number };

export type ToLadderThread =
  | { type: 'open'; ladderId: number; options: LadderOptions }
  | { type: 'start'; ladderId: number; peer: LadderPeer }
  | { type: 'encode'; ladderId: number; paths: EncoderPaths }
  | { type: 'rest'; ladderId: number }
  | { type: 'close'; ladderId: number };

export type FromLadderThread =
  | { type: 'opened'; ladderId: number; port: number }
  /** The encoder may be started. */
  | { type: 'listening'; ladderId: number }
  | { type: 'notListening'; ladderId: number; message: string }
  /** All Layers flow. */
  | { type: 'flowing'; ladderId: number }
  /** The encoder takes pictures and gives none. */
  | { type: 'stalled'; ladderId: number }
  | { type: 'failed'; ladderId: number; message: string };

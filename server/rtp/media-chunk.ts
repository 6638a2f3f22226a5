import { type AvcConfig, packetizeAccessUnit } from './h264.ts';

/**
 * Seconds of media in one chunk. Chunks lie on a fixed grid of media time, so that a position is
 * found by division; a second is about what a read of the disk is worth.
 */
export const CHUNK_SECONDS = 1;

/** One second of a track as finished RTP payloads, shared by every stream that sends it. */
export type MediaChunk = {
  /** Seconds from the file's start, one a frame, rising. */
  times: Float64Array;
  /** Seconds that each frame lasts. */
  durations: Float64Array;
  /** 1 where decoding can begin. */
  keyFrames: Uint8Array;
  /** Where the payloads of frame `i` begin; one more entry than frames. */
  firstPayload: Uint32Array;
  payloads: Uint8Array[];
  /** Of all payloads. */
  bytes: number;
};

export type MediaFrame = {
  seconds: number;
  duration: number;
  isKeyFrame: boolean;
  payloads: Uint8Array[];
};

export function buildChunk(frames: readonly MediaFrame[]): MediaChunk {
  const firstPayload = new Uint32Array(frames.length + 1);
  for (const [index, frame] of frames.entries()) {
    firstPayload[index + 1] = (firstPayload[index] ?? 0) + frame.payloads.length;
  }
  const payloads = frames.flatMap((frame) => frame.payloads);
  return {
    times: Float64Array.from(frames, (frame) => frame.seconds),
    durations: Float64Array.from(frames, (frame) => frame.duration),
    keyFrames: Uint8Array.from(frames, (frame) => (frame.isKeyFrame ? 1 : 0)),
    firstPayload,
    payloads,
    bytes: payloads.reduce((sum, payload) => sum + payload.byteLength, 0),
  };
}

/** How the samples of a track become payloads. */
export type Payloader = (data: Uint8Array, isKeyFrame: boolean) => Uint8Array[];

export const h264Payloader =
  (config: AvcConfig): Payloader =>
  (data, isKeyFrame) =>
    packetizeAccessUnit(data, isKeyFrame, config);

/** A packet of Opus is a payload as it is (RFC 7587 section 4.2). */
export const opusPayloader: Payloader = (data) => [Uint8Array.from(data)];

export const chunkIndexAt = (seconds: number): number =>
  Math.max(0, Math.floor(seconds / CHUNK_SECONDS));

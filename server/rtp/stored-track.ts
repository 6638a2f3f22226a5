import { chunkIndexAt, type MediaChunk } from './media-chunk.ts';

/** One file of a Session as its decisions see it. */
export type StoredTrack = {
  /** Seconds of the file where the Session's timeline begins: the first picture's. */
  readonly origin: number;
  /** Number of the last chunk. */
  readonly lastChunk: number;
  /** Of a picture; 0 for sound. */
  readonly pixels: number;
  /** The chunk if it is in memory. Asking for one that is not starts its reading. */
  chunk(index: number): MediaChunk | undefined;
  load(index: number): Promise<MediaChunk>;
};

/** A frame of a track. It holds its chunk, so it can be sent whatever the cache drops. */
export type Place = { index: number; frame: number; chunk: MediaChunk };

/**
 * How far a time may be before a picture's own and still mean that picture, seconds: times come back from clocks of
 * other ticks. Far below every picture's length.
 */
export const TIME_TOLERANCE = 0.001;

/** Where in the Session a frame lies, seconds. */
export const positionOf = (track: StoredTrack, { chunk, frame }: Place): number =>
  (chunk.times[frame] ?? 0) - track.origin;

/** Payload bytes of a frame. */
export function bytesOf({ chunk, frame }: Place): number {
  let bytes = 0;
  const end = chunk.firstPayload[frame + 1] ?? 0;
  for (let at = chunk.firstPayload[frame] ?? 0; at < end; at += 1)
    bytes += chunk.payloads[at]?.length ?? 0;
  return bytes;
}

/** Packets of a frame. */
export const packetsOf = ({ chunk, frame }: Place): number =>
  (chunk.firstPayload[frame + 1] ?? 0) - (chunk.firstPayload[frame] ?? 0);

export const isKeyFrame = ({ chunk, frame }: Place): boolean => chunk.keyFrames[frame] === 1;

/** Number of the chunk that the picture of a position would be in. */
export const chunkOf = (track: StoredTrack, position: number): number =>
  Math.min(track.lastChunk, chunkIndexAt(position + track.origin + TIME_TOLERANCE));

import { buildChunk, chunkIndexAt, type MediaChunk, type MediaFrame } from './media-chunk.ts';
import type { Place, StoredTrack } from './stored-track.ts';

export type FakeFile = {
  frames: number;
  /** Frames a second. */
  rate?: number;
  /** Seconds of the first frame. */
  first?: number;
  /** Where the Session's timeline begins, seconds of the file; the first frame's where it is left out. */
  origin?: number;
  /** Every so many frames is a key frame. */
  keyEvery?: number;
  /** Payload bytes of a frame that is none; a key frame has ten times as many. */
  bytes?: number;
  pixels?: number;
};

export type FakeTrack = StoredTrack & {
  /** Chunks that were asked for, each as often as it was. */
  asked: number[];
  /** Without it, a chunk that is only asked for is not there. */
  loaded: boolean;
};

/** A file in memory: frame `n` has `n` in its first byte, modulo 256. */
export function fakeStoredTrack(file: FakeFile): FakeTrack {
  const { frames: count, rate = 30, first = 0, origin = first, keyEvery = 1 } = file;
  const { bytes = 10, pixels = 1 } = file;
  const frames = Array.from({ length: count }, (_, index): MediaFrame => {
    const isKeyFrame = index % keyEvery === 0;
    const payload = new Uint8Array(isKeyFrame ? bytes * 10 : bytes).fill(index);
    return { seconds: first + index / rate, duration: 1 / rate, isKeyFrame, payloads: [payload] };
  });
  const lastChunk = chunkIndexAt(first + count / rate);
  const chunks = Array.from(
    { length: lastChunk + 1 },
    (_, index): MediaChunk =>
      buildChunk(frames.filter((one) => chunkIndexAt(one.seconds) === index)),
  );
  const chunkAt = (index: number): MediaChunk => {
    const chunk = chunks[index];
    if (!chunk) throw new Error(`There is no chunk ${index}.`);
    return chunk;
  };
  return {
    ...{ origin, lastChunk, pixels },
    asked: [],
    loaded: true,
    chunk(index) {
      this.asked.push(index);
      return this.loaded ? chunkAt(index) : undefined;
    },
    load(index) {
      this.asked.push(index);
      return Promise.resolve(chunkAt(index));
    },
  };
}

/** Number of a frame, as `fakeStoredTrack` counts them. */
export const numberOf = ({ chunk, frame }: Place): number =>
  chunk.payloads[chunk.firstPayload[frame] ?? -1]?.[0] ?? -1;

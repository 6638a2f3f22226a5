import { afterEach, describe, expect, test } from '@jest/globals';
import { createChunkCache } from './chunk-cache.ts';
import { buildChunk, type MediaChunk } from './media-chunk.ts';
import type { MediaReader } from './media-reader.ts';
import type { PumpPlayhead } from './session-pump.ts';
import { SessionStream } from './session-stream.ts';

type Read = { index: number; deliver(): void; fail(error: Error): void };

/** A minute of a picture a second, one key frame in ten; its chunks come when the test says so. */
function slowReader() {
  const reads: Read[] = [];
  const chunkAt = (index: number): MediaChunk =>
    buildChunk([
      {
        ...{ seconds: index, duration: 1, isKeyFrame: index % 10 === 0 },
        payloads: [Uint8Array.of(index)],
      },
    ]);
  const reader: MediaReader = {
    ...{ file: 'slow.mp4', kind: 'video', clockRate: 90_000 },
    ...{ firstTime: 0, endTime: 60, frameSeconds: 1, pixels: 1 },
    readChunk(index) {
      const { promise, resolve, reject } = Promise.withResolvers<MediaChunk>();
      reads.push({ index, deliver: () => resolve(chunkAt(index)), fail: reject });
      return promise;
    },
    close: () => undefined,
  };
  /** Also what is asked for after what is delivered, until nobody asks for more. */
  const deliverAll = async () => {
    for (let read = reads.shift(); read; read = reads.shift()) {
      read.deliver();
      await new Promise(setImmediate);
    }
  };
  return { reader, reads, deliverAll };
}

const streams: SessionStream[] = [];
afterEach(() => {
  for (const stream of streams.splice(0)) stream.close();
});

async function openStream() {
  const slow = slowReader();
  const failures: Error[] = [];
  const moves: PumpPlayhead[] = [];
  const stream = await SessionStream.open(
    { video: [], videoPayloadType: 96, audioPayloadType: 97, ssrcs: { video: 1 }, cname: 'c' },
    [slow.reader],
    createChunkCache(1024 * 1024),
    {
      onReady: () => undefined,
      onFailed: (error) => failures.push(error),
      onRendition: () => undefined,
      onMoved: (playhead) => moves.push(playhead),
      onEnded: () => undefined,
    },
  );
  streams.push(stream);
  return { ...slow, stream, failures, moves };
}

const order = (at: number, rate = 0) => ({ at, rate, rendition: 0, burstBytes: 1e9 });

describe('while a disk is slow', () => {
  test('a newer order ends what is read for one before it, and answers both', async () => {
    const { stream, reads, deliverAll } = await openStream();
    const first = stream.steer(order(28));
    await new Promise(setImmediate);
    expect(reads.map(({ index }) => index)).toEqual([28]);
    const second = stream.steer(order(41));
    const asked: number[] = [];
    while (reads.length > 0) {
      asked.push(...reads.map(({ index }) => index));
      await deliverAll();
    }
    expect(asked.filter((index) => index < 28)).toEqual([]);
    const playhead = await second;
    expect(playhead).toMatchObject({ position: 41, rate: 0, ended: false });
    expect(await first).toEqual(playhead);
  });

  test('pause waits for the picture that is being read, and it is the last one', async () => {
    const { stream, deliverAll } = await openStream();
    const steered = stream.steer(order(10, 1));
    const paused = stream.pause();
    await new Promise(setImmediate);
    await deliverAll();
    expect(await paused).toMatchObject({ position: 10, rate: 0 });
    expect(await steered).toEqual(await paused);
    expect(stream.nextDueMs()).toBe(Number.POSITIVE_INFINITY);
  });

  test('what was sent before goes on no more', async () => {
    const { stream, deliverAll } = await openStream();
    const steered = stream.steer(order(10, 1));
    await new Promise(setImmediate);
    await deliverAll();
    await steered;
    await deliverAll();
    expect(stream.nextDueMs()).toBeLessThan(Number.POSITIVE_INFINITY);
    void stream.steer(order(30, 1));
    expect(stream.nextDueMs()).toBe(Number.POSITIVE_INFINITY);
  });

  test('closed while it is read: nobody is left waiting, and nothing fails', async () => {
    const { stream, reads, failures } = await openStream();
    const steered = stream.steer(order(28));
    await new Promise(setImmediate);
    stream.close();
    stream.close();
    expect(await steered).toBeUndefined();
    reads[0]?.fail(new Error('too late'));
    await new Promise(setImmediate);
    expect(failures).toEqual([]);
  });
});

describe('a file that cannot be read any more', () => {
  test('is told once for the order that needs it', async () => {
    const { stream, reads, failures } = await openStream();
    void stream.steer(order(28));
    await new Promise(setImmediate);
    reads[0]?.fail(new Error('gone'));
    await new Promise(setImmediate);
    expect(failures.map(({ message }) => message)).toEqual(['gone']);
  });

  test('is no matter to a newer order', async () => {
    const { stream, reads, failures } = await openStream();
    void stream.steer(order(28));
    await new Promise(setImmediate);
    void stream.steer(order(40));
    reads[0]?.fail(new Error('gone'));
    await new Promise(setImmediate);
    expect(failures).toEqual([]);
  });
});

test('paused before any order it stands at the beginning', async () => {
  const { stream } = await openStream();
  expect(await stream.pause()).toMatchObject({ position: 0, rate: 0, ended: false });
});

describe('after a standstill of ten seconds', () => {
  const STILL_MS = 10_000;

  /** Plays from the tenth second on, and is woken ten seconds late. */
  async function stoodStill(atMs?: number) {
    const { stream, moves, deliverAll } = await openStream();
    const settle = async () => {
      await new Promise(setImmediate);
      await deliverAll();
    };
    const steered = stream.steer({ ...order(10, 1), atMs });
    await settle();
    const playhead = await steered;
    await settle();
    const wokenMs = performance.now() + STILL_MS;
    stream.run(wokenMs);
    await settle();
    await settle();
    const [moved] = moves;
    if (!playhead || !moved) throw new Error('It did not move.');
    return { playhead, moved };
  }

  const secondsFrom = (one: PumpPlayhead, other: PumpPlayhead) =>
    (other.rtpTimestamp - one.rtpTimestamp) / 90_000;

  test('the film goes on from where it was, at the present moment', async () => {
    const { playhead, moved } = await stoodStill();
    expect(moved).toMatchObject({ position: 11, rate: 1, ended: false });
    expect(secondsFrom(playhead, moved)).toBeGreaterThan(STILL_MS / 1000 - 1);
  });

  test('what goes by the clock is where the clock is', async () => {
    const { moved } = await stoodStill(performance.timeOrigin + performance.now());
    // The clock itself did not stand still here, only the waking was late: it is not a second further.
    expect(moved).toMatchObject({ position: 10, rate: 1 });
  });
});

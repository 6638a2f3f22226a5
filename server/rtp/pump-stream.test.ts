import { describe, expect, test } from '@jest/globals';
import { createChunkCache } from './chunk-cache.ts';
import { buildChunk, type MediaChunk } from './media-chunk.ts';
import type { MediaReader } from './media-reader.ts';
import { PumpStream } from './pump-stream.ts';

/** A file whose chunks come when the test says so. */
function slowReader() {
  const asked: number[] = [];
  let deliver: (() => void)[] = [];
  const chunkAt = (index: number): MediaChunk =>
    buildChunk([
      { seconds: index, duration: 1, isKeyFrame: true, payloads: [Uint8Array.of(index)] },
    ]);
  const reader: MediaReader = {
    file: 'slow.mp4',
    kind: 'video',
    clockRate: 90_000,
    firstTime: 0,
    endTime: 60,
    frameSeconds: 1,
    pixels: 1,
    readChunk(index) {
      asked.push(index);
      return new Promise((resolve) => deliver.push(() => resolve(chunkAt(index))));
    },
    close: () => undefined,
  };
  const deliverAll = () => {
    for (const one of deliver) one();
    deliver = [];
  };
  return { reader, asked, deliverAll };
}

describe('a stream whose disk is slow', () => {
  test('asks for a chunk once and is told once, however often it is looked at meanwhile', async () => {
    const { reader, asked, deliverAll } = slowReader();
    let ready = 0;
    const onFirstReady = Promise.withResolvers<void>();
    const stream = await PumpStream.open(
      {
        video: [{ file: reader.file }],
        videoPayloadType: 96,
        audioPayloadType: 97,
        ssrcs: { video: [1] },
        cname: 'c',
      },
      [reader],
      createChunkCache(1024 * 1024),
      {
        onReady() {
          ready += 1;
          onFirstReady.resolve();
        },
        onFailed: onFirstReady.reject,
        onEnded: () => undefined,
      },
    );
    try {
      await stream.start({ ip: '127.0.0.1', port: 9 });
      for (let look = 0; look < 100; look += 1) stream.nextDueMs();
      const chunks = new Set(asked).size;
      expect(asked).toHaveLength(chunks);
      deliverAll();
      await onFirstReady.promise;
      await new Promise(setImmediate);
      expect(ready).toBe(chunks);
      expect(stream.nextDueMs()).toBeLessThan(Number.POSITIVE_INFINITY);
    } finally {
      stream.close();
    }
  });
});

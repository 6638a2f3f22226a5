import { expect, test } from '@jest/globals';
import { createChunkCache } from './chunk-cache.ts';
import { buildChunk, type MediaChunk } from './media-chunk.ts';

const chunkOf = (bytes: number): MediaChunk =>
  buildChunk([{ seconds: 0, duration: 1, isKeyFrame: true, payloads: [new Uint8Array(bytes)] }]);

function sourceOf(file: string, bytes: number) {
  const reads: number[] = [];
  return {
    file,
    reads,
    readChunk: async (index: number) => {
      reads.push(index);
      return chunkOf(bytes);
    },
  };
}

test('a chunk is read once, however many ask at once', async () => {
  const cache = createChunkCache(1e6);
  const source = sourceOf('a', 1000);
  const [one, two] = await Promise.all([cache.load(source, 3), cache.load(source, 3)]);
  expect(one).toBe(two);
  expect(cache.get(source, 3)).toBe(one);
  expect(await cache.load(source, 3)).toBe(one);
  expect(source.reads).toEqual([3]);
});

test('files do not mix', async () => {
  const cache = createChunkCache(1e6);
  await cache.load(sourceOf('a', 10), 0);
  expect(cache.get(sourceOf('b', 10), 0)).toBeUndefined();
});

test('the least recently used chunk goes first, and the sum stays below the limit', async () => {
  const cache = createChunkCache(3500);
  const source = sourceOf('a', 1000);
  for (const index of [0, 1]) await cache.load(source, index);
  cache.get(source, 0);
  await cache.load(source, 2);
  expect(cache.bytes).toBeLessThanOrEqual(3500);
  expect(cache.get(source, 1)).toBeUndefined();
  expect(cache.get(source, 0)).toBeDefined();
});

test('one chunk that is larger than the limit is still there to be sent', async () => {
  const cache = createChunkCache(100);
  const source = sourceOf('a', 1000);
  await cache.load(source, 0);
  expect(cache.get(source, 0)).toBeDefined();
});

test('a failed read is tried again', async () => {
  const cache = createChunkCache(1e6);
  let fails = true;
  const source = {
    file: 'a',
    readChunk: async () => {
      if (fails) throw new Error('no disk');
      return chunkOf(10);
    },
  };
  await expect(cache.load(source, 0)).rejects.toThrow('no disk');
  fails = false;
  expect(await cache.load(source, 0)).toBeDefined();
});

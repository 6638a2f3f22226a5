import { describe, expect, test } from '@jest/globals';
import { IndexCache } from './index-cache.ts';
import type { TrackIndex } from './track-index.ts';

function index(segments: number): TrackIndex {
  const one = { offset: 0, bytes: 1, duration: 1 };
  return { mapBytes: 1, segments: Array.from({ length: segments }, () => one) };
}

describe('indexes that are kept', () => {
  test('each is read once, also by those that ask at the same time', async () => {
    const cache = new IndexCache();
    let reads = 0;
    const read = async () => {
      reads += 1;
      return index(1);
    };
    await Promise.all([cache.get('a', read), cache.get('a', read)]);
    await cache.get('a', read);
    expect(reads).toBe(1);
  });

  test('no more than there is room for: what was wanted longest ago goes', async () => {
    const cache = new IndexCache(10);
    const reads: string[] = [];
    const get = (name: string) =>
      cache.get(name, async () => {
        reads.push(name);
        return index(4);
      });
    for (const name of ['a', 'b', 'a', 'c', 'a', 'b']) await get(name);
    expect(reads).toEqual(['a', 'b', 'c', 'b']);
  });

  test('what could not be read is tried again', async () => {
    const cache = new IndexCache();
    const failing = cache.get('a', async () => Promise.reject(new Error('no disk')));
    await expect(failing).rejects.toThrow('no disk');
    expect((await cache.get('a', async () => index(2))).segments).toHaveLength(2);
  });
});

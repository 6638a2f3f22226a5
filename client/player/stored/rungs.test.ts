import { describe, expect, test } from '@jest/globals';
import type { AssetFile } from '../../../signaling/contract/index.ts';
import { bufferedAfter, rungsOf, stillOf } from './rungs.ts';

const file = (role: AssetFile['role'], name: string, width?: number, type = 'image/jpeg') => ({
  ...{ role, name, type, bytes: 1 },
  ...(width !== undefined && { width, height: width / 2 }),
});

describe('rungsOf', () => {
  test('those with a picture, lowest first', () => {
    const files = [
      file('rendition', 'video-1.mp4', 640, 'video/mp4'),
      file('rendition', 'audio.mp4', undefined, 'audio/mp4'),
      file('rendition', 'video-0.mp4', 320, 'video/mp4'),
      file('poster', 'poster-320.jpg', 320),
    ];
    expect(rungsOf({ files }).map(({ name }) => name)).toEqual(['video-0.mp4', 'video-1.mp4']);
  });
});

describe('bufferedAfter', () => {
  const ranges = [
    { start: 0.04, end: 10 },
    { start: 20, end: 30 },
  ];
  test.each([
    [0, 10],
    [4, 6],
    [15, 0],
    [22, 8],
    [30, 0],
  ])('from %d s on there are %d', (position, seconds) => {
    expect(bufferedAfter(ranges, position)).toBe(seconds);
  });
});

describe('stillOf', () => {
  const files = [
    file('poster', 'poster-1280.jpg', 1_280),
    file('poster', 'poster-320.jpg', 320),
    file('poster', 'poster-640.avif', 640, 'image/avif'),
  ];
  test.each([
    [300, 'poster-320.jpg'],
    [640, 'poster-1280.jpg'],
    [4_000, 'poster-1280.jpg'],
  ])('for %d pixels', (width, name) => {
    expect(stillOf({ files }, width)?.name).toBe(name);
  });
  test('may be none', () => {
    expect(stillOf({ files: [] }, 300)).toBeUndefined();
  });
});

import { describe, expect, test } from '@jest/globals';
import { qualityWords, sizeWords, viewersWords } from './words.ts';

describe('viewersWords', () => {
  test.each([
    [0, 'nobody is watching'],
    [1, '1 person is watching'],
    [2, '2 people are watching'],
  ])('%i', (viewers, words) => {
    expect(viewersWords(viewers)).toBe(words);
  });
});

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1_000, '1 kB'],
  [1_440_000, '1.4 MB'],
  [250_000_000, '250 MB'],
  [2_147_483_648, '2.1 GB'],
])('%d bytes are %s', (bytes, words) => expect(sizeWords(bytes)).toBe(words));

describe('qualityWords', () => {
  const layer = { framesPerSecond: 30, bitrate: 1 };
  const channel = {
    id: 'demo',
    title: 'Demo',
    live: true,
    viewers: 0,
    hasVideo: true,
    hasAudio: true,
    layers: [
      { ...layer, width: 320, height: 180 },
      { ...layer, width: 1280, height: 720 },
    ],
  };
  test.each([
    [{}, '180p, 720p'],
    [{ hasAudio: false }, '180p, 720p, silent'],
    [{ hasVideo: false, layers: [] }, 'sound only'],
    [{ live: false }, 'off air'],
  ])('%j', (changed, words) => {
    expect(qualityWords({ ...channel, ...changed })).toBe(words);
  });
});

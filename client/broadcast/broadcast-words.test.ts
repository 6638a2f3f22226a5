import { describe, expect, test } from '@jest/globals';
import {
  bitrateWords,
  clockWords,
  endWords,
  failureWords,
  layerWords,
  limitationWords,
  linkWords,
  onAirWords,
  pictureWords,
} from './broadcast-words.ts';

test.each([
  [-5, '0:00'],
  [9_400, '0:09'],
  [760_000, '12:40'],
  [3_723_000, '1:02:03'],
])('clockWords %d: %s', (elapsedMs, words) => {
  expect(clockWords(elapsedMs)).toBe(words);
});

test.each([
  [720_400, '720 kbit/s'],
  [2_450_000, '2.5 Mbit/s'],
])('bitrateWords %d: %s', (bitrate, words) => {
  expect(bitrateWords(bitrate)).toBe(words);
});

const layer = {
  layer: 1,
  sending: true,
  width: 640,
  height: 360,
  framesPerSecond: 29.6,
  bitrate: 718_000,
};

describe('layerWords', () => {
  test.each([
    [{}, true, '640 × 360, 30 fps, 718 kbit/s'],
    [{ bitrate: null, framesPerSecond: null }, true, '640 × 360'],
    [{ width: null }, true, 'starting'],
    [{ sending: false }, false, 'rests: nobody watches it'],
    [{ sending: false }, true, 'waits: your connection has no room for it'],
  ])('%j, wanted: %s', (changed, wanted, words) => {
    expect(layerWords({ ...layer, ...changed }, wanted)).toBe(words);
  });
});

test.each([
  [null, null],
  ['unauthorized', /not known here/],
  ['forbidden', /another channel/],
  ['noMedia', /network/],
  ['internal', /do not understand/],
] as const)('failureWords %s', (failure, words) => {
  if (words === null) expect(failureWords(failure)).toBeNull();
  else expect(failureWords(failure)).toMatch(words);
});

describe('linkWords', () => {
  const layers = [4, 2, 1].map((scaleResolutionDownBy) => ({
    scaleResolutionDownBy,
    maxBitrate: 1,
  }));
  test.each([
    [4_040_000, 3, 1080, 'Your connection can send about 4 Mbit/s: three layers up to 1080p.'],
    [2_300_000, 2, 720, 'Your connection can send about 2.3 Mbit/s: two layers up to 360p.'],
    [640_000, 1, 720, 'Your connection can send about 640 kbit/s: one layer up to 180p.'],
    [20_000_000, 3, 720, 'Your connection can send 20 Mbit/s or more: three layers up to 720p.'],
    [9_000_000, 3, null, 'Your connection can send about 9 Mbit/s.'],
  ])('%d', (bitrate, count, side, words) => {
    const link = { name: 'measured', bitrate } as const;
    expect(linkWords(link, layers.slice(0, count), side)).toBe(words);
  });
  test('before, during, and when it failed', () => {
    expect(linkWords({ name: 'unknown' }, layers, 720)).toBeNull();
    expect(linkWords({ name: 'measuring' }, layers, 720)).toMatch(/Measuring/);
    expect(linkWords({ name: 'failed' }, layers, 720)).toMatch(/all the same/);
  });
});

test('every end and every limitation has a sentence', () => {
  for (const reason of ['replaced', 'keyRotated', 'channelDeleted', 'rightLost'] as const) {
    expect(endWords(reason)).toMatch(/\.$/);
  }
  for (const reason of ['none', 'cpu', 'bandwidth', 'other'] as const) {
    expect(limitationWords(reason)).toMatch(/\.$/);
  }
});

test.each([
  [null, 'no picture'],
  [{ width: 1280, height: 720, frameRate: 29.97 }, '1280 × 720, 30 a second'],
  [{ width: 1280, height: 720 }, '1280 × 720'],
])('pictureWords %j', (settings, words) => {
  expect(pictureWords(settings)).toBe(words);
});

test.each([
  [null, null],
  [{ live: false }, null],
  [{ live: true }, /takes over/],
])('onAirWords %j', (channel, words) => {
  if (words === null) expect(onAirWords(channel)).toBeNull();
  else expect(onAirWords(channel)).toMatch(words);
});

import { describe, expect, test } from '@jest/globals';
import { steppedTime } from './frame-step.ts';

describe('steppedTime', () => {
  test.each([
    ['on from a picture’s own time', 1, 10 / 25, 25, 11],
    ['on from its middle', 1, 10.5 / 25, 25, 11],
    ['on from its end', 1, 10.99 / 25, 25, 11],
    ['back', -1, 10.5 / 25, 25, 9],
    ['back from its own time, rounded down', -1, 10 / 25 - 1e-6, 25, 9],
    ['back from the first', -1, 0, 25, 0],
    ['on from the last', 1, 20 - 0.001, 25, 499],
    ['NTSC', 1, (1_001 * 300) / 30_000, 30_000 / 1_001, 301],
    ['unknown', 1, 0, null, 1],
  ])('%s', (_what, frames, currentTime, rate, picture) => {
    const target = steppedTime(frames, { currentTime, duration: 20 }, rate);
    expect(target * (rate ?? 25)).toBeCloseTo(picture + 0.5, 6);
  });

  test('several steps go picture by picture', () => {
    let currentTime = 0;
    const seen = Array.from({ length: 50 }, () => {
      currentTime = steppedTime(1, { currentTime, duration: 20 }, 29.97);
      return Math.floor(currentTime * 29.97);
    });
    expect(seen).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
  });
});

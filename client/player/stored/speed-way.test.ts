import { describe, expect, test } from '@jest/globals';
import { type SpeedFacts, wayForSpeed } from './speed-way.ts';

const HEARD: SpeedFacts = {
  rate: 1,
  audible: true,
  hasSound: true,
  via: 'webrtc',
  leftForSpeed: false,
  hlsCanBe: true,
};
const gone = { via: 'hls', leftForSpeed: true } as const;

describe('wayForSpeed', () => {
  test.each<[string, Partial<SpeedFacts>, ReturnType<typeof wayForSpeed>]>([
    ['as usual', {}, 'stay'],
    ['faster, heard', { rate: 1.5 }, 'toHls'],
    ['slower, heard', { rate: 0.5 }, 'toHls'],
    ['faster, muted', { rate: 1.5, audible: false }, 'stay'],
    ['faster, without sound', { rate: 1.5, hasSound: false }, 'stay'],
    ['faster, where HLS cannot be', { rate: 1.5, hlsCanBe: false }, 'stay'],
    ['faster, not open yet', { rate: 1.5, via: null }, 'stay'],
    ['faster, in HLS already', { rate: 1.5, via: 'hls' }, 'stay'],
    ["faster, in the browser's HLS", { rate: 1.5, via: 'nativeHls' }, 'stay'],
    ['at another speed, gone for it', { rate: 2, ...gone }, 'stay'],
    ['muted meanwhile', { rate: 2, audible: false, ...gone }, 'stay'],
    ['at 1 again', { ...gone }, 'back'],
    ['at 1 again, muted', { audible: false, ...gone }, 'back'],
    ['at 1 in HLS for another reason', { via: 'hls' }, 'stay'],
  ])('%s', (_what, facts, way) => {
    expect(wayForSpeed({ ...HEARD, ...facts })).toBe(way);
  });
});

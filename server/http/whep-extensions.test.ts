import { describe, expect, test } from '@jest/globals';
import { layerFor } from './whep-extensions.ts';

const layers = [
  { width: 320, height: 180, framesPerSecond: 30, bitrate: 150_000 },
  { width: 640, height: 360, framesPerSecond: 30, bitrate: 500_000 },
  { width: 1280, height: 720, framesPerSecond: 30, bitrate: 1_500_000 },
];

/** The draft `webrtc-http-egress-events`, section on layers. */
describe('the layer extension of WHEP', () => {
  test.each<[string, Parameters<typeof layerFor>[0], number | 'auto']>([
    ['no constraint is automatic', {}, 'auto'],
    ['only whose media it is', { mediaId: '1' }, 'auto'],
    ['a layer by its number', { spatialLayerId: 1 }, 1],
    ['by its encoding id', { encodingId: '2' }, 2],
    ['by its rid', { rid: '0' }, 0],
    ['a name that is none of ours', { rid: 'h' }, 'auto'],
    ['at most a number', { maxSpatialLayerId: 1 }, 1],
    ['at most a width', { maxWidth: 700 }, 1],
    ['at most a height', { maxHeight: 180 }, 0],
    ['all of several', { maxSpatialLayerId: 2, maxWidth: 700, maxHeight: 1080 }, 1],
    ['where none fits, the lowest', { maxWidth: 100 }, 0],
    ['a wish goes before a limit', { spatialLayerId: 2, maxWidth: 100 }, 2],
  ])('%s: %j', (_name, wish, expected) => {
    expect(layerFor(wish, { layers })).toBe(expected);
  });
});

import { describe, expect, test } from '@jest/globals';
import { type Facts, findingsOf, layersOf } from './examination.ts';

const layer = {
  frames: 100,
  framesOutOfOrder: 0,
  flows: true,
  hasFlowed: true,
  keyFrameWaitMs: 400,
  plain: false,
  driftFraction: 0.001,
};
const good: Facts = {
  kind: 'whip',
  hasLadder: false,
  hasVideo: true,
  hasAudio: true,
  layers: [layer, layer, layer],
  silentForMs: 900,
  packetLossFraction: 0,
};
const baseline = { idc: 0x42, constraints: 0xe0 };
const high = { idc: 100, constraints: 0 };

describe('findingsOf', () => {
  test.each<[string, Partial<Facts>, string[]]>([
    ['nothing', {}, []],
    ['sound only', { hasVideo: false, layers: [] }, ['noVideo']],
    ['no sound', { hasAudio: false }, ['noAudio']],
    ['one Layer', { layers: [layer] }, ['singleLayer']],
    ['B-frames', { layers: [{ ...layer, framesOutOfOrder: 40 }, layer] }, ['bFrames']],
    ['a frame or two out of order', { layers: [{ ...layer, framesOutOfOrder: 2 }, layer] }, []],
    ['baseline', { layers: [{ ...layer, profile: baseline }, layer] }, []],
    ['another profile', { layers: [layer, { ...layer, profile: high }] }, ['profileMismatch']],
    ['a Layer that stopped', { layers: [{ ...layer, flows: false }, layer] }, ['frozenLayer']],
    [
      'a Layer that a page has stopped, because nobody watches it',
      { kind: 'webcam', layers: [{ ...layer, flows: false }, layer] },
      [],
    ],
    [
      'a Layer that has not begun',
      { layers: [layer, { ...layer, flows: false, hasFlowed: false }] },
      [],
    ],
    [
      'a key frame that does not come',
      { layers: [layer, { ...layer, keyFrameWaitMs: 4_100 }] },
      ['keyFramesTooFar'],
    ],
    ['a clock too fast', { layers: [{ ...layer, driftFraction: 0.2 }, layer] }, ['wrongClock']],
    ['a clock too slow', { layers: [{ ...layer, driftFraction: -0.17 }, layer] }, ['wrongClock']],
    ['silence', { silentForMs: 10_000 }, ['silence']],
    ['silence, but of nothing', { silentForMs: 10_000, hasAudio: false }, ['noAudio']],
    [
      'black',
      {
        layers: [
          { ...layer, plain: true },
          { ...layer, plain: true },
        ],
      },
      ['black'],
    ],
    [
      'black, and the largest Layer not seen',
      {
        layers: [
          { ...layer, plain: true },
          { ...layer, plain: undefined },
        ],
      },
      ['black'],
    ],
    ['plain in the small one only', { layers: [{ ...layer, plain: true }, layer] }, []],
    ['loss', { packetLossFraction: 0.08 }, ['packetLoss']],
  ])('%s', (_name, facts, expected) => {
    expect(findingsOf({ ...good, ...facts }).map(({ code }) => code)).toEqual(expected);
  });
});

describe('layersOf', () => {
  const measured = { frames: 90, ticks: 270_000, bitrate: 500_000 };
  const unseen = { picture: undefined, frames: 0, ticks: 0, bitrate: 0 };

  test('nothing seen yet: nothing is told', () => {
    expect(layersOf([unseen, unseen])).toEqual([]);
  });

  test('as measured', () => {
    expect(layersOf([{ ...measured, picture: { width: 640, height: 360 } }])).toEqual([
      { width: 640, height: 360, framesPerSecond: 30, bitrate: 500_000 },
    ]);
  });

  test('one that is not sent is taken to be double its neighbour', () => {
    const layers = layersOf([{ ...measured, picture: { width: 320, height: 180 } }, unseen]);
    expect(layers[1]).toEqual({ width: 640, height: 360, framesPerSecond: 30, bitrate: 2_000_000 });
  });
});

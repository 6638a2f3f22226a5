import { describe, expect, test } from '@jest/globals';
import { activeLayers, capToLink, fitToLink, maxBitrate, planLayers } from './layer-plan.ts';

describe('planLayers', () => {
  test.each([
    [{ width: 1280, height: 720, framesPerSecond: 30 }, [4, 2, 1], [210_000, 720_000, 2_500_000]],
    [
      { width: 1920, height: 1080, framesPerSecond: 30 },
      [4, 2, 1],
      [430_000, 1_500_000, 5_200_000],
    ],
    [{ width: 720, height: 1280, framesPerSecond: 30 }, [4, 2, 1], [210_000, 720_000, 2_500_000]],
    [{ width: 640, height: 480, framesPerSecond: 30 }, [4, 2, 1], [80_000, 270_000, 930_000]],
    [{ width: 320, height: 240, framesPerSecond: 15 }, [2, 1], [80_000, 180_000]],
    [{ width: 160, height: 120, framesPerSecond: 30 }, [1], [80_000]],
  ])('%j', (size, scales, bitrates) => {
    const layers = planLayers(size);
    expect(layers.map(({ scaleResolutionDownBy }) => scaleResolutionDownBy)).toEqual(scales);
    expect(layers.map((layer) => layer.maxBitrate)).toEqual(bitrates);
  });

  test('60 pictures a second cost more than 30, but not twice', () => {
    const at30 = maxBitrate(1280 * 720, 30);
    const at60 = maxBitrate(1280 * 720, 60);
    expect(at60).toBeGreaterThan(at30);
    expect(at60).toBeLessThan(2 * at30);
  });

  test('no more than 8 Mbit/s, whatever the camera', () => {
    expect(maxBitrate(3840 * 2160, 60)).toBe(8_000_000);
  });
});

describe('fitToLink, 720p', () => {
  const plan = planLayers({ width: 1280, height: 720, framesPerSecond: 30 });
  test.each([
    ['not known', null, [210_000, 720_000, 2_500_000]],
    ['more than enough', 20_000_000, [210_000, 720_000, 2_500_000]],
    ['not all of the largest', 3_000_000, [210_000, 720_000, 1_400_000]],
    ['too little for the largest', 2_000_000, [210_000, 720_000]],
    ['not all of the middle', 800_000, [210_000, 370_000]],
    ['the lowest only', 400_000, [210_000]],
    ['not even that', 50_000, [80_000]],
  ])('%s', (_name, link, bitrates) => {
    const fitting = fitToLink(plan, link);
    expect(fitting.map((layer) => layer.maxBitrate)).toEqual(bitrates);
    expect(fitting.map((layer) => layer.scaleResolutionDownBy)).toEqual(
      [4, 2, 1].slice(0, bitrates.length),
    );
  });
});

test('capToLink leaves no Layer out', () => {
  const plan = planLayers({ width: 1280, height: 720, framesPerSecond: 30 });
  expect(capToLink(plan, null)).toEqual(plan);
  expect(capToLink(plan, 2_000_000).map((layer) => layer.maxBitrate)).toEqual([
    210_000, 720_000, 1_000_000,
  ]);
});

describe('activeLayers', () => {
  test.each([
    [3, 2, [true, true, true]],
    [3, 1, [true, true, false]],
    [3, 0, [true, false, false]],
    [3, -1, [true, false, false]],
    [1, 2, [true]],
  ])('%i layers, wanted up to %i', (count, wanted, expected) => {
    expect(activeLayers(count, wanted)).toEqual(expected);
  });
});

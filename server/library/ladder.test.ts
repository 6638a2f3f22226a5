import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type FrameRate, planFrameRate, planLadder } from './ladder.ts';

const rate = (num: number, den = 1): FrameRate => ({ num, den });
const source = (width: number, height: number, framesPerSecond = rate(30)) => ({
  displayWidth: width,
  displayHeight: height,
  framesPerSecond,
  variableFrameRate: false,
});
const sizes = (width: number, height: number): string[] =>
  planLadder(source(width, height)).rungs.map((rung) => `${rung.width}x${rung.height}`);

describe('sizes, low to high', () => {
  test.each([
    ['full HD', 1920, 1080, ['320x180', '640x360', '1280x720']],
    ['4K', 3840, 2160, ['320x180', '640x360', '1280x720']],
    ['exactly 720p', 1280, 720, ['320x180', '640x360', '1280x720']],
    ['portrait', 1080, 1920, ['180x320', '360x640', '720x1280']],
    ['square', 1080, 1080, ['180x180', '360x360', '720x720']],
    ['4:3', 1440, 1080, ['240x180', '480x360', '960x720']],
    ['wide, odd', 3026, 1386, ['320x146', '640x294', '1280x586']],
    ['very wide', 1280, 360, ['640x180', '1280x360']],
    ['small: never upscaled', 640, 360, ['320x180', '640x360']],
    ['smaller', 320, 240, ['160x120', '320x240']],
    ['tiny: one remains', 96, 64, ['96x64']],
    ['one pixel', 1, 1, ['2x2']],
    ['odd sides lose a pixel', 641, 361, ['320x180', '640x360']],
  ])('%s', (_name, width, height, expected) => {
    expect(sizes(width, height)).toEqual(expected);
  });
});

describe('frame rate', () => {
  test.each([
    ['film', rate(24000, 1001), false, rate(24000, 1001)],
    ['PAL', rate(25), false, rate(25)],
    ['NTSC', rate(30000, 1001), false, rate(30000, 1001)],
    ['measured, nearly NTSC', rate(2997, 100), false, rate(30000, 1001)],
    ['60 is halved', rate(60), false, rate(30)],
    ['59.94 is halved', rate(60000, 1001), false, rate(30000, 1001)],
    ['50 is halved', rate(50), false, rate(25)],
    ['48 is halved', rate(48), false, rate(24)],
    ['100 is quartered', rate(100), false, rate(25)],
    ['120 is quartered', rate(120), false, rate(30)],
    ['90 has a third', rate(90), false, rate(30)],
    ['a little above 30', rate(33), false, rate(30)],
    ['12 stays', rate(12), false, rate(12)],
    ['slow frames are repeated', rate(5), false, rate(10)],
    ['a slide a second', rate(1), false, rate(10)],
    ['variable, near a standard', rate(2498, 100), true, rate(25)],
    ['variable, fast', rate(55), true, rate(30)],
    ['variable, slow on average', rate(3628800, 502589), true, rate(30)],
    ['unknown', undefined, true, rate(30)],
  ])('%s', (_name, average, isVariable, expected) => {
    expect(planFrameRate(average, isVariable)).toEqual(expected);
  });
});

describe('key frames and bits', () => {
  test.each([
    [rate(30), 5],
    [rate(30000, 1001), 5],
    [rate(25), 4],
    [rate(24), 4],
    [rate(12), 2],
  ])('%o: every sixth of a second below, every sixth of those above', (framesPerSecond, low) => {
    const { rungs } = planLadder(source(1280, 720, framesPerSecond));
    expect(rungs.map((rung) => rung.keyFrameInterval)).toEqual([low, low * 6, low * 6]);
  });

  test('720p30 is about 210 k, 570 k and 1.9 M', () => {
    const { rungs } = planLadder(source(1280, 720));
    expect(rungs.map((rung) => rung.maxBitrate)).toEqual([210_000, 570_000, 1_900_000]);
  });

  test('whatever comes, constrained baseline 3.1 holds it', () => {
    const side = fc.integer({ min: 1, max: 20_000 });
    const ratio = fc.tuple(fc.integer({ min: 1, max: 240_000 }), fc.integer({ min: 1, max: 2000 }));
    fc.assert(
      fc.property(side, side, ratio, fc.boolean(), (width, height, [num, den], isVariable) => {
        const { frameRate, rungs } = planLadder({
          displayWidth: width,
          displayHeight: height,
          framesPerSecond: rate(num, den),
          variableFrameRate: isVariable,
        });
        expect(rungs.length).toBeGreaterThan(0);
        for (const rung of rungs) {
          const macroblocks = Math.ceil(rung.width / 16) * Math.ceil(rung.height / 16);
          expect(macroblocks).toBeLessThanOrEqual(3600);
          expect((macroblocks * frameRate.num) / frameRate.den).toBeLessThanOrEqual(108_000);
          expect([rung.width % 2, rung.height % 2]).toEqual([0, 0]);
          expect(rung.width).toBeLessThanOrEqual(Math.max(2, width));
          expect(rung.height).toBeLessThanOrEqual(Math.max(2, height));
        }
      }),
    );
  });
});

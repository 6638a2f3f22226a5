import { describe, expect, test } from '@jest/globals';
import { planSvc, svcEncoding } from './svc-plan.ts';

const size = (width: number, height: number) => ({ width, height, framesPerSecond: 30 });

describe('planSvc', () => {
  test.each([
    [1920, 1080, [4, 2, 1]],
    [1280, 720, [4, 2, 1]],
    [720, 1280, [4, 2, 1]],
    [848, 480, [2, 1]],
    [640, 360, [2, 1]],
    [320, 240, [1]],
  ])('%i × %i', (width, height, scales) => {
    const plan = planSvc(size(width, height));
    expect(plan.map(({ scaleResolutionDownBy }) => scaleResolutionDownBy)).toEqual(scales);
  });
});

describe('svcEncoding, 720p', () => {
  test.each([
    ['all', Number.POSITIVE_INFINITY, 'L3T3_KEY', 1, 3_430_000],
    ['the top', 2, 'L3T3_KEY', 1, 3_430_000],
    ['the middle', 1, 'L2T3_KEY', 2, 930_000],
    ['the lowest', 0, 'L1T3', 4, 210_000],
    ['nobody', -1, 'L1T3', 4, 210_000],
  ])('%s', (_name, wanted, scalabilityMode, scaleResolutionDownBy, maxBitrate) => {
    expect(svcEncoding(planSvc(size(1280, 720)), wanted)).toEqual({
      scalabilityMode,
      scaleResolutionDownBy,
      maxBitrate,
    });
  });
});

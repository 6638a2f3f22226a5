import { describe, expect, test } from '@jest/globals';
import { LADDER_LAYERS, planRungs, withRungs } from './ladder-plan.ts';

const source = (width: number, height: number, framesPerSecond = 30) => ({
  width,
  height,
  framesPerSecond,
  bitrate: 2_500_000,
});

describe('what is made below a source', () => {
  test.each([
    ['720p: a quarter and a half', 1280, 720, ['320x180', '640x360']],
    ['1080p', 1920, 1080, ['480x270', '960x540']],
    ['4K: no lower Layer above 720', 3840, 2160, ['640x360', '1280x720']],
    ['360p: never a postage stamp', 640, 360, ['214x120', '426x240']],
    ['180p', 320, 180, ['160x90', '240x136']],
    ['upright', 720, 1280, ['180x320', '360x640']],
    ['odd sides become even', 1365, 767, ['342x192', '682x384']],
  ])('%s', (_, width, height, expected) => {
    expect(planRungs(source(width, height)).map((rung) => `${rung.width}x${rung.height}`)).toEqual(
      expected,
    );
  });

  test('the lowest has key frames six times a second; bit rates rise with size and rate', () => {
    const [low, middle] = planRungs(source(1280, 720));
    expect(low).toMatchObject({ keyFramesPerSecond: 6, maxBitrate: 210_000 });
    expect(middle).toMatchObject({ keyFramesPerSecond: 1, maxBitrate: 570_000 });
    const [slow] = planRungs(source(1280, 720, 15));
    expect(slow?.maxBitrate).toBeLessThan(low?.maxBitrate ?? 0);
  });

  test('Viewers are told of all, the original on top as it is', () => {
    const layers = withRungs(source(1280, 720));
    expect(layers).toHaveLength(LADDER_LAYERS);
    expect(layers.at(-1)).toEqual(source(1280, 720));
  });
});

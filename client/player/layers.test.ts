import { describe, expect, test } from '@jest/globals';
import { layerLabel, layerSentence } from './layers.ts';

const layer = { width: 1280, height: 720, framesPerSecond: 30, bitrate: 2_000_000 };

describe('layerLabel', () => {
  test.each([
    [1280, 720, '720p'],
    [720, 1280, '720p'],
    [320, 180, '180p'],
  ])('%i x %i is %s', (width, height, label) => {
    expect(layerLabel({ width, height })).toBe(label);
  });
});

describe('layerSentence', () => {
  test('says why', () => {
    expect(layerSentence(layer, 'bandwidth')).toBe(
      '720p: what your connection carries at present.',
    );
    expect(layerSentence(layer, null)).toBe('720p.');
    expect(layerSentence(undefined, 'best')).toBe('No picture is being sent at present.');
  });
});

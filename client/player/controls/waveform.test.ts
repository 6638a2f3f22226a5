import { describe, expect, test } from '@jest/globals';
import { barsOf, sliderTarget, waveformPath } from './waveform.ts';

describe('the waveform', () => {
  test('has the loudest peak of each piece, and the loudest of all is as high as there is room', () => {
    expect(barsOf([0, 10, 50, 20], 2)).toEqual([20, 100]);
    expect(barsOf([50, 25], 10)).toEqual([100, 50]);
  });

  test('shows silence, and what is not known, as a thin line', () => {
    expect(barsOf([0, 0, 0], 3)).toEqual([3, 3, 3]);
    expect(barsOf([], 2)).toEqual([3, 3]);
  });

  test('is drawn around the middle', () => {
    expect(waveformPath([100, 50])).toBe('M5 0v100M15 25v50');
  });

  test.each([
    ['ArrowLeft', 15],
    ['ArrowRight', 25],
    ['PageUp', 30],
    ['Home', 0],
    ['End', 100],
    ['x', null],
  ])('%s leads from 20 s to %s', (key, target) => {
    expect(sliderTarget(key, 20, 100)).toBe(target);
  });

  test('stays between beginning and end', () => {
    expect([sliderTarget('ArrowLeft', 2, 100), sliderTarget('ArrowRight', 98, 100)]).toEqual([
      0, 100,
    ]);
  });
});

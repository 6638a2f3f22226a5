import { describe, expect, test } from '@jest/globals';
import { heightsOf, indexForHeight } from './heights.ts';

const channel = {
  layers: [
    { width: 320, height: 180 },
    { width: 1280, height: 720 },
  ],
};

describe('heightsOf', () => {
  test('of a Channel its Layers, of an Asset its Renditions, standing ones by their width', () => {
    expect(heightsOf(null, channel)).toEqual([180, 720]);
    const files = [
      { role: 'poster', width: 640, height: 360 },
      { role: 'rendition', width: 720, height: 1280 },
      { role: 'rendition', width: 180, height: 320 },
      { role: 'rendition' },
    ];
    expect(heightsOf({ files }, null)).toEqual([180, 720]);
    expect(heightsOf(null, null)).toEqual([]);
  });
});

describe('indexForHeight', () => {
  test.each([
    [720, 1],
    [1080, 1],
    [719, 0],
    [100, 0],
  ])('%i', (wanted, index) => {
    expect(indexForHeight([180, 720], wanted)).toBe(index);
  });
});

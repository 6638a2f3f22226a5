import { describe, expect, test } from '@jest/globals';
import { rememberedTrack } from './caption-memory.ts';

const tracks = [{ language: 'en' }, { language: 'de-AT' }, { language: 'de' }];

describe('rememberedTrack', () => {
  test.each([
    [null, null],
    ['en', 0],
    ['de', 2],
    ['de-CH', 1],
    ['en-GB', 0],
    ['fr', null],
    ['', null],
  ])('%s', (chosen, index) => {
    expect(rememberedTrack(tracks, chosen)).toBe(index);
  });

  test('one without a language', () => {
    expect(rememberedTrack([{ language: '' }], '')).toBe(0);
  });
});

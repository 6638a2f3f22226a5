import { describe, expect, test } from '@jest/globals';
import { captionsFor } from './captions.ts';

const track = (language: string) => ({ kind: 'captions', language, mode: 'disabled' as const });
const tracks = [track('en'), track('de-AT'), track('')];

describe('captionsFor', () => {
  test.each([
    ['those that were shown last', ['de'], 2, 2],
    ['those in the person’s language', ['de-DE', 'en'], null, 0],
    ['of another region too', ['de-DE'], null, 1],
    ['else the first', ['fr'], null, 0],
  ])('%s', (_what, languages, last, index) => {
    expect(captionsFor(tracks, languages, last)).toBe(index);
  });

  test('none where there are none', () => {
    expect(captionsFor([], ['en'], 3)).toBeNull();
  });
});

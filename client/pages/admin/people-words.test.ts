import { describe, expect, test } from '@jest/globals';
import { agoWords, deviceWords, untilWords } from './people-words.ts';

describe('deviceWords', () => {
  const kit = 'AppleWebKit/537.36 (KHTML, like Gecko)';
  test.each([
    [`Mozilla/5.0 (X11; Linux x86_64) ${kit} Chrome/130.0.0.0 Safari/537.36`, 'Chrome on Linux'],
    [
      `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${kit} Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0`,
      'Edge on Windows',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
      'Safari on an iPhone',
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:131.0) Gecko/20100101 Firefox/131.0',
      'Firefox on a Mac',
    ],
    [`Mozilla/5.0 (Linux; Android 10; K) ${kit} Chrome/130.0.0.0 Mobile`, 'Chrome on Android'],
    ['curl/8.5.0', 'curl'],
    ['', 'Something that does not say what it is'],
    [null, 'Something that does not say what it is'],
  ])('%s', (userAgent, words) => {
    expect(deviceWords(userAgent)).toBe(words);
  });
});

describe('times', () => {
  const now = Date.parse('2026-03-01T12:00:00Z');
  const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString();
  test.each([
    [0, 'just now'],
    [-1, '1 minute ago'],
    [-59, '59 minutes ago'],
    [-60, '1 hour ago'],
    [-60 * 23, '23 hours ago'],
  ])('%d minutes: %s', (minutes, words) => {
    expect(agoWords(at(minutes), now)).toBe(words);
  });

  test.each([
    [-1, 'no more'],
    [59.9, 'for 1 hour'],
    [0.2, 'for 1 minute'],
    [10, 'for 10 minutes'],
    [120, 'for 2 hours'],
  ])('%d minutes: %s', (minutes, words) => {
    expect(untilWords(at(minutes), now)).toBe(words);
  });

  test('days are days', () => {
    expect(agoWords(at(-60 * 30), now)).toMatch(/2026/);
    expect(untilWords(at(60 * 30), now)).toMatch(/^until .*2026/);
  });
});

import { describe, expect, test } from '@jest/globals';
import { sortKey, tagKey, wordsOf } from './words.ts';

describe('wordsOf', () => {
  test('ends where PostgreSQL would, by words and by bytes', () => {
    const many = (length: number) =>
      Array.from({ length: 30_000 }, (_, index) => String(index).padStart(length, '𐐨')).join(' ');
    expect(wordsOf(many(1))).toHaveLength(20_000);
    const long = wordsOf(many(64));
    expect(Buffer.byteLength(long.join(''))).toBeGreaterThan(999_000);
    expect(Buffer.byteLength(long.join(''))).toBeLessThanOrEqual(1_000_000);
  });

  test.each([
    ['', []],
    ['  - !? ', []],
    ['Hello, hello WORLD', ['hello', 'world']],
    ['Crème brûlée', ['creme', 'brulee']],
    ['Straße STRASSE', ['strasse']],
    ['İstanbul ıssız', ['istanbul', 'issiz']],
    ['Øresund Łódź Æon', ['oresund', 'lodz', 'aeon']],
    ['ΟΔΟΣ οδός', ['οδοσ']],
    ['ﬁnal ①', ['final', '1']],
    ['holiday_2024-06.mp4', ['holiday', '2024', '06', 'mp4']],
    ["don't", ['don', 't']],
    ['東京 tower', ['東', '京', 'tower']],
    ['abc東京', ['abc', '東', '京']],
    ['हिन्दी', ['हिन्दी']],
    ['한국어', ['한국어']],
    ['\u0000a\u0000b', ['a', 'b']],
    ['x'.repeat(100), ['x'.repeat(64)]],
  ])('%j: %j', (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });
});

test('titles are sorted without regard to case and accents, numbers by size', () => {
  const titles = ['part 10', 'Part 2', 'élan', 'Zebra', 'Emil', ' apple'];
  const byKey = (a: string, b: string) => (sortKey(a) < sortKey(b) ? -1 : 1);
  expect(titles.toSorted(byKey)).toEqual([' apple', 'élan', 'Emil', 'Part 2', 'part 10', 'Zebra']);
});

test('tags that differ in case, accents or blanks are one', () => {
  expect(tagKey(' Été   2024 ')).toBe(tagKey('ete 2024'));
});

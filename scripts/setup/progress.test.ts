import { expect, test } from '@jest/globals';
import { duration, stateLine, wrap } from './progress.mjs';

test.each([
  [0, '0.0 s'],
  [950, '0.9 s'],
  [12_400, '12 s'],
  [59_600, '60 s'],
  [61_000, '1 min 1 s'],
  [3_599_900, '60 min 0 s'],
])('%s ms are %s', (ms, expected) => {
  expect(duration(ms)).toBe(expected);
});

test.each([
  [{}, '5.0 s'],
  [{ percent: 7.9 }, '  7 %  5.0 s'],
  [{ percent: 100, detail: 'compiling' }, '100 %  5.0 s  compiling'],
])('%j', (state, expected) => {
  expect(stateLine(state, 5000)).toBe(expected);
});

test('wraps at words, and leaves what is longer than a line whole', () => {
  expect(wrap('one two three', 7, '  ')).toBe('one two\n  three');
  expect(wrap('http://a.very.long.address and', 10)).toBe('http://a.very.long.address\nand');
});

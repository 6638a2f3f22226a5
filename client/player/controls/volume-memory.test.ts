import { expect, test } from '@jest/globals';
import { readVolume } from './volume-memory.ts';

test('a volume is read back, and nothing else is', () => {
  expect(['0', '0.4', '1'].map(readVolume)).toEqual([0, 0.4, 1]);
  expect([null, '', 'loud', '-0.1', '40', 'NaN'].map(readVolume)).toEqual(Array(6).fill(null));
});

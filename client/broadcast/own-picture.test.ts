import { expect, test } from '@jest/globals';
import { isBlack } from './own-picture.ts';

test.each([
  ['black', [0, 0, 0, 255, 12, 12, 16, 255], true],
  ['one bright spot', [0, 0, 0, 255, 90, 20, 20, 255], false],
  ['one colour, but none that is dark', [0, 0, 200, 255, 0, 0, 200, 255], false],
  ['nothing', [], false],
])('%s', (_name, rgba, expected) => {
  expect(isBlack(rgba)).toBe(expected);
});

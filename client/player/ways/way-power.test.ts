import { expect, test } from '@jest/globals';
import { sparesBattery } from './way-power.ts';

test.each([
  [undefined, false],
  [{ charging: true, level: 0.05 }, false],
  [{ charging: false, level: 0.1 }, true],
  [{ charging: false, level: 0.8 }, false],
  [{ charging: false }, false],
])('%j is spared: %s', (battery, expected) => {
  expect(sparesBattery(battery)).toBe(expected);
});

import { expect, test } from '@jest/globals';
import { placesBetween } from './positions.ts';

test.each([
  ['the first ones', undefined, undefined, 2, [1024, 2048]],
  ['at the end', 2048, undefined, 1, [3072]],
  ['at the beginning', undefined, 1024, 2, [-1024, 0]],
  ['in between', 1024, 2048, 3, [1280, 1536, 1792]],
  ['where there is no room', 1, 1 + 1e-9, 1, undefined],
])('%s', (_what, before, after, count, expected) => {
  expect(placesBetween(before, after, count)).toEqual(expected);
});

test('there is room for some thirty at the same place before all are numbered anew', () => {
  let after = 2048;
  let count = 0;
  for (;;) {
    const [place] = placesBetween(1024, after, 1) ?? [];
    if (place === undefined) break;
    expect(place).toBeGreaterThan(1024);
    expect(place).toBeLessThan(after);
    after = place;
    count += 1;
  }
  expect(count).toBeGreaterThan(25);
});

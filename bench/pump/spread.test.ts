import { expect, test } from '@jest/globals';
import { startOffsetsMs } from './spread.ts';

test('starts are spread over a second, none in step with frames of 33 or 20 ms', () => {
  const offsets = startOffsetsMs(100);
  expect(offsets[0]).toBe(0);
  expect(offsets.at(-1)).toBeLessThan(1000);
  const gaps = offsets.slice(1).map((offset, index) => offset - (offsets[index] ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThan(3);
  expect(Math.max(...gaps)).toBeLessThan(20);
  expect(new Set(offsets.map((offset) => Math.round((offset % 100) * 10))).size).toBeGreaterThan(
    80,
  );
});

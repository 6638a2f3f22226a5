import { describe, expect, test } from '@jest/globals';
import { rungFor } from './quality-memory.ts';

const rungs = [
  { width: 320, height: 180 },
  { width: 640, height: 360 },
  { width: 1280, height: 720 },
];

describe('rungFor', () => {
  test.each([
    [null, 'auto'],
    [360, 1],
    [480, 1],
    [2160, 2],
    [100, 0],
  ])('chosen %s', (chosen, rung) => {
    expect(rungFor(rungs, chosen)).toBe(rung);
  });

  test('is automatic where there is nothing to choose', () => {
    expect(rungFor([], 360)).toBe('auto');
  });
});

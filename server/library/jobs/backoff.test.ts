import { expect, test } from '@jest/globals';
import { SfumatoError } from '../../../signaling/contract/index.ts';
import { backoffMs, isWorthAnotherTry } from './backoff.ts';

test('a job rests longer each time, five minutes at most', () => {
  expect([1, 2, 3, 4, 5, 6, 50].map(backoffMs)).toEqual([
    1_000, 4_000, 16_000, 64_000, 256_000, 300_000, 300_000,
  ]);
});

test.each([
  [new SfumatoError('unsupportedMedia', ''), false],
  [new SfumatoError('unavailable', ''), true],
  [new SfumatoError('timeout', ''), true],
  [new Error('anything'), true],
  ['thrown', true],
])('%s is worth another try: %s', (error, expected) => {
  expect(isWorthAnotherTry(error)).toBe(expected);
});

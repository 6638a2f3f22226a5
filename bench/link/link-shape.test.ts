import { describe, expect, test } from '@jest/globals';
import { parseShape, queueLimitBytes } from './link-shape.ts';

describe('a link shape in words', () => {
  test('is read with its units', () => {
    const words = { rate: '500k', queue: '64k', delay: '40', loss: '1.5%', 'reorder-delay': '5' };
    expect(parseShape(words)).toEqual({
      rate: 500_000,
      queue: { bytes: 64_000 },
      delay: 40,
      loss: 0.015,
      reorderDelay: 5,
    });
    expect(parseShape({ queue: '100ms', reorder: '0.1' })).toEqual({
      queue: { ms: 100 },
      reorder: 0.1,
    });
  });

  test('takes a limit away with `off`', () => {
    expect(parseShape({ rate: 'off' })).toEqual({ rate: undefined });
  });

  test('is refused where it makes no sense, and says what', () => {
    expect(() => parseShape({ rate: 'fast' })).toThrow('fast is no number');
    expect(() => parseShape({ loss: '101%' })).toThrow('more than everything');
    expect(() => parseShape({ speed: '1' })).toThrow('speed is none of');
  });
});

test('a queue is as long as its time at the rate, 200 ms by default', () => {
  expect(queueLimitBytes({ rate: 800_000 })).toBe(20_000);
  expect(queueLimitBytes({ rate: 800_000, queue: { ms: 50 } })).toBe(5_000);
  expect(queueLimitBytes({ queue: { bytes: 7 } })).toBe(7);
  expect(queueLimitBytes({})).toBe(Number.POSITIVE_INFINITY);
});

import { describe, expect, test } from '@jest/globals';
import { interleave, median, ratios, summarize } from './statistics.ts';

describe('statistics', () => {
  test('the median is the middle, or between the two middles', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([10, 9])).toBe(9.5);
  });

  test('a summary needs a measurement', () => {
    expect(summarize([2, 8, 5])).toEqual({ median: 5, min: 2, max: 8, count: 3 });
    expect(() => summarize([])).toThrow('Nothing was measured');
  });

  test('two things are measured in turn', async () => {
    const order: string[] = [];
    const note = (name: string) => (round: number) => {
      order.push(`${name}${round}`);
      return Promise.resolve(round);
    };
    expect(await interleave(2, note('a'), note('b'))).toEqual({ a: [0, 1], b: [0, 1] });
    expect(order).toEqual(['a0', 'b0', 'a1', 'b1']);
  });

  test('ratios are taken pair by pair', () => {
    expect(ratios([2, 9], [1, 3])).toEqual([2, 3]);
  });
});

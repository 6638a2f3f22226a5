import { describe, expect, test } from '@jest/globals';
import { SequenceCount } from './sequence-count.ts';

function countOf(numbers: readonly number[]): { sent: number; received: number } {
  const count = new SequenceCount();
  for (const number of numbers) count.count(number);
  return { sent: count.sent, received: count.received };
}

describe('packets counted by sequence number', () => {
  test('include those that were lost', () => {
    expect(countOf([10, 11, 14])).toEqual({ sent: 5, received: 3 });
  });

  test('go on over the wrap', () => {
    expect(countOf([65_534, 65_535, 0, 1])).toEqual({ sent: 4, received: 4 });
  });

  test('are not counted twice when they come late', () => {
    expect(countOf([65_535, 1, 0, 2])).toEqual({ sent: 4, received: 4 });
  });
});

import { describe, expect, test } from '@jest/globals';
import { clockWords, spokenTime } from './time-words.ts';

describe('times for people', () => {
  test.each([
    [0, '0:00', '0 seconds'],
    [61, '1:01', '1 minute 1 second'],
    [65.9, '1:05', '1 minute 5 seconds'],
    [3_600, '1:00:00', '1 hour'],
    [7_384, '2:03:04', '2 hours 3 minutes 4 seconds'],
    [Number.NaN, '0:00', '0 seconds'],
    [-1, '0:00', '0 seconds'],
  ])('%d seconds', (seconds, clock, spoken) => {
    expect([clockWords(seconds), spokenTime(seconds)]).toEqual([clock, spoken]);
  });
});

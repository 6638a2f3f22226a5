import { describe, expect, test } from '@jest/globals';
import { addDays, dateAt, momentOf, weekdayOf } from './local-time.ts';

const HALF_PAST_TWO = 2.5 * 3600;

describe('a time of day somewhere', () => {
  test.each([
    ['UTC', { year: 2026, month: 1, day: 2 }, 20 * 3600, '2026-01-02T20:00:00Z'],
    ['Europe/Rome', { year: 2026, month: 1, day: 2 }, 20 * 3600, '2026-01-02T19:00:00Z'],
    ['Europe/Rome', { year: 2026, month: 7, day: 2 }, 20 * 3600, '2026-07-02T18:00:00Z'],
    ['Asia/Kolkata', { year: 2026, month: 7, day: 2 }, 0, '2026-07-01T18:30:00Z'],
    // Forward: 02:30 is left out, and comes as 03:30.
    ['Europe/Rome', { year: 2026, month: 3, day: 29 }, HALF_PAST_TWO, '2026-03-29T01:30:00Z'],
    ['America/New_York', { year: 2026, month: 3, day: 8 }, HALF_PAST_TWO, '2026-03-08T07:30:00Z'],
    // Back: 02:30 comes twice, and the first counts.
    ['Europe/Rome', { year: 2026, month: 10, day: 25 }, HALF_PAST_TWO, '2026-10-25T00:30:00Z'],
    ['America/New_York', { year: 2026, month: 11, day: 1 }, 1.5 * 3600, '2026-11-01T05:30:00Z'],
    // Half an hour, in the south.
    ['Australia/Lord_Howe', { year: 2026, month: 4, day: 5 }, 6_300, '2026-04-04T14:45:00Z'],
  ])('%s %j %i s', (zone, date, seconds, expected) => {
    expect(new Date(momentOf(date, seconds, zone)).toISOString()).toBe(
      new Date(expected).toISOString(),
    );
  });

  test('days follow each other over months and years, and have their names', () => {
    expect(addDays({ year: 2026, month: 12, day: 31 }, 1)).toEqual({
      year: 2027,
      month: 1,
      day: 1,
    });
    expect(addDays({ year: 2028, month: 3, day: 1 }, -1)).toEqual({
      year: 2028,
      month: 2,
      day: 29,
    });
    expect(weekdayOf({ year: 2026, month: 1, day: 5 })).toBe(0);
    expect(weekdayOf({ year: 2026, month: 1, day: 4 })).toBe(6);
    expect(dateAt(Date.parse('2026-01-01T23:30:00Z'), 'Europe/Rome').day).toBe(2);
  });
});

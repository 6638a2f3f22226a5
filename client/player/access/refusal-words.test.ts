import { describe, expect, test } from '@jest/globals';
import { WATCH_REFUSALS } from '../../../signaling/contract/index.ts';
import { countdownWords, dayAndTime, mayTryAgain, refusalWords } from './refusal-words.ts';

describe('words for a refusal', () => {
  test('each has its own', () => {
    const titles = WATCH_REFUSALS.map((refusal) => refusalWords(refusal, false));
    expect(titles.every(({ title, words }) => title !== '' && words !== '')).toBe(true);
    expect(new Set(titles.map(({ words }) => words)).size).toBe(WATCH_REFUSALS.length);
  });

  test('where the password is asked for again, it is said why', () => {
    expect(refusalWords('revoked', true).title).toBe('The password has changed');
    expect(refusalWords('password', true)).toEqual(refusalWords('password', false));
  });

  test('a way on is offered, but for those that come by themselves or by their own button', () => {
    const without = WATCH_REFUSALS.filter((refusal) => !mayTryAgain(refusal, false));
    expect(without).toEqual(['signIn', 'notYet']);
    expect(mayTryAgain('expired', true)).toBe(false);
  });
});

test.each<[number, string]>([
  [-1, 'now'],
  [0.2, 'in 0:01'],
  [65, 'in 1:05'],
  [3_600, 'in 1:00:00'],
  [36 * 3_600, 'in 36:00:00'],
  [50 * 3_600, 'in 2 days'],
])('countdownWords(%p) is %s', (seconds, words) => {
  expect(countdownWords(seconds)).toBe(words);
});

test('the day and the time', () => {
  expect(dayAndTime(Date.UTC(2026, 10, 23, 20), 'UTC')).toMatch(/Monday.*23 November.*20:00/);
});

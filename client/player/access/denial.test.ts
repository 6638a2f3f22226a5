import { describe, expect, test } from '@jest/globals';
import { SfumatoError, WATCH_REFUSALS } from '../../../signaling/contract/index.ts';
import { askAgainMs, denialIn, denialOf, parseDenial } from './denial.ts';

describe('what the server said', () => {
  test('of an error of a request', () => {
    const error = new SfumatoError('overloaded', 'No room.', {
      refusal: 'full',
      retryAfterSeconds: 3,
    });
    expect(denialOf(error)).toEqual({
      refusal: 'full',
      message: 'No room.',
      retryAfterSeconds: 3,
    });
    expect(denialOf(new SfumatoError('forbidden', 'No.'))).toBeNull();
    expect(denialOf(new Error('No.'))).toBeNull();
  });

  test('of an event', () => {
    expect(parseDenial('{"refusal":"over","message":"Over."}')).toEqual({
      refusal: 'over',
      message: 'Over.',
    });
    expect(() => parseDenial('{"refusal":"whim","message":"No."}')).toThrow();
  });

  test.each<[string, string, object | null]>([
    [
      'a refusal',
      '{"error":{"code":"unauthorized","message":"A password.","refusal":"password"}}',
      { refusal: 'password', message: 'A password.' },
    ],
    ['another error', '{"error":{"code":"notFound","message":"None."}}', null],
    ['no JSON', '<html>', null],
  ])('of an answer: %s', async (_name, body, expected) => {
    expect(await denialIn(new Response(body, { status: 401 }))).toEqual(expected);
  });
});

describe('askAgainMs', () => {
  test.each(WATCH_REFUSALS.filter((one) => one !== 'full' && one !== 'notYet'))(
    '%s is not asked again by itself',
    (refusal) => {
      expect(askAgainMs({ refusal }, 0, 0)).toBeNull();
    },
  );

  test.each<[number | undefined, number, number]>([
    [10, 0, 10_000],
    [9.2, 1, 11_000],
    [undefined, 0, 30_000],
    [90_000, 0, 3_600_000],
  ])('what begins in %p s, random %p', (retryAfterSeconds, random, expected) => {
    expect(askAgainMs({ refusal: 'notYet', retryAfterSeconds }, 0, random)).toBe(expected);
  });

  test.each<[number, number, number]>([
    [0, 0, 5_000],
    [2, 0, 20_000],
    [9, 0, 60_000],
    [9, 1, 80_000],
  ])('what is full, %p tries, random %p', (tries, random, expected) => {
    expect(askAgainMs({ refusal: 'full' }, tries, random)).toBeCloseTo(expected);
  });
});

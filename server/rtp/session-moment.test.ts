import { describe, expect, test } from '@jest/globals';
import { momentOf, orderAt } from './session-moment.ts';
import type { SessionOrder } from './session-pump.ts';

const ORDER: SessionOrder = { at: 20, atMs: 5_000, rate: 1, rendition: 0, burstBytes: 1_000 };

describe('an order for a moment', () => {
  test.each<[string, SessionOrder, number, number]>([
    ['in time', ORDER, 4_960, 20],
    ['late', ORDER, 5_250, 20.25],
    ['late, at twice the speed', { ...ORDER, rate: 2 }, 5_250, 20.5],
    ['late, of what stands', { ...ORDER, rate: 0 }, 9_000, 20],
    ['for no moment', { ...ORDER, atMs: undefined }, 9_000, 20],
  ])('%s', (_name, order, nowMs, at) => {
    expect(orderAt(order, nowMs)).toEqual({ ...order, at });
  });

  test.each<[string, SessionOrder, number, number | undefined]>([
    ['the picture of it', ORDER, 20, 5_000],
    ['the one before', ORDER, 19.96, 4_960],
    ['one later', { ...ORDER, rate: 2 }, 21, 5_500],
    ['of what stands', { ...ORDER, rate: 0 }, 20, undefined],
    ['for no moment', { ...ORDER, atMs: undefined }, 20, undefined],
  ])('says when %s is sent', (_name, order, position, moment) => {
    const epochMs = momentOf(order, position);
    if (moment === undefined) expect(epochMs).toBeUndefined();
    else expect(epochMs).toBeCloseTo(moment, 6);
  });

  test('however late it is carried out, every picture has the same moment', () => {
    for (const nowMs of [4_900, 5_000, 5_777, 60_000]) {
      const late = { ...orderAt(ORDER, nowMs), atMs: Math.max(nowMs, 5_000) };
      expect(momentOf(late, 100)).toBeCloseTo(momentOf(ORDER, 100) ?? 0, 6);
    }
  });
});

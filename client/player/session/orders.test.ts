import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Playhead, Steering } from '../../../signaling/contract/index.ts';
import { Orders } from './orders.ts';

const PLAYHEAD: Playhead = {
  ...{ change: 1, rtpTimestamp: 0, position: 0, rate: 0, rendition: 0, ended: false },
};

/** Orders of somebody whose answers are in our hands. */
function ordering() {
  const asked: Steering[] = [];
  const answers: ((playhead: Playhead) => void)[] = [];
  const refusals: ((error: Error) => void)[] = [];
  const heard: string[] = [];
  const ask = (steering: Steering) => {
    asked.push(steering);
    return new Promise<Playhead>((resolve, reject) => {
      answers.push(resolve);
      refusals.push(reject);
    });
  };
  const orders = new Orders(ask, {
    answered: () => heard.push('answered'),
    failed: () => heard.push('failed'),
    overdue: (times) => heard.push(`overdue ${times}`),
  });
  const answer = async (index: number) => {
    answers[index]?.(PLAYHEAD);
    await jest.advanceTimersByTimeAsync(0);
  };
  const refuse = async (index: number) => {
    refusals[index]?.(new Error('no socket'));
    await jest.advanceTimersByTimeAsync(0);
  };
  return { orders, asked, heard, answer, refuse };
}

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('orders', () => {
  test('the newest wins: what was asked before is not heard any more', async () => {
    const { orders, asked, heard, answer } = ordering();
    orders.give({ at: 1 });
    orders.give({ at: 2 });
    expect(asked).toEqual([{ at: 1 }, { at: 2 }]);
    await answer(0);
    expect([heard, orders.isAnswered]).toEqual([[], false]);
    await answer(1);
    expect([heard, orders.isAnswered]).toEqual([['answered'], true]);
    expect(orders.current).toEqual({ at: 2 });
    orders.settled();
    expect(orders.wanted).toBeNull();
  });

  test('a picture that does not come is asked for again, each time later', async () => {
    const { orders, asked, heard, answer } = ordering();
    orders.give({ at: 1 });
    await answer(0);
    await jest.advanceTimersByTimeAsync(999);
    expect(asked).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(1);
    expect([asked.length, orders.isAnswered]).toEqual([2, false]);
    await answer(1);
    await jest.advanceTimersByTimeAsync(1_999);
    expect(asked).toHaveLength(2);
    await jest.advanceTimersByTimeAsync(1);
    expect(asked).toHaveLength(3);
    expect(heard).toEqual(['answered', 'overdue 1', 'answered', 'overdue 2']);
    orders.settled();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(3);
  });

  test('what could not be asked is asked again', async () => {
    const { orders, asked, heard, refuse } = ordering();
    orders.give({ at: 1 });
    await refuse(0);
    expect(heard).toEqual(['failed']);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(asked).toEqual([{ at: 1 }, { at: 1 }]);
  });
});

describe('while the bar is dragged', () => {
  const scrub = (at: number) => ({ at, scrub: true });

  test('one is under way, and the last of those that come meanwhile is next', async () => {
    const { orders, asked, answer } = ordering();
    orders.give(scrub(1));
    for (const at of [2, 3, 4]) orders.give(scrub(at));
    expect(asked).toEqual([scrub(1)]);
    expect(orders.wanted).toEqual(scrub(4));
    await answer(0);
    orders.settled();
    expect(asked).toEqual([scrub(1), scrub(4)]);
    orders.settled();
    expect(orders.wanted).toBeNull();
  });

  test('one that takes too long is given up for the next', async () => {
    const { orders, asked } = ordering();
    orders.give(scrub(1));
    await jest.advanceTimersByTimeAsync(400);
    orders.give(scrub(2));
    expect(asked).toEqual([scrub(1), scrub(2)]);
  });

  test('its end waits for nothing', () => {
    const { orders, asked } = ordering();
    orders.give(scrub(1));
    orders.give(scrub(2));
    orders.give({ at: 3 });
    expect(asked).toEqual([scrub(1), { at: 3 }]);
    expect(orders.wanted).toEqual({ at: 3 });
  });
});

test('what a Session was opened with is asked for only if its picture does not come', async () => {
  const { orders, asked } = ordering();
  orders.opened({ at: 5 });
  expect([asked.length, orders.isAnswered]).toEqual([0, false]);
  orders.begun();
  expect(orders.isAnswered).toBe(true);
  await jest.advanceTimersByTimeAsync(4_000);
  expect(asked).toEqual([{ at: 5 }]);
});

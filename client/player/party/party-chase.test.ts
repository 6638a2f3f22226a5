import { describe, expect, test } from '@jest/globals';
import { BEFORE_THE_CHASE, chase, type ChaseState, type ChaseView } from './party-chase.ts';

const AT_TEN: ChaseView = {
  ...{ currentTime: 10, target: 10, paused: false, busy: false, rate: 1 },
};

describe('a player that keeps its own time', () => {
  test.each<[string, Partial<ChaseView>, { seekTo: number | null; rate: number }]>([
    ['is left alone when it is there', {}, { seekTo: null, rate: 1 }],
    ['and when it is nearly there', { currentTime: 10.015 }, { seekTo: null, rate: 1 }],
    [
      'plays faster when it is a little behind',
      { currentTime: 9.97 },
      { seekTo: null, rate: 1.03 },
    ],
    ['slower when it is ahead', { currentTime: 10.05 }, { seekTo: null, rate: 0.95 }],
    ['never by more than is heard', { currentTime: 9.5 }, { seekTo: null, rate: 1.08 }],
    ['goes there when it is far off', { currentTime: 3 }, { seekTo: 10.15, rate: 1 }],
    ['is not judged while it seeks', { currentTime: 3, busy: true }, { seekTo: null, rate: 1 }],
    ['aims ahead by its speed', { currentTime: 3, rate: 2 }, { seekTo: 10.3, rate: 2 }],
    [
      'paused, shows the same picture',
      { paused: true, currentTime: 9.97 },
      { seekTo: 10, rate: 1 },
    ],
    ['paused, and stays', { paused: true, currentTime: 10.001 }, { seekTo: null, rate: 1 }],
  ])('%s', (_name, view, expected) => {
    const { seekTo, rate } = chase(BEFORE_THE_CHASE, { ...AT_TEN, ...view });
    expect(rate).toBeCloseTo(expected.rate, 6);
    if (expected.seekTo === null) expect(seekTo).toBeNull();
    else expect(seekTo).toBeCloseTo(expected.seekTo, 6);
  });

  test('a pull goes on until it is near', () => {
    const pulling: ChaseState = { ...BEFORE_THE_CHASE, pulling: true };
    expect(chase(pulling, { ...AT_TEN, currentTime: 9.985 }).rate).toBeCloseTo(1.015, 6);
    const near = chase(pulling, { ...AT_TEN, currentTime: 9.995 });
    expect(near.rate).toBe(1);
    expect(near.state.pulling).toBe(false);
  });

  test.each([
    ['late', 0.5, 0.65],
    ['early', -0.1, 0.05],
  ])('learns from a seek that came %s', (_name, behind, cost) => {
    const sought = chase(BEFORE_THE_CHASE, { ...AT_TEN, currentTime: 3 }).state;
    const after = chase(sought, { ...AT_TEN, currentTime: 10 - behind }).state;
    expect(after.seekCost).toBeCloseTo(cost, 6);
    expect(after.soughtTo).toBeNull();
  });

  test.each([
    ['quick seeks, a good clock', 0.05, 200],
    ['slow seeks', 1.2, 200],
    ['a tab in the background', 0.3, 1_000],
  ])('comes together and stays: %s', (_name, seekSeconds, tickMs) => {
    const worst = follow({ seekSeconds, tickMs, from: -30 });
    expect(worst).toBeLessThan(0.03);
  });
});

/** A player behind the party, whose seeks take their time. @returns how far it is off after 30 s, at most */
function follow(options: { seekSeconds: number; tickMs: number; from: number }): number {
  const tick = options.tickMs / 1000;
  let state = BEFORE_THE_CHASE;
  let [current, rate, busyFor, worst] = [100 + options.from, 1, 0, 0];
  for (let target = 100; target < 160; target += tick) {
    const busy = busyFor > 0;
    const step = chase(state, { currentTime: current, target, paused: false, busy, rate: 1 });
    ({ state, rate } = step);
    if (step.seekTo !== null) [current, busyFor] = [step.seekTo, options.seekSeconds];
    else if (busy) busyFor -= tick;
    else current += rate * tick;
    if (target > 130) worst = Math.max(worst, Math.abs(current - target - tick));
  }
  return worst;
}

import { describe, expect, test } from '@jest/globals';
import {
  AT_THE_START,
  nextPlayout,
  type PlayoutReading,
  type PlayoutState,
} from './playout-delay.ts';

const calm: PlayoutReading = {
  nowMs: 0,
  delayMs: 100,
  freezes: 0,
  framesDropped: 0,
  lossPercent: 0,
  pictureMs: 20,
  soundMs: 80,
  lagMs: 60,
};

/** Looks twice a second, the later ones like the last that is given. */
function run(state: PlayoutState, fromMs: number, looks: number, change: Partial<PlayoutReading>) {
  let step = { state, targets: { picture: 0, sound: 0 }, resync: false };
  let resyncs = 0;
  for (let index = 0; index < looks; index += 1) {
    step = nextPlayout(step.state, { ...calm, ...change, nowMs: fromMs + index * 500 });
    resyncs += step.resync ? 1 : 0;
  }
  return { ...step, resyncs };
}

describe('the guard against a bad link', () => {
  test('a calm link has none', () => {
    expect(run(AT_THE_START, 0, 20, {}).targets).toEqual({ picture: 0, sound: 0 });
  });

  test('a freeze raises it by one step, further ones up to a bound', () => {
    const { state } = run(AT_THE_START, 0, 2, {});
    expect(run(state, 2_000, 3, { freezes: 1 }).targets.picture).toBe(20);
    let bad = state;
    for (let freezes = 1; freezes < 20; freezes += 1) {
      bad = run(bad, freezes * 2_000, 1, { freezes }).state;
    }
    expect(bad.guardMs).toBe(80);
  });

  test('loss that nobody can make good in time raises it', () => {
    expect(run(AT_THE_START, 0, 2, { lossPercent: 12 }).targets.picture).toBe(20);
    expect(run(AT_THE_START, 0, 20, { lossPercent: 2 }).targets.picture).toBe(0);
  });

  test('clean for a while: a step less, and at last none', () => {
    const { state } = run({ ...AT_THE_START, guardMs: 60, relaxedAtMs: 0 }, 500, 17, {});
    expect(state.guardMs).toBe(40);
    expect(run(state, 9_000, 40, {}).state.guardMs).toBe(0);
  });
});

describe('picture and sound', () => {
  test.each<[string, Partial<PlayoutReading>, object]>([
    ['within what nobody notices nothing waits', { lagMs: 95 }, { picture: 0, sound: 0 }],
    ['not known', { lagMs: null }, { picture: 0, sound: 0 }],
  ])('%s', (_name, change, expected) => {
    expect(run(AT_THE_START, 0, 10, change).targets).toEqual(expected);
  });

  /** What a browser does: it waits as long as the target says, or as the link demands. */
  function settle(soundMs: number, from = AT_THE_START) {
    let state = from;
    let pictureMs = 20;
    for (let look = 0; look < 60; look += 1) {
      const lagMs = soundMs - pictureMs;
      const step = nextPlayout(state, { ...calm, nowMs: look * 500, soundMs, pictureMs, lagMs });
      state = step.state;
      pictureMs = Math.max(20, step.targets.picture);
    }
    return { state, pictureMs, lagMs: soundMs - pictureMs };
  }

  test('the picture waits for a late sound, no longer than it must', () => {
    const { lagMs, pictureMs } = settle(400);
    expect(lagMs).toBeGreaterThanOrEqual(60);
    expect(lagMs).toBeLessThanOrEqual(100);
    expect(pictureMs).toBeLessThanOrEqual(340);
  });

  test('and no longer at all when the sound is in time again', () => {
    expect(settle(80, settle(400).state)).toMatchObject({ pictureMs: 20 });
  });

  test('a sound that is ahead waits', () => {
    expect(run(AT_THE_START, 0, 3, { lagMs: -120 }).targets.sound).toBeGreaterThan(80);
  });
});

describe('a delay that crept up', () => {
  const settled = run(AT_THE_START, 0, 20, {}).state;

  test('is brought back by beginning anew, once', () => {
    expect(run(settled, 10_000, 40, { delayMs: 900 }).resyncs).toBe(1);
  });

  test.each<[string, Partial<PlayoutReading>]>([
    ['a little more', { delayMs: 300 }],
    ['not known', { delayMs: null }],
  ])('%s is let be', (_name, change) => {
    expect(run(settled, 10_000, 100, change).resyncs).toBe(0);
  });

  test('a device that cannot keep up is not asked to begin anew', () => {
    let state = settled;
    for (let look = 0; look < 100; look += 1) {
      const nowMs = 10_000 + look * 500;
      const step = nextPlayout(state, { ...calm, nowMs, delayMs: 900, framesDropped: look * 5 });
      expect(step.resync).toBe(false);
      state = step.state;
    }
  });

  test('a moment of it is let be', () => {
    const { state, resyncs } = run(settled, 10_000, 10, { delayMs: 900 });
    expect(resyncs).toBe(0);
    expect(run(state, 15_000, 10, {}).state.highSinceMs).toBeNull();
  });

  test('where it does not help it is tried less and less often', () => {
    expect(run(settled, 10_000, 1_200, { delayMs: 900 }).resyncs).toBeLessThanOrEqual(5);
  });
});

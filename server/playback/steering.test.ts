import { describe, expect, test } from '@jest/globals';
import type { Steering } from '../../signaling/contract/index.ts';
import {
  beginning,
  isPauseOnly,
  isSeek,
  orderOf,
  steered,
  type SteeringState,
} from './steering.ts';

const ALLOWED = { rendition: 2, burstBytes: 60_000 };
const PLAYING: SteeringState = { change: 7, at: 10, paused: false, rate: 1, scrub: false };
const PAUSED: SteeringState = { ...PLAYING, paused: true };
const FAST: SteeringState = { ...PLAYING, rate: 2 };
const SCRUBBING: SteeringState = { ...PAUSED, scrub: true };

describe('what a person wants of a Session', () => {
  test.each<[string, SteeringState, Steering, Partial<SteeringState>, object]>([
    ['a seek while it plays', PLAYING, { at: 42 }, { at: 42, paused: false }, { at: 42, rate: 1 }],
    [
      'a seek while it is paused',
      PAUSED,
      { at: 42 },
      { at: 42, paused: true },
      { at: 42, rate: 0 },
    ],
    ['pause there', PLAYING, { at: 42, paused: true }, { paused: true }, { at: 42, rate: 0 }],
    ['play', PAUSED, { paused: false }, { at: 10, paused: false }, { at: 10, rate: 1 }],
    ['play from there', PAUSED, { at: 3, paused: false }, { at: 3 }, { at: 3, rate: 1 }],
    ['faster', PLAYING, { rate: 1.5 }, { rate: 1.5 }, { at: 10, rate: 1.5 }],
    ['faster, later', PAUSED, { rate: 1.5 }, { rate: 1.5, paused: true }, { rate: 0 }],
    ['the speed stays', FAST, { at: 42 }, { rate: 2 }, { at: 42, rate: 2 }],
    ['a step on', PAUSED, { frames: 1 }, { at: 10 }, { at: 10, frames: 1, rate: 0 }],
    ['a step back from there', PAUSED, { at: 9, frames: -1 }, { at: 9 }, { at: 9, frames: -1 }],
    ['no step', PAUSED, { frames: 0 }, {}, { at: 10, rate: 0 }],
    ['a drag', PAUSED, { at: 5, scrub: true }, { scrub: true }, { at: 5, rendition: 0 }],
    ['the end of a drag', SCRUBBING, { at: 5 }, { scrub: false }, { at: 5, rendition: 0 }],
    ['the end of a drag where it stands', SCRUBBING, { at: 10 }, {}, { at: 10, rendition: 2 }],
    ['nothing', PLAYING, {}, { at: 10, paused: false, rate: 1 }, { at: 10, rate: 1 }],
  ])('%s', (_name, before, steering, state, order) => {
    const after = steered(before, steering, ALLOWED);
    expect(after.state).toMatchObject({ ...state, change: 8 });
    expect(after.order).toMatchObject({ burstBytes: 60_000, ...order });
  });

  test.each<[string, SteeringState, Steering, object]>([
    ['quick to decode while it plays', PLAYING, { at: 42 }, { rendition: 2, isQuick: true }],
    ['in the lowest Rendition while it is paused', PAUSED, { at: 42 }, { rendition: 0 }],
    ['and sharp where it stands', PAUSED, { at: 10.01, paused: false }, { isQuick: false }],
    ['and sharp for a step', PAUSED, { at: 9, frames: 1 }, { rendition: 2, isQuick: false }],
  ])('what is far away comes %s', (_name, before, steering, expected) => {
    const { order } = steered(before, steering, ALLOWED);
    const isQuick = order.burstPixels !== undefined;
    expect({ ...order, isQuick }).toMatchObject(expected);
  });

  test('a step is part of one order only', () => {
    const { state, order } = steered(PAUSED, { frames: 1 }, ALLOWED);
    expect(order.frames).toBe(1);
    expect(orderOf(state, ALLOWED)).not.toHaveProperty('frames');
    expect(steered(PAUSED, {}, ALLOWED).order).not.toHaveProperty('frames');
  });

  test('a Session begins where it was opened, as it was', () => {
    expect(orderOf(beginning(12, false), ALLOWED)).toMatchObject({ at: 12, rate: 1 });
    expect(orderOf(beginning(12, true), ALLOWED)).toMatchObject({ at: 12, rate: 0 });
  });

  test.each<[Steering, boolean, boolean]>([
    [{ paused: true }, true, false],
    [{ paused: true, rate: 2 }, true, false],
    [{ paused: true, at: 1 }, false, true],
    [{ paused: true, at: 0 }, false, true],
    [{ paused: true, frames: 1 }, false, true],
    [{ paused: false }, false, false],
    [{ rate: 2 }, false, false],
  ])('%o', (steering, pauseOnly, seek) => {
    expect([isPauseOnly(steering), isSeek(steering)]).toEqual([pauseOnly, seek]);
  });
});

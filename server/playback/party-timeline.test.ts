import { describe, expect, test } from '@jest/globals';
import { type PartyTimeline, positionAt } from '../../signaling/contract/index.ts';
import {
  afterEnd,
  courseAt,
  endsAtMs,
  LEAD_MS,
  newTimeline,
  SEND_AHEAD_MS,
  steered,
} from './party-timeline.ts';

const DURATION = 60;
const NOW = 1_000_000;
const now = { nowMs: NOW, duration: DURATION };

const standing: PartyTimeline = { ...newTimeline(10, NOW - 5_000) };
/** Ten seconds in at `NOW`. */
const playing: PartyTimeline = { ...standing, paused: false, position: 5, atServerMs: NOW - 5_000 };

describe('where a party is', () => {
  test.each<[string, PartyTimeline, number, number]>([
    ['paused, it stands', standing, NOW + 9_000, 10],
    ['playing, it moves', playing, NOW, 10],
    ['faster', { ...playing, rate: 2 }, NOW, 15],
    ['slower', { ...playing, rate: 0.5 }, NOW, 7.5],
    ['not before its moment', playing, NOW - 6_000, 5],
    ['stands at the end', playing, NOW + 90_000, DURATION],
    ['begins again', { ...playing, loop: true }, NOW + 52_000, 2],
    ['paused behind the end', { ...standing, position: 70 }, NOW, DURATION],
  ])('%s', (_name, timeline, atMs, position) => {
    expect(positionAt(timeline, atMs, DURATION)).toBeCloseTo(position, 9);
  });

  test('an Asset without length has one place', () => {
    expect(positionAt({ ...playing, loop: true }, NOW, 0)).toBe(0);
  });
});

describe('what a steering makes of it', () => {
  const soon = NOW + LEAD_MS;
  test.each<[string, PartyTimeline, Parameters<typeof steered>[1], Partial<PartyTimeline>]>([
    ['play', standing, { paused: false }, { paused: false, position: 10, atServerMs: soon }],
    ['pause', playing, { paused: true }, { paused: true, position: 10, atServerMs: NOW }],
    [
      'pause at what was seen',
      playing,
      { paused: true, at: 9.96 },
      { paused: true, position: 9.96 },
    ],
    ['seek while paused', standing, { at: 30 }, { paused: true, position: 30 }],
    ['seek while playing', playing, { at: 30 }, { paused: false, position: 30, atServerMs: soon }],
    ['seek and play', standing, { at: 3, paused: false }, { position: 3, atServerMs: soon }],
    ['seek behind the end', standing, { at: 99 }, { position: DURATION }],
    ['play at the end', { ...standing, position: DURATION }, { paused: false }, { position: 0 }],
    ['to the very end, playing', playing, { at: DURATION, paused: false }, { position: DURATION }],
    ['the speed of what stands', standing, { rate: 2 }, { rate: 2, position: 10, paused: true }],
    ['loop', playing, { loop: true }, { loop: true, position: 5, atServerMs: NOW - 5_000 }],
  ])('%s', (_name, timeline, order, expected) => {
    expect(steered(timeline, order, now)).toMatchObject(expected);
  });

  test('another speed is without a jump', () => {
    const faster = steered(playing, { rate: 2 }, now);
    const moment = NOW + LEAD_MS;
    expect(positionAt(faster, moment, DURATION)).toBe(positionAt(playing, moment, DURATION));
    expect(positionAt(faster, moment + 1_000, DURATION)).toBeCloseTo(12 + LEAD_MS / 1000, 9);
  });

  test.each([
    ['playing', playing, { paused: false }],
    ['paused', standing, { paused: true, rate: 1 }],
    ['nothing', playing, {}],
    ['loop', standing, { loop: false }],
  ])('%s again is no change', (_name, timeline, order) => {
    expect(steered(timeline, order, now)).toBe(timeline);
  });
});

describe('the end', () => {
  test.each<[string, PartyTimeline, number | null]>([
    ['paused', standing, null],
    ['playing', playing, NOW + 50_000],
    ['twice as fast', { ...playing, rate: 2 }, NOW - 5_000 + 27_500],
    ['at the end', { ...playing, position: DURATION }, NOW - 5_000],
  ])('of what is %s', (_name, timeline, atMs) => {
    expect(endsAtMs(timeline, DURATION)).toBe(atMs);
  });

  test('it stands there', () => {
    expect(afterEnd(playing, DURATION)).toMatchObject({ paused: true, position: DURATION });
  });

  test('or begins again, without losing a moment', () => {
    const looping = { ...playing, loop: true };
    const again = afterEnd(looping, DURATION);
    for (const laterMs of [50_000, 51_000, 100_000]) {
      const at = (timeline: PartyTimeline) => positionAt(timeline, NOW + laterMs, DURATION);
      expect(at(again)).toBeCloseTo(at(looping), 6);
    }
  });
});

describe('a Session’s course', () => {
  test.each<[string, PartyTimeline, number]>([
    ['just steered', { ...playing, atServerMs: NOW + LEAD_MS }, NOW],
    ['a late joiner', playing, NOW],
    ['a second later', playing, NOW + 1_000],
    ['at another speed', { ...playing, rate: 1.5 }, NOW + 777],
  ])('%s is sent everything at the same moment as the others', (_name, timeline, nowMs) => {
    const { at, rate, atMs } = courseAt(timeline, nowMs, DURATION);
    expect(atMs).toBeGreaterThanOrEqual(nowMs);
    const shown = NOW + 5_000;
    const position = at + ((shown - SEND_AHEAD_MS - atMs) / 1000) * rate;
    expect(position).toBeCloseTo(positionAt(timeline, shown, DURATION), 6);
  });

  test('of a paused party is one picture', () => {
    expect(courseAt(standing, NOW, DURATION)).toMatchObject({ at: 10, rate: 0 });
  });

  test('at the end is the last one', () => {
    expect(courseAt(playing, NOW + 90_000, DURATION)).toMatchObject({ at: DURATION });
  });
});

import { describe, expect, test } from '@jest/globals';
import type { Playhead } from '../../../signaling/contract/index.ts';
import { LineOfTime } from './line-of-time.ts';

const playhead = (changes: Partial<Playhead> = {}): Playhead => ({
  change: 1,
  rtpTimestamp: 90_000,
  position: 10,
  rate: 1,
  rendition: 0,
  ended: false,
  ...changes,
});

const picture = (rtpTimestamp: number | undefined, atMs = 1_000) => ({ rtpTimestamp, atMs });

describe('a line of time', () => {
  test('knows no picture before the server has said where it begins', () => {
    expect(new LineOfTime().positionOf(picture(90_000))).toBeNull();
  });

  test('shows the wanted picture and those after it, and none before', () => {
    const line = new LineOfTime();
    expect(line.adopt(playhead(), 900)).toBe(true);
    expect(line.positionOf(picture(89_910))).toBeNull();
    expect(line.positionOf(picture(90_000))).toBe(10);
    expect(line.positionOf(picture(93_600))).toBeCloseTo(10.04, 6);
  });

  test('goes by what was asked for later, and never back', () => {
    const line = new LineOfTime();
    line.adopt(playhead({ change: 2, position: 50, rtpTimestamp: 180_000 }), 0);
    expect(line.adopt(playhead(), 1)).toBe(false);
    expect(line.positionOf(picture(90_000))).toBeNull();
    expect(line.positionOf(picture(180_000))).toBe(50);
  });

  test('takes the same change anew, as after a picture that was asked for again', () => {
    const line = new LineOfTime();
    line.adopt(playhead(), 0);
    expect(line.adopt(playhead({ rtpTimestamp: 180_000 }), 0)).toBe(true);
    expect(line.positionOf(picture(93_600))).toBeNull();
  });

  test('estimates where no picture tells what it is', () => {
    const line = new LineOfTime();
    line.adopt(playhead({ rate: 2 }), 0);
    expect(line.positionOf(picture(undefined, 50))).toBeNull();
    expect(line.positionOf(picture(undefined, 1_120))).toBeCloseTo(12, 6);
  });

  test('ends with its last picture', () => {
    const line = new LineOfTime();
    line.adopt(playhead(), 0);
    const end = playhead({ rtpTimestamp: 450_000, position: 14, rate: 0, ended: true });
    expect(line.endAt(picture(446_400), 100)).toBeNull();
    expect(line.adopt(end, 3_900)).toBe(false);
    expect(line.positionOf(picture(446_400, 3_950))).toBeCloseTo(13.96, 6);
    expect(line.endAt(picture(446_400), 3_950)).toBeNull();
    expect(line.endAt(picture(450_000), 3_990)).toBe(14);
  });

  test('ends without its last picture if that was lost', () => {
    const line = new LineOfTime();
    line.adopt(playhead(), 0);
    line.adopt(playhead({ rtpTimestamp: 450_000, position: 14, rate: 0, ended: true }), 3_900);
    expect(line.endAt(picture(446_400), 4_399)).toBeNull();
    expect(line.endAt(picture(446_400), 4_400)).toBe(14);
  });

  test('the end of what was before is no end', () => {
    const line = new LineOfTime();
    line.adopt(playhead({ change: 2 }), 0);
    line.adopt(playhead({ change: 1, ended: true }), 0);
    expect(line.endAt(picture(90_000), 9_000)).toBeNull();
  });

  test('a seek to the last picture ends with it', () => {
    const line = new LineOfTime();
    expect(line.adopt(playhead({ ended: true, rate: 0 }), 0)).toBe(true);
    expect(line.positionOf(picture(90_000))).toBe(10);
    expect(line.endAt(picture(90_000), 1)).toBe(10);
  });
});

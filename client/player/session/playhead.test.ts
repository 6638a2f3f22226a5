import { describe, expect, test } from '@jest/globals';
import type { Playhead } from '../../../signaling/contract/index.ts';
import { isNewer, movedOn, positionAt, standingOf, ticksBetween } from './playhead.ts';

const MOST = 2 ** 32;

const at = (rtpTimestamp: number, position = 10, rate = 1): Playhead => ({
  change: 1,
  rtpTimestamp,
  position,
  rate,
  rendition: 0,
  ended: false,
});

describe('RTP timestamps', () => {
  test.each([
    [0, 0, 0],
    [100, 190, 90],
    [190, 100, -90],
    [MOST - 45, 45, 90],
    [45, MOST - 45, -90],
    [0, 2 ** 31 - 1, 2 ** 31 - 1],
  ])('from %d to %d are %d ticks', (from, to, ticks) => {
    expect(ticksBetween(from, to)).toBe(ticks);
  });
});

describe('a picture', () => {
  test.each([
    ['the wanted one', 1_000, 1_000, 'wanted'],
    ['the last one of its run-up', 1_000, 910, 'before'],
    ['one after it', 1_000, 1_000 + 3_600, 'wanted'],
    ['the wanted one behind the wrap', 5, 5, 'wanted'],
    ['its run-up before the wrap', 5, MOST - 85, 'before'],
    ['one after it behind the wrap', MOST - 90, 3_510, 'wanted'],
    ['one of hours before', 1_000 + 90_000 * 3_600, 1_000, 'before'],
  ] as const)('%s', (_what, wanted, timestamp, standing) => {
    expect(standingOf(at(wanted), timestamp, 100)).toBe(standing);
  });

  test('is of another clock when it is further ahead than time has passed', () => {
    expect(standingOf(at(1_000), 1_000 + 90 * 20_000, 5_000)).toBe('alien');
    expect(standingOf(at(1_000), 1_000 + 90 * 20_000, 15_000)).toBe('wanted');
  });
});

describe('the position', () => {
  test.each([
    ['of the wanted picture', at(1_000), 1_000, 10],
    ['a second later', at(1_000), 91_000, 11],
    ['a second later at double speed', at(1_000, 10, 2), 91_000, 12],
    ['a second later at half speed', at(1_000, 10, 0.5), 91_000, 10.5],
    ['of anything that is sent again while paused', at(1_000, 10, 0), 91_000, 10],
    ['before the wanted picture is its', at(91_000), 1_000, 10],
    ['behind the wrap', at(MOST - 45_000), 45_000, 11],
  ])('%s', (_what, playhead, timestamp, position) => {
    expect(positionAt(playhead, timestamp)).toBeCloseTo(position, 6);
  });

  test('is told exactly through a day without a break', () => {
    let line = at(MOST - 90_000, 0);
    const seconds = 24 * 3_600;
    for (let second = 0; second <= seconds; second += 60) {
      const timestamp = (MOST - 90_000 + second * 90_000) % MOST;
      expect(positionAt(line, timestamp)).toBeCloseTo(second, 3);
      line = movedOn(line, timestamp);
    }
  });
});

test('the playhead that was asked for later is the newer one', () => {
  expect(isNewer(at(1), null)).toBe(true);
  expect(isNewer({ ...at(1), change: 2 }, at(1))).toBe(true);
  expect(isNewer(at(1), at(1))).toBe(false);
});

import { describe, expect, test } from '@jest/globals';
import {
  fallen,
  fitting,
  floorOf,
  isNew,
  isOverrun,
  isShort,
  leapPatience,
  neededFor,
  type LinkReading,
  raised,
  UNLIMITED,
} from './link-ceiling.ts';

const BITRATES = [200_000, 600_000, 1_900_000];
const reading = (changes: Partial<LinkReading>): LinkReading => ({
  estimate: 4_000_000,
  bitrates: BITRATES,
  besides: 60_000,
  current: 2,
  nowMs: 0,
  ...changes,
});

describe('what fits', () => {
  test.each([
    [4_000_000, 2],
    [2_000_000, 1],
    [900_000, 1],
    [880_000, 0],
    [2_160_000, 2],
    [2_150_000, 1],
    [100_000, -1],
  ])('%d bit/s carry Layer %d', (estimate, layer) => {
    expect(fitting(reading({ estimate }))).toBe(layer);
  });

  test.each([0, 1, 2])('with what Layer %d needs it fits, with less it does not', (layer) => {
    const needed = neededFor(layer, { bitrates: BITRATES, besides: 60_000 });
    expect(fitting(reading({ estimate: needed }))).toBe(layer);
    expect(fitting(reading({ estimate: needed - 2 }))).toBe(layer - 1);
  });

  test('a Layer that does not arrive fits nowhere', () => {
    expect(fitting(reading({ bitrates: [200_000, 600_000, 0] }))).toBe(1);
  });
});

describe('the floor of the estimate', () => {
  test.each([
    ['of a middle one: what it takes with the sound, and something to spare', 1, 726_000],
    ['none of the highest: that it does not fit is to be seen at once', 2, 0],
    ['none under the lowest: sound goes on where it does not fit', 0, 0],
    ['none where nothing is sent', null, 0],
  ])('%s', (_name, current, expected) => {
    expect(Math.round(floorOf(reading({ current })))).toBe(expected);
  });

  test('the highest has one while it comes: its first key frame fills a queue', () => {
    expect(Math.round(floorOf(reading({ current: 2 }), true))).toBe(2_156_000);
    const up = { ...UNLIMITED, fellAtMs: 1_000, raisedAtMs: 5_000 };
    expect([5_000, 7_400, 7_600].map((nowMs) => isNew(up, nowMs))).toEqual([true, true, false]);
    expect(isNew({ ...up, layer: 0, fellAtMs: 6_000 }, 6_500)).toBe(false);
    expect(isNew(UNLIMITED, 0)).toBe(false);
  });

  test.each([
    ['above it', { estimate: 2_300_000 }, 2_156_000, false],
    ['on it', { estimate: 2_156_000 }, 2_156_000, true],
    ['hardly above it', { estimate: 2_190_000 }, 2_156_000, true],
    ['below what is sent, and no floor yet', { estimate: 1_800_000 }, 0, true],
    ['below the lowest', { current: 0, estimate: 100_000 }, 0, false],
    ['nothing sent', { current: null, estimate: 100_000 }, 0, false],
  ])('an estimate %s', (_name, changes, floor, expected) => {
    expect(isShort(reading(changes), floor)).toBe(expected);
  });
});

describe('a fall', () => {
  test('is to the lowest Layer, and up again only when the estimate has settled', () => {
    const down = fallen(UNLIMITED, reading({ nowMs: 1000, estimate: 1_000_000 }));
    expect(down.layer).toBe(0);
    const at = (nowMs: number, estimate: number) =>
      raised(down, reading({ nowMs, estimate })).layer;
    expect(at(2700, 1_000_000)).toBe(0);
    expect(at(2800, 1_000_000)).toBe(1);
    expect(at(2800, 150_000)).toBe(0);
  });

  test.each([
    ['that was only tried: back to what was sent', 1, 3_000, 1],
    ['that was tried from the lowest on: there', 0, 3_000, 0],
    ['that had lasted: to the lowest, for the link is another one', 1, 20_000, 0],
  ])('from a Layer %s', (_what, current, nowMs, expected) => {
    const up = raised({ ...UNLIMITED, layer: current }, reading({ nowMs: 1_000, current }));
    expect(up.layer).toBe(2);
    expect(fallen(up, reading({ nowMs })).layer).toBe(expected);
  });

  test('bars the Layer that was too much for a while, twice as long each time that it is tried', () => {
    const enough = 2_400_000;
    let ceiling = fallen(UNLIMITED, reading({ nowMs: 0 }));
    ceiling = raised(ceiling, reading({ nowMs: 1_800, estimate: enough }));
    expect(ceiling.layer).toBe(2);
    ceiling = fallen(ceiling, reading({ nowMs: 2_500 }));
    expect(raised(ceiling, reading({ nowMs: 5_400, estimate: enough })).layer).toBe(1);
    ceiling = raised(ceiling, reading({ nowMs: 5_500, estimate: enough }));
    expect(ceiling.layer).toBe(2);
    ceiling = fallen(ceiling, reading({ nowMs: 6_500 }));
    expect(raised(ceiling, reading({ nowMs: 12_400, estimate: enough })).layer).toBe(1);
    expect(raised(ceiling, reading({ nowMs: 12_500, estimate: enough })).layer).toBe(2);
  });

  test('bars nothing on a link that carries twice what it did', () => {
    const tried = raised(UNLIMITED, reading({ nowMs: 0 }));
    const proven = fallen({ ...tried, layer: 2, raisedAtMs: 0 }, reading({ nowMs: 20_000 }));
    const failed = { ...fallen(proven, reading({ nowMs: 20_000 })), fellAtMs: 0 };
    const narrow = raised(failed, reading({ nowMs: 20_100, estimate: 1_100_000 }));
    expect(raised(narrow, reading({ nowMs: 20_200, estimate: 2_190_000 })).layer).toBe(1);
    expect(raised(narrow, reading({ nowMs: 20_200, estimate: 2_500_000 })).layer).toBe(2);
  });

  test('of a Layer that was too much as soon as it was tried: at once where half as much again is there', () => {
    let ceiling = fallen(UNLIMITED, reading({ nowMs: 0, current: 1 }));
    ceiling = raised(ceiling, reading({ nowMs: 2_000, estimate: 950_000 }));
    ceiling = fallen(ceiling, reading({ nowMs: 3_000, current: 1 }));
    ceiling = raised(ceiling, reading({ nowMs: 4_000, estimate: 400_000 }));
    const at = (estimate: number) => raised(ceiling, reading({ nowMs: 4_900, estimate })).layer;
    // Twice the narrowest: but it had not flowed for long before it fell.
    expect(at(900_000)).toBe(0);
    expect(at(1_000_000)).toBe(1);
  });

  test('of a Layer that had proved itself is a new story', () => {
    let ceiling = fallen(UNLIMITED, reading({ nowMs: 0 }));
    ceiling = raised(ceiling, reading({ nowMs: 2_000 }));
    ceiling = fallen(ceiling, reading({ nowMs: 60_000 }));
    expect(raised(ceiling, reading({ nowMs: 61_800 })).layer).toBe(2);
  });
});

test('an estimate that sinks without a fall takes nothing away: the Layer is flowing', () => {
  expect(raised(UNLIMITED, reading({ estimate: 100_000 }))).toBe(UNLIMITED);
});

describe('pictures that come late', () => {
  const seen = { lateMs: 120, share: 0.75, isHighest: true, comesNow: false };

  test.each([
    ['more than the link should make them', seen, true],
    ['with room to spare: a large one passes', { ...seen, share: 0.3 }, false],
    ['of the highest, which hardly fits: a large one waits', { ...seen, share: 0.85 }, false],
    ['of a lower one, which hardly fits', { ...seen, share: 0.85, isHighest: false }, true],
    ['very late, whatever the estimate says', { ...seen, share: 0.3, lateMs: 150 }, true],
    ['of a Layer that has just come', { ...seen, comesNow: true, lateMs: 300 }, false],
    ['of such a Layer, and very late', { ...seen, comesNow: true, lateMs: 330 }, true],
  ])('%s', (_what, late, expected) => {
    expect(isOverrun(late)).toBe(expected);
  });
});

describe('back after a try', () => {
  const tried = raised({ ...UNLIMITED, layer: 1 }, reading({ nowMs: 1_000, current: 1 }));
  const back = fallen(tried, reading({ nowMs: 3_000 }));

  test('the Layer that comes back is new for a while', () => {
    expect([3_100, 4_700, 4_900].map((nowMs) => isNew(back, nowMs))).toEqual([true, true, false]);
  });

  test('a fall from there does not make the higher one forgotten', () => {
    const lower = fallen(back, reading({ nowMs: 3_500, current: 1 }));
    expect(lower.failed).toEqual(back.failed);
    expect(lower.layer).toBe(0);
  });
});

describe('probes without an answer', () => {
  const proven = fallen({ ...UNLIMITED, raisedAtMs: 0 }, reading({ nowMs: 5_000 }));
  const failed = fallen({ ...UNLIMITED, raisedAtMs: 0 }, reading({ nowMs: 1_000 }));
  const again = fallen({ ...failed, raisedAtMs: 5_000 }, reading({ nowMs: 6_000 }));

  test.each([
    ['of which no Layer is known to have failed', UNLIMITED, 3],
    ['that has carried the Layer', proven, 3],
    ['that has not', failed, 16],
    ['that has not, twice', again, 32],
    [
      'that has not, time and again',
      { ...again, failed: again.failed && { ...again.failed, patienceMs: 48_000 } },
      64,
    ],
  ])('are borne on a link %s: %#', (_what, ceiling, expected) => {
    expect(leapPatience(ceiling)).toBe(expected);
  });
});

import { describe, expect, test } from '@jest/globals';
import { fallen, falls, fitting, type LinkReading, raised, UNLIMITED } from './link-ceiling.ts';

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
    [730_000, 1],
    [720_000, 0],
    [100_000, -1],
  ])('%d bit/s carry Layer %d', (estimate, layer) => {
    expect(fitting(reading({ estimate }))).toBe(layer);
  });

  test('a Layer that does not arrive fits nowhere', () => {
    expect(fitting(reading({ bitrates: [200_000, 600_000, 0] }))).toBe(1);
  });
});

describe('a fall', () => {
  test.each([
    ['the top, and less than it takes', { estimate: 1_800_000 }, true],
    ['the top, with nothing to spare', { estimate: 1_900_000 }, false],
    ['the lowest, which is as low as it goes', { current: 0, estimate: 100_000 }, false],
    ['nothing sent', { current: null, estimate: 100_000 }, false],
  ])('%s', (_name, changes, expected) => {
    expect(falls(reading(changes))).toBe(expected);
  });

  test('is to the lowest Layer, and up again only when the estimate has settled', () => {
    const down = fallen(UNLIMITED, reading({ nowMs: 1000, estimate: 1_000_000 }));
    expect(down.layer).toBe(0);
    const at = (nowMs: number, estimate: number) =>
      raised(down, reading({ nowMs, estimate })).layer;
    expect(at(1500, 1_000_000)).toBe(0);
    expect(at(2000, 1_000_000)).toBe(1);
    expect(at(2000, 150_000)).toBe(0);
  });

  test('bars the Layer that was too much for a while, twice as long each time', () => {
    let ceiling = fallen(UNLIMITED, reading({ nowMs: 0 }));
    expect(raised(ceiling, reading({ nowMs: 1000 })).layer).toBe(1);
    ceiling = raised(ceiling, reading({ nowMs: 1500 }));
    expect(ceiling.layer).toBe(2);
    ceiling = fallen(ceiling, reading({ nowMs: 4000 }));
    expect(raised(ceiling, reading({ nowMs: 6900 })).layer).toBe(1);
    expect(raised(ceiling, reading({ nowMs: 7000 })).layer).toBe(2);
  });

  test('bars nothing on a link that carries twice what it did', () => {
    let ceiling = fallen(UNLIMITED, reading({ nowMs: 0 }));
    ceiling = fallen(ceiling, reading({ nowMs: 10, current: 1 }));
    ceiling = raised(ceiling, reading({ nowMs: 100, estimate: 1_200_000 }));
    expect(raised(ceiling, reading({ nowMs: 1000, estimate: 2_300_000 })).layer).toBe(0);
    expect(raised(ceiling, reading({ nowMs: 1000, estimate: 2_500_000 })).layer).toBe(2);
  });

  test('of a Layer that had proved itself is a new story', () => {
    let ceiling = fallen(UNLIMITED, reading({ nowMs: 0 }));
    ceiling = raised(ceiling, reading({ nowMs: 2000 }));
    ceiling = fallen(ceiling, reading({ nowMs: 60_000 }));
    expect(raised(ceiling, reading({ nowMs: 61_500 })).layer).toBe(2);
  });
});

test('an estimate that sinks without a fall takes nothing away: the Layer is flowing', () => {
  expect(raised(UNLIMITED, reading({ estimate: 100_000 }))).toBe(UNLIMITED);
});

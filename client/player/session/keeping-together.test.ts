import { describe, expect, test } from '@jest/globals';
import {
  AT_FIRST,
  type Holding,
  nextHolding,
  PARTY_HOLDING,
  type TogetherReading,
} from './keeping-together.ts';

const reading = (changes: Partial<TogetherReading> = {}): TogetherReading => ({
  nowMs: 1_000,
  lagMs: 0,
  soundBufferMs: 40,
  freezes: 0,
  ...changes,
});

const holding = (changes: Partial<Holding> = {}): Holding => ({ ...AT_FIRST, ...changes });

describe('picture and sound', () => {
  test.each([
    ['are together', 0, { pictureMs: 40, soundMs: 0 }, { pictureMs: 40, soundMs: 0 }],
    ['are near enough', -4, { pictureMs: 40, soundMs: 0 }, { pictureMs: 40, soundMs: 0 }],
    ['are not compared', null, { pictureMs: 40, soundMs: 0 }, { pictureMs: 40, soundMs: 0 }],
    ['sound later: the picture waits', 25, { pictureMs: 40, soundMs: 0 }, { pictureMs: 65 }],
    ['sound much later: by steps', 400, { pictureMs: 40, soundMs: 0 }, { pictureMs: 240 }],
    [
      'sound later, and held: it is let go first',
      30,
      { pictureMs: 0, soundMs: 20 },
      { pictureMs: 10, soundMs: 0 },
    ],
    ['picture later: it waits less', -25, { pictureMs: 40, soundMs: 0 }, { pictureMs: 15 }],
    [
      'picture later, and cannot wait less: the sound waits',
      -30,
      { pictureMs: 10, soundMs: 0 },
      { pictureMs: 0, soundMs: 60 },
    ],
  ] as const)('%s', (_what, lagMs, before, after) => {
    expect(nextHolding(holding(before), reading({ lagMs }))).toMatchObject(after);
  });

  test('come together, whatever each has to wait for', () => {
    // Of a browser that obeys: what each is late by besides what it is held back.
    const ways = { picture: 25, sound: 95 };
    let state = holding();
    for (let look = 0; look < 5; look += 1) {
      const lagMs = ways.sound - (ways.picture + state.pictureMs);
      state = nextHolding(state, reading({ lagMs }));
    }
    expect(Math.abs(ways.sound - ways.picture - state.pictureMs)).toBeLessThanOrEqual(4);
  });
});

describe('against packets that come late', () => {
  const troubled = nextHolding(holding({ pictureMs: 0, freezes: 1 }), reading({ freezes: 2 }));

  test('the picture waits longer', () => {
    expect(troubled).toMatchObject({ pictureMs: 20, guardMs: 20 });
  });

  test('and less again after a while without trouble', () => {
    const soon = nextHolding(troubled, reading({ nowMs: 10_000, freezes: 2 }));
    expect(soon.guardMs).toBe(20);
    const later = nextHolding(soon, reading({ nowMs: 17_000, freezes: 2 }));
    expect(later.guardMs).toBe(0);
  });

  test('the first look tells nothing of trouble', () => {
    expect(nextHolding(holding(), reading({ freezes: 7 })).guardMs).toBe(0);
  });
});

test.each([
  ['waits as long as the others do', -50, { pictureMs: 60, soundMs: 0 }, 60],
  ['waits for its sound a little', 30, { pictureMs: 60, soundMs: 60 }, 90],
  ['not for a sound that is much later', 180, { pictureMs: 80, soundMs: 60 }, 110],
])('at a party the picture %s', (_name, lagMs, before, pictureMs) => {
  const next = nextHolding(holding(before), reading({ lagMs }), PARTY_HOLDING);
  expect(next.pictureMs).toBe(pictureMs);
  expect(next.soundMs).toBeGreaterThanOrEqual(PARTY_HOLDING.leastMs);
});

import { describe, expect, test } from '@jest/globals';
import { following, type Manner, type Place } from './running-order.ts';

const listed: Manner = { loop: true, order: 'listed', seed: 's' };
const shuffled: Manner = { ...listed, order: 'shuffled' };

/** The next so many. */
function play(ids: string[], manner: Manner, count: number, from?: Place): string[] {
  const played: string[] = [];
  let place = from;
  for (let turn = 0; turn < count; turn += 1) {
    const slot = following(ids, manner, place);
    if (slot === undefined) break;
    played.push(slot.assetId);
    place = slot;
  }
  return played;
}

function after(ids: string[], manner: Manner, count: number): Place | undefined {
  let place: Place | undefined;
  for (let turn = 0; turn < count; turn += 1) place = following(ids, manner, place);
  return place;
}

describe('a list', () => {
  test.each([
    ['goes round', listed, ['a', 'b'], 5, 'ababa'],
    ['ends, where it shall not go round', { ...listed, loop: false }, ['a', 'b'], 5, 'ab'],
    ['may name one twice', listed, ['a', 'b', 'a'], 7, 'abaabaa'],
    ['of none has none', listed, [], 5, ''],
    ['of one is that one', shuffled, ['a'], 3, 'aaa'],
  ])('%s', (_what, manner, ids, count, expected) => {
    expect(play(ids, manner, count).join('')).toBe(expected);
  });

  test.each([
    ['goes on after the same one where others were put before it', 'ab', 1, 'cab', 'bcab'],
    ['goes on with what stands now where the last one stood', 'abc', 2, 'ac', 'caca'],
    ['begins anew where the end was taken away', 'abc', 3, 'ab', 'abab'],
    ['is another one', 'abc', 1, 'xyz', 'xyzx'],
  ])('%s', (_what, before, count, now, expected) => {
    const place = after([...before], listed, count);
    expect(play([...now], listed, 4, place).join('')).toBe(expected);
  });

  test('leaves out what cannot be had, and is nothing where none can', () => {
    const ids = ['a', 'b', 'c'];
    const place = after(ids, listed, 1);
    expect(following(ids, listed, place, (id) => id === 'b')?.assetId).toBe('c');
    expect(following(ids, listed, place, (id) => id !== 'a')?.assetId).toBe('a');
    expect(following(ids, listed, place, () => true)).toBeUndefined();
  });
});

describe('shuffled', () => {
  const ids = [...'abcdefgh'];

  test('each round has each one once, and rounds differ', () => {
    const played = play(ids, shuffled, 24);
    const rounds = [0, 8, 16].map((start) => played.slice(start, start + 8));
    for (const round of rounds) expect(round.toSorted()).toEqual(ids);
    expect(new Set(rounds.map(String)).size).toBe(3);
  });

  test('the same seed gives the same order, another one another', () => {
    expect(play(ids, shuffled, 16)).toEqual(play(ids, shuffled, 16));
    expect(play(ids, { ...shuffled, seed: 't' }, 8)).not.toEqual(play(ids, shuffled, 8));
  });

  test.each(Array.from({ length: 20 }, (_, seed) => `seed ${seed}`))(
    'nothing comes twice in a row where there are others (%s)',
    (seed) => {
      const played = play(['a', 'b', 'c'], { ...shuffled, seed }, 60);
      expect(played.filter((id, index) => id === played[index - 1])).toEqual([]);
    },
  );

  test('what is taken out leaves the rest of the round as it was', () => {
    const place = after(ids, shuffled, 3);
    const rest = play(ids, shuffled, 5, place);
    const [gone] = rest;
    const without = ids.filter((id) => id !== gone);
    expect(play(without, shuffled, 4, place)).toEqual(rest.slice(1));
  });
});

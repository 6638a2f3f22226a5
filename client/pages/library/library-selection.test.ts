import { describe, expect, test } from '@jest/globals';
import {
  itemBefore,
  NOTHING_SELECTED,
  portions,
  type Selection,
  stillThere,
  switched,
} from './library-selection.ts';

const SHOWN = ['a', 'b', 'c', 'd', 'e'];
const ids = (selection: Selection) => [...selection.ids].toSorted().join('');

describe('selecting many', () => {
  test('one after the other, and off again', () => {
    const one = switched(NOTHING_SELECTED, SHOWN, 'b', false);
    const two = switched(one, SHOWN, 'd', false);
    expect(ids(two)).toBe('bd');
    expect(ids(switched(two, SHOWN, 'b', false))).toBe('d');
  });

  test.each([
    ['b', 'd', 'bcd'],
    ['d', 'b', 'bcd'],
    ['c', 'c', ''],
  ])('a range from %s to %s', (from, to, all) => {
    const first = switched(NOTHING_SELECTED, SHOWN, from, false);
    expect(ids(switched(first, SHOWN, to, true))).toBe(all);
  });

  test('a range is taken away as well', () => {
    const all: Selection = { ids: new Set(SHOWN), anchor: null };
    const without = switched(all, SHOWN, 'b', false);
    expect(ids(switched(without, SHOWN, 'd', true))).toBe('ae');
  });

  test('a range that begins nowhere is one', () => {
    expect(ids(switched(NOTHING_SELECTED, SHOWN, 'c', true))).toBe('c');
  });

  test('what is gone is not selected', () => {
    expect(ids(stillThere({ ids: new Set(['a', 'x']), anchor: 'x' }, SHOWN))).toBe('a');
  });

  test('in portions of what a request takes', () => {
    expect(portions(SHOWN, 2)).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
    expect(portions([], 2)).toEqual([]);
  });

  test.each([
    ['a', 'earlier', undefined],
    ['c', 'earlier', 'b'],
    ['c', 'later', 'e'],
    ['d', 'later', null],
    ['e', 'later', undefined],
    ['x', 'later', undefined],
  ] as const)('%s goes one step %s: before %p', (id, step, before) => {
    expect(itemBefore(SHOWN, id, step)).toBe(before);
  });
});

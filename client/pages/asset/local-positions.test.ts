import { expect, test } from '@jest/globals';
import { type LocalPosition, MOST_KEPT, positionsOf, withPosition } from './local-positions.ts';

const at = (id: string, seconds: number, when: number): LocalPosition => ({
  id,
  seconds,
  at: when,
});
const A = at('A', 10, 1);
const B = at('B', 20, 2);

test.each([
  ['the first one', [], A, [A]],
  ['the newest stands first', [A], B, [B, A]],
  ['one that goes on moves up', [B, A], at('A', 30, 3), [at('A', 30, 3), B]],
  ['one that was watched to its end goes', [B, A], at('B', 0, 3), [A]],
  ['what was never there can go', [A], at('C', 0, 3), [A]],
])('%s', (_what, kept, entry, expected) => {
  expect(withPosition(kept, entry)).toEqual(expected);
});

test('the oldest go', () => {
  const many = Array.from({ length: MOST_KEPT }, (_, n) => at(`X${n}`, 10, 1_000 - n));
  const kept = withPosition(many, at('new', 10, 2_000));
  expect(kept).toHaveLength(MOST_KEPT);
  expect(kept[0]?.id).toBe('new');
  expect(kept.some(({ id }) => id === `X${MOST_KEPT - 1}`)).toBe(false);
});

test.each([
  ['nothing', null, []],
  ['what was kept', JSON.stringify([A, B]), [A, B]],
  ['what is none is left out', JSON.stringify([A, { id: 1 }, null, at('B', -1, 2)]), [A]],
  ['another thing', '{"a":1}', []],
])('reads %s', (_what, text, expected) => {
  expect(positionsOf(text)).toEqual(expected);
});

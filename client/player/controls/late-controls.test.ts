import { expect, test } from '@jest/globals';
import type { Condition } from '../live/condition.ts';
import { pictureIsDue } from './late-controls.ts';

const conditions: Condition[] = [
  ...([
    'ready',
    'connecting',
    'waitingForPicture',
    'playing',
    'paused',
    'autoplayBlocked',
  ] as const),
  ...(['offAir', 'notFound', 'networkBlocked', 'serverUnreachable', 'soundOnly'] as const),
];
const waitsIn = (autoplay: boolean, sinceMs: number) =>
  conditions.filter((condition) => pictureIsDue({ condition, autoplay, sinceMs }));

test('controls wait for a picture that is about to come', () => {
  expect(waitsIn(true, 0)).toEqual(['ready', 'connecting', 'waitingForPicture']);
});

test('where nobody has pressed play there is none to wait for', () => {
  expect(waitsIn(false, 0)).toEqual(['connecting', 'waitingForPicture']);
});

test('nobody waits long for controls', () => {
  expect(waitsIn(true, 2000)).toHaveLength(3);
  expect(waitsIn(true, 2001)).toEqual([]);
});

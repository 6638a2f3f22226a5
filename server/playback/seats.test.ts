import { expect, test } from '@jest/globals';
import { Seats } from './seats.ts';

const HERE = '192.0.2.1';
const THERE = '192.0.2.2';

test('so many of one address, and of all together', () => {
  const seats = new Seats({ total: 4, perAddress: 2 });
  const leave = seats.take(HERE);
  seats.take(HERE);
  expect(() => seats.take(HERE)).toThrow(expect.objectContaining({ code: 'tooMany' }));
  seats.take(THERE);
  leave();
  leave();
  seats.take(HERE);
  expect(() => seats.take(HERE)).toThrow(expect.objectContaining({ code: 'tooMany' }));
  seats.take(THERE);
  expect(() => seats.take('192.0.2.3')).toThrow(expect.objectContaining({ code: 'overloaded' }));
});

test('of whom nobody knows the address, only all together are counted', () => {
  const seats = new Seats({ total: 3, perAddress: 1 });
  for (let count = 0; count < 3; count += 1) seats.take(undefined);
  expect(() => seats.take(undefined)).toThrow(expect.objectContaining({ code: 'overloaded' }));
});

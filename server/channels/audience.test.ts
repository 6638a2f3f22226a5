import { describe, expect, test } from '@jest/globals';
import type { PreferredLayer } from '../../signaling/contract/index.ts';
import { Audience } from './audience.ts';

describe('Audience.wantedLayer, of three', () => {
  test.each<[string, PreferredLayer[], number]>([
    ['nobody watches', [], -1],
    ['one leaves it to the link', ['auto'], 2],
    ['one has chosen the lowest', [0], 0],
    ['the highest choice counts', [0, 1, 0], 1],
    ['one that leaves it to the link among others', [0, 'auto'], 2],
    ['a choice above what there is', [7], 2],
  ])('%s', (_name, wants, expected) => {
    const audience = new Audience();
    for (const layer of wants) audience.enter(() => undefined).want(layer);
    expect(audience.wantedLayer(3)).toBe(expected);
  });

  test('who left counts no more, and leaving twice is leaving once', () => {
    const audience = new Audience();
    const changes: number[] = [];
    const seat = audience.enter(() => changes.push(audience.size));
    audience.enter(() => undefined);
    seat.get(1);
    expect(audience.getting(1)).toBe(1);
    seat.leave();
    seat.leave();
    expect({ changes, size: audience.size, getting: audience.getting(1) }).toEqual({
      changes: [1, 1],
      size: 1,
      getting: 0,
    });
  });
});

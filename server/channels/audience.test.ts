import { describe, expect, test } from '@jest/globals';
import { NO_LIMIT, type Shortage } from '../sfu/layer-choice.ts';
import { Audience, countByLayer } from './audience.ts';

describe('Audience.wantedLayer, of three', () => {
  test.each<[string, (number | 'all' | 'none')[], number]>([
    ['nobody watches', [], -1],
    ['one leaves it to the link', ['all'], 2],
    ['one has chosen the lowest', [0], 0],
    ['the highest choice counts', [0, 1, 0], 1],
    ['one that leaves it to the link among others', [0, 'all'], 2],
    ['one that sees no picture', ['none'], -1],
    ['a choice above what there is', [7], 2],
  ])('%s', (_name, wants, expected) => {
    const audience = new Audience();
    for (const want of wants) {
      const picture = want !== 'none';
      const layer = typeof want === 'number' ? want : NO_LIMIT.layer;
      audience.enter(() => undefined).want({ ...NO_LIMIT, picture, layer });
    }
    expect(audience.wantedLayer(3)).toBe(expected);
  });

  test('who left counts no more, and leaving twice is leaving once', () => {
    const audience = new Audience();
    const changes: number[] = [];
    const seat = audience.enter(() => changes.push(audience.size));
    audience.enter(() => undefined);
    seat.get({ spatialLayer: 1, reason: 'best' });
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

test('Viewers are counted by Layer and reason', () => {
  const audience = new Audience();
  const enter = () => audience.enter(() => undefined);
  enter();
  enter().get({ spatialLayer: 2, reason: 'best' });
  enter().get({ spatialLayer: 2, reason: 'best' });
  enter().get({ spatialLayer: 1, reason: 'size' });
  expect(countByLayer(audience.standings)).toEqual([
    { layer: 'none', reason: 'starting', viewers: 1 },
    { layer: '2', reason: 'best', viewers: 2 },
    { layer: '1', reason: 'size', viewers: 1 },
  ]);
});

test.each<[string, Shortage[], Shortage]>([
  ['nobody watches', [], 'none'],
  ['no link is short', ['none', 'none'], 'none'],
  ['one is, by its estimate', ['none', 'supposed'], 'supposed'],
  ['one is seen to be', ['supposed', 'felt', 'none'], 'felt'],
])('a lower Layer is needed where a link is short: %s', (_name, shortages, expected) => {
  const audience = new Audience();
  for (const shortage of shortages) audience.enter(() => undefined).runShort(shortage);
  expect(audience.lowerLayerNeeded(3)).toEqual({ byDevice: false, byLink: expected });
});

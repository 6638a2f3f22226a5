import { describe, expect, test } from '@jest/globals';
import { type LayerState, layerReason, layerToAskFor, NO_LIMIT } from './layer-choice.ts';

const state = (changes: Partial<LayerState>): LayerState => ({
  current: 2,
  top: 2,
  limit: NO_LIMIT,
  started: true,
  ceiling: Number.POSITIVE_INFINITY,
  starved: false,
  arriving: 2,
  ...changes,
});
const chosen = (layer: number) => ({ ...NO_LIMIT, layer, reason: 'chosen' as const });
const small = { ...NO_LIMIT, layer: 0, reason: 'size' as const };
const hidden = { ...NO_LIMIT, picture: false, reason: 'hidden' as const };

describe('layerToAskFor', () => {
  test.each([
    ['the lowest until the first key frame', state({ started: false }), 0],
    ['the lowest first even against a choice', state({ started: false, limit: chosen(2) }), 0],
    ['the top by itself', state({}), 2],
    ['what was chosen', state({ limit: chosen(1) }), 1],
    ['never more than there is', state({ limit: chosen(7), top: 1 }), 1],
    ['what the device can use', state({ limit: small }), 0],
    ['no more than the link is trusted with', state({ ceiling: 1 }), 1],
    ['the lowest at least', state({ ceiling: -1 }), 0],
  ])('%s', (_name, given, expected) => {
    expect(layerToAskFor(given)).toBe(expected);
  });
});

describe('layerReason', () => {
  test.each([
    ['nothing sent yet', state({ current: null, started: false }), 'starting'],
    ['not moved up yet', state({ started: false, current: 0 }), 'starting'],
    ['the link carries less', state({ current: 1 }), 'bandwidth'],
    ['less than chosen', state({ current: 0, limit: chosen(1) }), 'bandwidth'],
    ['not even the lowest fits', state({ current: null, starved: true }), 'soundFirst'],
    ['as chosen', state({ current: 1, limit: chosen(1) }), 'chosen'],
    ['the top as chosen', state({ limit: chosen(2) }), 'chosen'],
    ['small on the screen', state({ current: 0, limit: small }), 'size'],
    ['a limit that takes nothing away', state({ current: 0, top: 0, limit: small }), 'best'],
    ['not seen', state({ current: null, limit: hidden }), 'hidden'],
    ['not sent by the broadcaster', state({ current: 1, arriving: 1 }), 'source'],
    ['the top', state({}), 'best'],
    ['the only one', state({ current: 0, top: 0 }), 'best'],
  ] as const)('%s', (_name, given, expected) => {
    expect(layerReason(given)).toBe(expected);
  });
});

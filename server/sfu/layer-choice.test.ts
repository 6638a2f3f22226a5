import { describe, expect, test } from '@jest/globals';
import { type LayerState, layerReason, layerToAskFor } from './layer-choice.ts';

const state = (changes: Partial<LayerState>): LayerState => ({
  current: 2,
  top: 2,
  preferred: 'auto',
  started: true,
  ...changes,
});

describe('layerToAskFor', () => {
  test.each([
    ['the lowest until the first key frame', state({ started: false }), 0],
    ['the lowest first even against a choice', state({ started: false, preferred: 2 }), 0],
    ['the top by itself', state({}), 2],
    ['what was chosen', state({ preferred: 1 }), 1],
    ['never more than there is', state({ preferred: 7, top: 1 }), 1],
  ])('%s', (_name, given, expected) => {
    expect(layerToAskFor(given)).toBe(expected);
  });
});

describe('layerReason', () => {
  test.each([
    ['nothing sent yet', state({ current: null }), 'starting'],
    ['not moved up yet', state({ started: false, current: 0 }), 'starting'],
    ['the link carries less', state({ current: 1 }), 'bandwidth'],
    ['less than chosen', state({ current: 0, preferred: 1 }), 'bandwidth'],
    ['as chosen', state({ current: 1, preferred: 1 }), 'chosen'],
    ['the top', state({}), 'best'],
    ['the only one', state({ current: 0, top: 0 }), 'best'],
  ] as const)('%s', (_name, given, expected) => {
    expect(layerReason(given)).toBe(expected);
  });
});

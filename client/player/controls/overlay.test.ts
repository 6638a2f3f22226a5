import { describe, expect, test } from '@jest/globals';
import { type Overlay, type OverlayFacts, overlayOf } from './overlay.ts';
import type { Condition } from '../live/condition.ts';

describe('overlayOf', () => {
  test.each<[Condition, OverlayFacts, Overlay]>([
    ['ready', {}, { over: 'everything', shows: 'play' }],
    ['ready', { hasPoster: true }, { over: 'picture', shows: 'play' }],
    ['paused', {}, { over: 'picture', shows: 'play' }],
    ['paused', { stored: true }, { over: 'nothing', shows: 'play' }],
    ['paused', { stored: true, looksAround: true }, { over: 'nothing', shows: 'nothing' }],
    ['ended', { stored: true }, { over: 'picture', shows: 'play' }],
    ['ended', { stored: true, looksAround: true }, { over: 'nothing', shows: 'nothing' }],
    ['reconnecting', { stored: true, looksAround: true }, { over: 'picture', shows: 'breath' }],
  ])('%s %j', (condition, facts, overlay) => {
    expect(overlayOf(condition, facts)).toEqual(overlay);
  });
});

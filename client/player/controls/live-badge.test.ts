import { describe, expect, test } from '@jest/globals';
import { liveBadge } from './live-badge.ts';

describe('liveBadge', () => {
  test.each([
    [{ live: false, paused: false, latencyMs: null }, 'offAir', 'Off air'],
    [{ live: true, paused: false, latencyMs: null }, 'live', 'Live'],
    [{ live: true, paused: false, latencyMs: 340 }, 'live', 'Live · 340 ms'],
    [{ live: true, paused: false, latencyMs: 3 }, 'live', 'Live · 10 ms'],
    [{ live: true, paused: false, latencyMs: 1_240 }, 'live', 'Live · 1.2 s'],
    [{ live: true, paused: true, latencyMs: 340 }, 'behind', 'Live'],
    [{ live: true, paused: false, latencyMs: 4_000 }, 'behind', 'Live'],
  ])('%j', (facts, state, text) => {
    expect(liveBadge(facts)).toMatchObject({ state, text });
  });
});

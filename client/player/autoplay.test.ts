import { describe, expect, test } from '@jest/globals';
import { startPlaying } from './autoplay.ts';

/** A media element as far as the policy goes: it plays with sound, only muted, or not at all. */
class PolicedElement {
  muted = false;
  tries = 0;
  readonly #policy: 'allow' | 'mutedOnly' | 'deny';

  constructor(policy: 'allow' | 'mutedOnly' | 'deny') {
    this.#policy = policy;
  }

  async play(): Promise<void> {
    this.tries += 1;
    const allowed = this.#policy === 'allow' || (this.#policy === 'mutedOnly' && this.muted);
    if (!allowed) throw new DOMException('not without a gesture', 'NotAllowedError');
  }
}

describe('startPlaying', () => {
  test.each([
    ['allow', false, 'playing', false, 1],
    ['mutedOnly', false, 'playingMuted', true, 2],
    ['mutedOnly', true, 'playing', true, 1],
    ['deny', false, 'blocked', false, 2],
    ['deny', true, 'blocked', true, 1],
  ] as const)('policy %s, muted %s: %s', async (policy, muted, outcome, mutedAfter, tries) => {
    const element = new PolicedElement(policy);
    element.muted = muted;
    await expect(startPlaying(element)).resolves.toBe(outcome);
    expect(element.muted).toBe(mutedAfter);
    expect(element.tries).toBe(tries);
  });

  test('what is not a refusal is thrown', async () => {
    const element = {
      muted: false,
      play: () => Promise.reject(new DOMException('a new load', 'AbortError')),
    };
    await expect(startPlaying(element)).rejects.toThrow('a new load');
  });
});

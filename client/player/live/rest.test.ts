import { describe, expect, test } from '@jest/globals';
import { packetsAreDue, restOf } from './rest.ts';

describe('restOf', () => {
  test.each([
    [2, 'best', 'auto', null],
    [null, 'starting', 'auto', null],
    [null, 'hidden', 'auto', 'hidden'],
    [null, 'soundFirst', 'auto', 'soundFirst'],
    [null, null, 'auto', null],
    // Before the server has said so.
    [null, null, 'audioOnly', 'audioOnly'],
    [2, 'best', 'audioOnly', 'audioOnly'],
    // The picture was asked for again: it is due, though the server has not said so.
    [null, 'audioOnly', 'auto', null],
    [null, 'hidden', 1, 'hidden'],
  ] as const)('Layer %j, %s, wanted %j: %j', (spatialLayer, reason, preferred, expected) => {
    expect(restOf({ spatialLayer, reason }, preferred)).toBe(expected);
  });
});

describe('packetsAreDue', () => {
  const both = { hasVideo: true, hasAudio: true, audible: true, rest: null };
  test.each([
    ['picture and sound', both, true],
    ['hidden, but heard', { ...both, rest: 'hidden' }, true],
    ['neither seen nor heard', { ...both, rest: 'hidden', audible: false }, false],
    ['sound only, though muted', { ...both, rest: 'audioOnly', audible: false }, true],
    ['a resting picture without sound', { ...both, hasAudio: false, rest: 'soundFirst' }, false],
    ['nothing at all', { ...both, hasVideo: false, hasAudio: false }, false],
  ] as const)('%s', (_name, facts, expected) => {
    expect(packetsAreDue(facts)).toBe(expected);
  });
});

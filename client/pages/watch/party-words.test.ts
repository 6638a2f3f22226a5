import { describe, expect, test } from '@jest/globals';
import type { Party } from '../../../signaling/contract/index.ts';
import { type PartyFacts, partyWords } from './party-words.ts';

const PARTY: Party = {
  ...{ id: 'a'.repeat(22), assetId: 'ABCDEFGHIJKLMNO2', steering: 'host', watchers: 3 },
  timeline: { position: 0, rate: 1, paused: true, loop: false, atServerMs: 0 },
};
const FACTS: PartyFacts = {
  ...{ status: 'there', party: PARTY, maySteer: false, isHost: false, farewell: '' },
};

describe('what a party’s page says', () => {
  test.each<[string, Partial<PartyFacts>, string]>([
    ['a guest', {}, '3 are watching together. The host plays, pauses and seeks.'],
    [
      'the host, alone',
      { isHost: true, maySteer: true, party: { ...PARTY, watchers: 1 } },
      'Nobody else is here yet. You play, pause and seek for all.',
    ],
    [
      'everyone',
      { maySteer: true, party: { ...PARTY, steering: 'everyone' } },
      '3 are watching together. Everyone may play, pause and seek.',
    ],
    ['at first', { status: 'joining', party: null }, 'Joining the party …'],
    ['without a socket', { status: 'joining' }, 'The connection is lost. Joining again …'],
    ['at the end', { status: 'over', farewell: 'It is over.' }, 'It is over.'],
  ])('%s', (_name, facts, words) => {
    expect(partyWords({ ...FACTS, ...facts })).toBe(words);
  });
});

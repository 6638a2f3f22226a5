import { describe, expect, test } from '@jest/globals';
import { CONDITIONS, type Condition, type ConditionFacts, conditionOf } from './condition.ts';
import { initialRecovery } from './recovery.ts';

const channel = {
  id: 'demo',
  title: 'Demo',
  live: true,
  viewers: 1,
  hasVideo: true,
  hasAudio: true,
  layers: [],
};

const playing: ConditionFacts = {
  paused: false,
  autoplayBlocked: false,
  signaling: 'open',
  signalingFailures: 0,
  recovery: { ...initialRecovery, wanted: true, online: true, link: 'connected' },
  denied: false,
  channel,
  receivesVideo: true,
  rest: null,
  presented: true,
  presentedBefore: true,
  silent: false,
};
const fresh = { presented: false, presentedBefore: false };
const link = (name: ConditionFacts['recovery']['link']) => ({
  recovery: { ...playing.recovery, link: name },
});

const cases: [Condition, Partial<ConditionFacts>][] = [
  ['playing', {}],
  ['denied', { denied: true }],
  ['denied', { denied: true, paused: true, autoplayBlocked: true }],
  ['autoplayBlocked', { autoplayBlocked: true, paused: true }],
  ['ready', { paused: true, ...fresh }],
  ['paused', { paused: true }],
  ['connecting', { ...fresh, ...link('none') }],
  ['connecting', { ...fresh, ...link('joining') }],
  ['connecting', { ...fresh, ...link('connecting') }],
  ['waitingForPicture', fresh],
  ['waitingForPicture', { presented: false }],
  ['offAir', { channel: { ...channel, live: false }, ...link('joined') }],
  ['offAir', { channel: { ...channel, live: false } }],
  ['broadcasterAway', { channel: { ...channel, reconnecting: true } }],
  ['broadcasterAway', { channel: { ...channel, reconnecting: true }, ...fresh, ...link('joined') }],
  ['reconnecting', { channel: { ...channel, reconnecting: true }, ...link('interrupted') }],
  ['reconnecting', link('interrupted')],
  ['reconnecting', link('joining')],
  ['reconnecting', { presented: false, ...link('connecting') }],
  // A lost socket alone is nobody's business while the picture moves.
  ['playing', { signaling: 'waiting', signalingFailures: 9 }],
  ['serverUnreachable', { signaling: 'waiting', signalingFailures: 3, ...link('none') }],
  ['reconnecting', { signaling: 'waiting', signalingFailures: 2, ...link('none') }],
  ['reconnecting', { silent: true }],
  ['soundChosen', { rest: 'audioOnly' }],
  ['soundChosen', { rest: 'audioOnly', presented: false }],
  ['soundFirst', { rest: 'soundFirst' }],
  // Whoever cannot see the picture needs no words about it.
  ['playing', { rest: 'hidden' }],
  ['playing', { rest: 'hidden', ...fresh }],
  ['reconnecting', { rest: 'audioOnly', silent: true }],
  ['connecting', { rest: 'audioOnly', ...fresh, ...link('connecting') }],
  // There is no picture to rest.
  [
    'soundOnly',
    { rest: 'audioOnly', receivesVideo: false, channel: { ...channel, hasVideo: false } },
  ],
  ['soundOnly', { receivesVideo: false, channel: { ...channel, hasVideo: false } }],
  ['cannotDecode', { receivesVideo: false }],
  ['notFound', { recovery: { ...initialRecovery, wanted: true, failure: 'notFound' } }],
  ['forbidden', { recovery: { ...initialRecovery, wanted: true, failure: 'forbidden' } }],
  ['notSupported', { recovery: { ...initialRecovery, wanted: true, failure: 'unsupportedMedia' } }],
  ['refused', { recovery: { ...initialRecovery, wanted: true, failure: 'unknownMethod' } }],
  [
    'networkBlocked',
    { ...fresh, recovery: { ...initialRecovery, wanted: true, failure: 'noMedia', failures: 2 } },
  ],
];

describe('conditionOf', () => {
  test.each(cases)('%s: %j', (expected, facts) => {
    expect(conditionOf({ ...playing, ...facts })).toBe(expected);
  });

  test('every condition without a picture has a sentence', () => {
    const silent = Object.entries(CONDITIONS).filter(([, sentence]) => sentence === '');
    expect(silent.map(([name]) => name)).toEqual(['ready', 'playing', 'paused']);
  });
});

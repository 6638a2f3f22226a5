import { describe, expect, test } from '@jest/globals';
import type { ChannelInfo } from '../../../signaling/contract/index.ts';
import {
  hasGivenUp,
  initialRecovery,
  nextRecovery,
  type RecoveryEffect,
  type RecoveryEvent,
  type RecoveryState,
} from './recovery.ts';

const onAir = (broadcastId: string): ChannelInfo => ({
  id: 'demo',
  title: 'Demo',
  live: true,
  viewers: 1,
  broadcastId,
  hasVideo: true,
  hasAudio: true,
  layers: [],
});
const offAir: ChannelInfo = { ...onAir('x'), live: false };

/** Runs events in a row; the effects of all of them. */
function run(from: RecoveryState, ...events: RecoveryEvent[]) {
  const effects: RecoveryEffect[] = [];
  let state = from;
  for (const event of events) {
    const step = nextRecovery(state, event);
    state = step.state;
    effects.push(...step.effects);
  }
  return { state, effects };
}

const watching = run(
  initialRecovery,
  { type: 'signalingOpened' },
  { type: 'played' },
  { type: 'joined', channel: onAir('b1'), receiving: true },
  { type: 'mediaConnected' },
).state;

const waitingOffAir = run(
  initialRecovery,
  { type: 'signalingOpened' },
  { type: 'played' },
  { type: 'joined', channel: offAir, receiving: false },
).state;

describe('beginning', () => {
  test('play before the socket is open joins when it opens', () => {
    expect(run(initialRecovery, { type: 'played' }).effects).toEqual([]);
    expect(run(initialRecovery, { type: 'played' }, { type: 'signalingOpened' })).toMatchObject({
      effects: ['join'],
      state: { link: 'joining' },
    });
  });

  test('a socket that is open already joins at play, and only then', () => {
    expect(run(initialRecovery, { type: 'signalingOpened' }).effects).toEqual([]);
    expect(run(initialRecovery, { type: 'signalingOpened' }, { type: 'played' }).effects).toEqual([
      'join',
    ]);
  });

  test('media that does not get through is tried again, ever slower, and named', () => {
    const { state, effects } = run(
      initialRecovery,
      { type: 'signalingOpened' },
      { type: 'played' },
      { type: 'joined', channel: onAir('b1'), receiving: true },
      { type: 'timerEnded' },
    );
    expect(effects).toEqual(['join']);
    expect(state).toMatchObject({ failure: 'noMedia', timer: { name: 'retry', afterMs: 250 } });
    const again = run(
      state,
      { type: 'timerEnded' },
      { type: 'joined', channel: onAir('b1'), receiving: true },
      { type: 'timerEnded' },
    );
    expect(again.effects).toEqual(['join']);
    expect(again.state).toMatchObject({ failure: 'noMedia', timer: { afterMs: 500 } });
    expect(run(again.state, { type: 'timerEnded' }, { type: 'played' }).state.failure).toBeNull();
  });

  test.each([
    ['forbidden', true, null],
    ['unsupportedMedia', true, null],
    ['notFound', false, 10_000],
    ['overloaded', false, 250],
    ['timeout', false, 250],
  ] as const)('a join refused as %s', (code, final, afterMs) => {
    const { state } = run(
      initialRecovery,
      { type: 'signalingOpened' },
      { type: 'played' },
      { type: 'joinFailed', code },
    );
    expect(hasGivenUp(state)).toBe(final);
    expect(state.timer?.afterMs ?? null).toBe(afterMs);
    expect(run(state, { type: 'played' }).effects).toEqual(['join']);
  });
});

describe('on and off air', () => {
  test('the Channel comes on air while waited for: its Consumers are asked for, media connects', () => {
    const { state, effects } = run(
      waitingOffAir,
      { type: 'channelChanged', channel: onAir('b1') },
      { type: 'zapped', channel: onAir('b1'), receiving: true },
    );
    expect(effects).toEqual(['zap']);
    expect(state).toMatchObject({ link: 'connecting', broadcastId: 'b1' });
  });

  test('off air and on again is another broadcast', () => {
    const over = run(watching, { type: 'channelChanged', channel: offAir });
    expect(over).toMatchObject({ effects: [], state: { link: 'connected', broadcastId: null } });
    expect(run(over.state, { type: 'channelChanged', channel: onAir('b2') }).effects).toEqual([
      'zap',
    ]);
  });

  test('the same broadcast with more viewers changes nothing', () => {
    const { state, effects } = run(watching, { type: 'channelChanged', channel: onAir('b1') });
    expect(effects).toEqual([]);
    expect(state).toEqual(watching);
  });

  test('two changes in a row ask once for each broadcast', () => {
    const { effects } = run(
      watching,
      { type: 'channelChanged', channel: onAir('b2') },
      { type: 'channelChanged', channel: onAir('b2') },
    );
    expect(effects).toEqual(['zap']);
  });

  test('a zap that fails becomes a join', () => {
    expect(run(watching, { type: 'zapFailed', code: 'notJoined' }).effects).toEqual(['join']);
  });
});

describe('losses', () => {
  test('a lost socket leaves what flows alone, and a new one joins anew', () => {
    const lost = run(watching, { type: 'signalingLost' });
    expect(lost).toMatchObject({ effects: [], state: { link: 'connected', online: false } });
    expect(run(lost.state, { type: 'signalingOpened' }).effects).toEqual(['join']);
  });

  test('media that dies while the socket is away waits for the socket', () => {
    const { state, effects } = run(
      watching,
      { type: 'signalingLost' },
      { type: 'mediaInterrupted' },
      { type: 'mediaFailed' },
    );
    expect(effects).toEqual([]);
    expect(run(state, { type: 'signalingOpened' }).effects).toEqual(['join']);
  });

  test('an interruption restarts ICE, and what that does not heal is made anew', () => {
    const cut = run(watching, { type: 'mediaInterrupted' });
    expect(cut.effects).toEqual(['checkSignaling', 'restartIce']);
    expect(run(cut.state, { type: 'mediaConnected' }).state).toMatchObject({
      link: 'connected',
      timer: null,
    });
    expect(run(cut.state, { type: 'timerEnded' }).effects).toEqual(['join']);
    expect(run(cut.state, { type: 'restartFailed', code: 'notJoined' }).effects).toEqual(['join']);
  });

  test('a lost transport is joined anew at once', () => {
    expect(run(watching, { type: 'transportLost' }).effects).toEqual(['join']);
  });

  test('silence is answered by one new join, then by ever slower ones', () => {
    const first = run(watching, { type: 'mediaSilent' });
    // The socket may be as dead as the media.
    expect(first.effects).toEqual(['checkSignaling', 'join']);
    const second = run(
      first.state,
      { type: 'joined', channel: onAir('b1'), receiving: true },
      { type: 'mediaFailed' },
    );
    expect(second).toMatchObject({ effects: [], state: { timer: { name: 'retry' } } });
    const third = run(second.state, { type: 'mediaFailed' }, { type: 'mediaSilent' });
    expect(third.state).toEqual(second.state);
  });
});

describe('pausing', () => {
  test('a short pause keeps everything', () => {
    const { state, effects } = run(watching, { type: 'paused' }, { type: 'played' });
    expect(effects).toEqual([]);
    expect(state).toEqual(watching);
  });

  test('a long one leaves, and play joins', () => {
    const left = run(watching, { type: 'paused' }, { type: 'timerEnded' });
    expect(left).toMatchObject({ effects: ['leave'], state: { link: 'none', timer: null } });
    expect(run(left.state, { type: 'played' }).effects).toEqual(['join']);
  });

  test('nothing comes back while paused', () => {
    const { effects } = run(
      watching,
      { type: 'paused' },
      { type: 'signalingLost' },
      { type: 'signalingOpened' },
      { type: 'transportLost' },
    );
    expect(effects).toEqual(['leave']);
  });
});

describe('a resync', () => {
  test('makes the Consumers anew over the transport that there is', () => {
    const { state, effects } = run(watching, { type: 'resyncAsked' });
    expect(effects).toEqual(['zap']);
    expect(state).toEqual(watching);
  });

  test.each<[string, RecoveryState]>([
    ['nothing is received', waitingOffAir],
    ['the socket is away', run(watching, { type: 'signalingLost' }).state],
    ['it is paused', run(watching, { type: 'paused' }).state],
  ])('nothing happens where %s', (_name, state) => {
    expect(run(state, { type: 'resyncAsked' }).effects).toEqual([]);
  });
});

describe('whoever may not watch', () => {
  const denied = run(watching, { type: 'denied' });

  test('lets go of everything, and asks for nothing by itself', () => {
    expect(denied.effects).toEqual(['leave']);
    expect(denied.state).toMatchObject({ link: 'none', failure: 'denied', timer: null });
    for (const type of ['signalingOpened', 'mediaFailed', 'transportLost', 'timerEnded'] as const) {
      expect(run(denied.state, { type }).effects).toEqual([]);
    }
  });

  test('joins when it is to be asked again, while somebody wants to watch', () => {
    expect(run(denied.state, { type: 'askedAgain' }).effects).toEqual(['join']);
    const idle = run(denied.state, { type: 'paused' }).state;
    expect(run(idle, { type: 'askedAgain' }).effects).toEqual([]);
    expect(run(idle, { type: 'played' }).effects).toEqual(['join']);
  });

  test('who was not refused is not asked again', () => {
    expect(run(watching, { type: 'askedAgain' }).effects).toEqual([]);
  });
});

describe('another Channel', () => {
  test('keeps the transport where there is one', () => {
    expect(run(watching, { type: 'channelChosen' }).effects).toEqual(['zap']);
    expect(run(waitingOffAir, { type: 'channelChosen' }).effects).toEqual(['zap']);
  });

  test('joins otherwise, refusals of the old one forgotten', () => {
    const refused = run(
      initialRecovery,
      { type: 'signalingOpened' },
      { type: 'played' },
      { type: 'joinFailed', code: 'forbidden' },
    ).state;
    expect(run(refused, { type: 'channelChosen' }).effects).toEqual(['join']);
  });

  test('nothing is asked for while nobody wants to watch', () => {
    const idle = run(initialRecovery, { type: 'signalingOpened' }).state;
    expect(run(idle, { type: 'channelChosen' }).effects).toEqual([]);
  });
});

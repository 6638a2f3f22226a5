import { describe, expect, test } from '@jest/globals';
import {
  initialLive,
  type LiveEffect,
  type LiveEvent,
  type LivePhase,
  type LiveState,
  nextLive,
  phaseOf,
} from './live-state.ts';

const live: LiveState = {
  ...initialLive,
  wanted: true,
  online: true,
  link: 'connected',
  wasLive: true,
};
const asking: LiveState = { ...live, link: 'asking', wasLive: false };
const timer = (name: 'retry' | 'connect' | 'settle') => ({ timer: { name, afterMs: 1 } });

type Case = [string, LiveState, LiveEvent, LiveEffect[], Partial<LiveState>];

const cases: Case[] = [
  [
    'start online',
    { ...initialLive, online: true },
    { type: 'started' },
    ['goLive'],
    { link: 'asking' },
  ],
  ['start offline waits for the socket', initialLive, { type: 'started' }, [], { wanted: true }],
  [
    'start anew after an end',
    { ...initialLive, online: true, ended: 'replaced' },
    { type: 'started' },
    ['goLive'],
    { ended: null },
  ],
  [
    'the answer',
    asking,
    { type: 'accepted' },
    [],
    { link: 'connecting', timer: { name: 'connect', afterMs: 8_000 } },
  ],
  [
    'connected',
    { ...asking, link: 'connecting', failures: 2, failure: 'noMedia' },
    { type: 'mediaConnected' },
    [],
    { link: 'connected', wasLive: true, failures: 0, failure: null, timer: null },
  ],
  [
    'a late word of the transport before',
    asking,
    { type: 'mediaConnected' },
    [],
    { link: 'asking' },
  ],
  [
    'the socket alone is lost',
    live,
    { type: 'signalingLost' },
    [],
    { link: 'connected', online: false },
  ],
  ['the socket is lost while asking', asking, { type: 'signalingLost' }, [], { link: 'none' }],
  [
    'a new socket',
    { ...live, online: false },
    { type: 'signalingOpened' },
    ['goLive'],
    { link: 'asking' },
  ],
  [
    'a new socket, nothing wanted',
    initialLive,
    { type: 'signalingOpened' },
    [],
    { link: 'none', online: true },
  ],
  [
    'a new socket after being replaced',
    { ...initialLive, ended: 'replaced' },
    { type: 'signalingOpened' },
    [],
    { ended: 'replaced' },
  ],
  ['a dead worker', live, { type: 'transportLost' }, ['goLive'], { link: 'asking' }],
  [
    'interrupted',
    live,
    { type: 'mediaInterrupted' },
    ['checkSignaling'],
    { link: 'interrupted', timer: { name: 'settle', afterMs: 3_000 } },
  ],
  [
    'interrupted without a socket',
    { ...live, online: false },
    { type: 'mediaInterrupted' },
    ['checkSignaling'],
    { timer: null },
  ],
  [
    'it healed',
    { ...live, link: 'interrupted', ...timer('settle') },
    { type: 'mediaConnected' },
    [],
    { link: 'connected', timer: null },
  ],
  [
    'it did not',
    { ...live, link: 'interrupted', ...timer('settle') },
    { type: 'timerEnded' },
    ['goLive'],
    { link: 'asking' },
  ],
  ['failed media', live, { type: 'mediaFailed' }, ['goLive'], { link: 'asking', failures: 1 }],
  [
    'failed media again',
    { ...live, link: 'connecting', failures: 1 },
    { type: 'mediaFailed' },
    [],
    { failure: 'noMedia', timer: { name: 'retry', afterMs: 500 } },
  ],
  [
    'no media in time',
    { ...asking, link: 'connecting', ...timer('connect') },
    { type: 'timerEnded' },
    [],
    { failure: 'noMedia', timer: { name: 'retry', afterMs: 250 } },
  ],
  [
    'a passing refusal',
    asking,
    { type: 'goLiveFailed', code: 'overloaded' },
    [],
    { link: 'none', failures: 1, timer: { name: 'retry', afterMs: 250 } },
  ],
  [
    'the wait has an end',
    { ...asking, failures: 20 },
    { type: 'goLiveFailed', code: 'timeout' },
    [],
    { timer: { name: 'retry', afterMs: 4_000 } },
  ],
  [
    'a wrong key',
    asking,
    { type: 'goLiveFailed', code: 'unauthorized' },
    ['release'],
    { wanted: false, failure: 'unauthorized', timer: null },
  ],
  [
    'retry',
    { ...asking, link: 'none', ...timer('retry') },
    { type: 'timerEnded' },
    ['goLive'],
    { link: 'asking' },
  ],
  [
    'a refusal after the end',
    initialLive,
    { type: 'goLiveFailed', code: 'timeout' },
    [],
    { timer: null },
  ],
  ['stop', live, { type: 'stopped' }, ['end'], { wanted: false, link: 'none' }],
  [
    'stop while nothing is held',
    { ...live, link: 'none' },
    { type: 'stopped' },
    [],
    { wanted: false },
  ],
  [
    'replaced',
    live,
    { type: 'ended', reason: 'replaced' },
    ['release'],
    { wanted: false, ended: 'replaced' },
  ],
  [
    'an end of what was over',
    initialLive,
    { type: 'ended', reason: 'replaced' },
    [],
    { ended: null },
  ],
];

describe('nextLive', () => {
  test.each(cases)('%s', (_name, state, event, effects, expected) => {
    const step = nextLive(state, event);
    expect(step.effects).toEqual(effects);
    expect(step.state).toMatchObject(expected);
  });

  test('a cut of 30 s: the same broadcast comes back', () => {
    const events = [
      'mediaInterrupted',
      'signalingLost',
      'mediaFailed',
      'signalingOpened',
      'accepted',
      'mediaConnected',
    ] as const;
    const asked: LiveEffect[] = [];
    let state = live;
    for (const type of events) {
      const step = nextLive(state, { type });
      state = step.state;
      asked.push(...step.effects);
    }
    expect(asked).toEqual(['checkSignaling', 'goLive']);
    expect(phaseOf(state)).toBe('live');
  });
});

describe('phaseOf', () => {
  test.each<[LivePhase, Partial<LiveState>]>([
    ['idle', { wanted: false, link: 'none' }],
    ['refused', { wanted: false, link: 'none', failure: 'forbidden' }],
    ['starting', { link: 'asking', wasLive: false }],
    ['live', {}],
    ['live', { online: false }],
    ['reconnecting', { link: 'interrupted' }],
    ['reconnecting', { link: 'asking' }],
    ['ended', { wanted: false, link: 'none', ended: 'keyRotated' }],
  ])('%s: %j', (phase, changed) => {
    expect(phaseOf({ ...live, ...changed })).toBe(phase);
  });
});

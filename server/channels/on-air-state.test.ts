import { describe, expect, test } from '@jest/globals';
import { type OnAirEvent, type OnAirState, onAirStep } from './on-air-state.ts';

const off: OnAirState<string> = { name: 'offAir' };
const on: OnAirState<string> = { name: 'onAir', who: 'a' };
const cut: OnAirState<string> = { name: 'cutOff', who: 'a' };
const away: OnAirState<string> = { name: 'away', who: 'a' };

const wait = ['setReconnecting a true', 'startGrace'];

describe('onAirStep', () => {
  test.each<[string, OnAirState<string>, OnAirEvent<string>, OnAirState<string>, string[]]>([
    ['first', off, { type: 'ready', who: 'a' }, on, ['stopGrace', 'putOnAir a']],
    ['tracks changed', on, { type: 'ready', who: 'a' }, on, ['stopGrace', 'putOnAir a']],
    [
      'the newest wins',
      on,
      { type: 'ready', who: 'b' },
      { name: 'onAir', who: 'b' },
      ['stopGrace', 'endPublisher a replaced', 'putOnAir b'],
    ],
    ['cut off', on, { type: 'cutOff', who: 'a' }, cut, wait],
    ['cut off twice', cut, { type: 'cutOff', who: 'a' }, cut, []],
    [
      'comes through again',
      cut,
      { type: 'back', who: 'a' },
      on,
      ['stopGrace', 'setReconnecting a false'],
    ],
    ['back without having been cut off', on, { type: 'back', who: 'a' }, on, []],
    ['lost', on, { type: 'lost', who: 'a' }, away, wait],
    [
      'lost after it was cut off: the grace time goes on',
      cut,
      { type: 'lost', who: 'a' },
      away,
      [],
    ],
    [
      'it comes back, as another connection',
      away,
      { type: 'ready', who: 'b' },
      { name: 'onAir', who: 'b' },
      ['stopGrace', 'putOnAir b'],
    ],
    [
      'it comes back while its ghost is still there',
      cut,
      { type: 'ready', who: 'b' },
      { name: 'onAir', who: 'b' },
      ['stopGrace', 'endPublisher a replaced', 'putOnAir b'],
    ],
    ['does not come back', away, { type: 'graceOver' }, off, ['takeOffAir a']],
    [
      'stays cut off',
      cut,
      { type: 'graceOver' },
      off,
      ['endPublisher a graceOver', 'takeOffAir a'],
    ],
    ['grace time of one that is back', on, { type: 'graceOver' }, on, []],
    ['finished', on, { type: 'finished', who: 'a' }, off, ['stopGrace', 'takeOffAir a']],
    [
      'finished while cut off',
      cut,
      { type: 'finished', who: 'a' },
      off,
      ['stopGrace', 'takeOffAir a'],
    ],
    ['finished by one that was replaced', on, { type: 'finished', who: 'x' }, on, []],
    ['lost by one that was replaced', on, { type: 'lost', who: 'x' }, on, []],
    [
      'key rotated',
      on,
      { type: 'revoked', reason: 'keyRotated' },
      off,
      ['stopGrace', 'endPublisher a keyRotated', 'takeOffAir a'],
    ],
    [
      'key rotated while it is away',
      away,
      { type: 'revoked', reason: 'keyRotated' },
      off,
      ['stopGrace', 'takeOffAir a'],
    ],
    ['key rotated with nobody on air', off, { type: 'revoked', reason: 'keyRotated' }, off, []],
    ['reports of nobody', off, { type: 'lost', who: 'a' }, off, []],
  ])('%s', (_name, before, event, after, effects) => {
    const step = onAirStep(before, event);
    expect(step.state).toEqual(after);
    expect(step.effects.map((effect) => Object.values(effect).join(' '))).toEqual(effects);
  });
});

import { describe, expect, test } from '@jest/globals';
import { progressWords, type StoredFacts, storedCondition } from './stored-condition.ts';

const playing: StoredFacts = {
  asset: { state: 'ready', watchable: true },
  problem: null,
  paused: false,
  autoplayBlocked: false,
  broken: false,
  presented: true,
  waiting: false,
  lost: false,
  ended: false,
};
const asset = (state: 'uploading' | 'preparing' | 'ready' | 'refused', watchable = false) => ({
  asset: { state, watchable },
});

describe('storedCondition', () => {
  test.each<[string, Partial<StoredFacts>]>([
    ['playing', {}],
    ['playing', asset('preparing', true)],
    ['loading', { asset: null }],
    ['loading', { presented: false }],
    ['serverUnreachable', { asset: null, problem: 'unreachable' }],
    ['serverUnreachable', { ...asset('preparing'), problem: 'unreachable' }],
    ['assetNotFound', { asset: null, problem: 'notFound' }],
    ['deleted', { problem: 'gone' }],
    ['denied', { asset: null, problem: 'denied' }],
    ['assetRefused', asset('refused')],
    ['uploading', asset('uploading')],
    ['preparing', asset('preparing')],
    ['autoplayBlocked', { autoplayBlocked: true, paused: true }],
    ['ready', { paused: true, presented: false }],
    ['paused', { paused: true }],
    ['ended', { paused: true, ended: true }],
    ['buffering', { waiting: true }],
    ['reconnecting', { waiting: true, lost: true }],
    ['reconnecting', { presented: false, lost: true }],
    ['cannotPlay', { broken: true }],
  ])('%s', (condition, facts) => {
    expect(storedCondition({ ...playing, ...facts })).toBe(condition);
  });

  test('what is there already goes on while the server cannot be reached', () => {
    expect(storedCondition({ ...playing, problem: 'unreachable', lost: true })).toBe('playing');
  });
});

describe('progressWords', () => {
  test.each([
    [{ state: 'uploading' }, 'Receiving the file'],
    [{ state: 'preparing' }, 'Preparing'],
    [{ state: 'preparing', progress: { fraction: 0.419 } }, 'Preparing, 41 %'],
    [
      { state: 'preparing', progress: { fraction: 0.1, step: 'first-rung-1' } },
      'Making the first picture, 10 %',
    ],
    [{ state: 'ready' }, ''],
  ] as const)('%j', (of, words) => {
    expect(progressWords(of)).toBe(words);
  });
});

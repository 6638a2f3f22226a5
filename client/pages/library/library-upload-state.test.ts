import { describe, expect, test } from '@jest/globals';
import { remainingSeconds, type Sample, speedOf, withSample } from './library-rate.ts';
import {
  nextState,
  overall,
  toBegin,
  type UploadEvent,
  type UploadLimits,
  type UploadState,
  waitMs,
  whyNot,
} from './library-upload-state.ts';

const sending = { name: 'sending', attempt: 0 } as const;
const waiting = { name: 'waiting', attempt: 1, until: 6_000 } as const;
const queued = { name: 'queued' } as const;
const paused = { name: 'paused' } as const;
const failed = { name: 'failed', reason: 'It is too large.' } as const;

describe('the upload of a file', () => {
  test.each<[UploadState, UploadEvent, UploadState]>([
    [queued, { name: 'begin' }, sending],
    [sending, { name: 'lost', now: 5_000 }, waiting],
    [waiting, { name: 'begin' }, { name: 'sending', attempt: 1 }],
    [{ name: 'sending', attempt: 3 }, { name: 'moved' }, sending],
    [
      { name: 'sending', attempt: 1 },
      { name: 'lost', now: 0 },
      { name: 'waiting', attempt: 2, until: 2_000 },
    ],
    [sending, { name: 'pause' }, paused],
    [waiting, { name: 'pause' }, paused],
    [queued, { name: 'pause' }, paused],
    [paused, { name: 'resume' }, queued],
    [failed, { name: 'resume' }, queued],
    [sending, { name: 'refuse', reason: failed.reason }, failed],
    [sending, { name: 'finish' }, { name: 'sent' }],
    [sending, { name: 'cancel' }, { name: 'cancelled' }],
  ])('%j after %j', (state, event, next) => expect(nextState(state, event)).toEqual(next));

  test.each<[UploadState, UploadEvent]>([
    [paused, { name: 'lost', now: 0 }],
    [paused, { name: 'begin' }],
    [paused, { name: 'refuse', reason: 'late' }],
    [{ name: 'cancelled' }, { name: 'finish' }],
    [{ name: 'sent' }, { name: 'cancel' }],
    [failed, { name: 'pause' }],
    [waiting, { name: 'lost', now: 9 }],
  ])('%j is not changed by %j', (state, event) => expect(nextState(state, event)).toBe(state));

  test('waits longer and longer, and tries without end', () => {
    expect([0, 1, 2, 5, 500].map(waitMs)).toEqual([1_000, 2_000, 4_000, 30_000, 30_000]);
  });

  test('two at once; who waits for the network keeps its place', () => {
    const uploads = [queued, queued, queued].map((state) => ({ state }));
    expect(toBegin(uploads, 2)).toEqual(uploads.slice(0, 2));
    expect(toBegin([{ state: sending }, { state: waiting }, { state: queued }], 2)).toEqual([]);
    expect(toBegin([{ state: paused }, { state: queued }], 2)).toHaveLength(1);
  });

  test('all together; what was given up does not count', () => {
    const uploads = [
      { state: sending, size: 100, sent: 40 },
      { state: { name: 'sent' } as const, size: 50, sent: 50 },
      { state: failed, size: 1_000, sent: 3 },
    ];
    expect(overall(uploads)).toEqual({ files: 2, done: 1, bytes: 150, sent: 90 });
  });
});

describe('limits', () => {
  const limits: UploadLimits = {
    ...{ maxBytes: 1_000_000, quotaBytes: 5_000_000, usedBytes: 4_500_000 },
    ...{ maxAssets: 10, assets: 8 },
  };
  const nothing = { bytes: 0, files: 0 };

  test.each([
    [400_000, nothing, null],
    [0, nothing, 'The file is empty.'],
    [1_500_000, nothing, 'It has 1.5 MB; the server takes files of up to 1 MB.'],
    [600_000, nothing, 'It has 600 kB; there is room for 500 kB more.'],
    [400_000, { bytes: 300_000, files: 1 }, 'It has 400 kB; there is room for 200 kB more.'],
    [10, { bytes: 20, files: 2 }, 'The library is full: it may hold 10 files.'],
  ])('%d bytes behind %j: %p', (bytes, ahead, words) => {
    expect(whyNot(bytes, limits, ahead)).toBe(words);
  });

  test('where there are none', () => {
    const none = { ...limits, quotaBytes: null, maxAssets: null };
    expect(whyNot(1_000_000, none, { bytes: 1e15, files: 1e6 })).toBeNull();
  });
});

describe('speed and remaining time', () => {
  const after = (samples: readonly Sample[]) =>
    samples.reduce<Sample[]>((all, sample) => withSample(all, sample), []);

  test('over the last seconds', () => {
    const samples = after([0, 1, 2].map((second) => ({ at: second * 1_000, bytes: second * 500 })));
    expect(speedOf(samples)).toBe(500);
    expect(remainingSeconds(1_000, 500)).toBe(2);
  });

  test('what is long ago does not count', () => {
    const fast = { at: 0, bytes: 1_000_000 };
    const slow = [10_000, 11_000].map((at) => ({ at, bytes: 1_000_000 + at }));
    expect(speedOf(after([fast, ...slow]))).toBe(1_000);
  });

  test('nothing is said too early, nor of what stands still', () => {
    expect(speedOf(after([{ at: 0, bytes: 0 }]))).toBeNull();
    expect(
      speedOf(
        after([
          { at: 0, bytes: 0 },
          { at: 100, bytes: 9_999 },
        ]),
      ),
    ).toBeNull();
    expect(remainingSeconds(100, 0)).toBeNull();
    expect(remainingSeconds(100, null)).toBeNull();
  });

  test('bytes that go back begin anew', () => {
    expect(
      after([
        { at: 0, bytes: 900 },
        { at: 1_000, bytes: 100 },
      ]),
    ).toHaveLength(1);
  });
});

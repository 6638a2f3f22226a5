import { describe, expect, test } from '@jest/globals';
import type { Playlist, ScheduleEntry } from './playlist.ts';
import { following } from './running-order.ts';
import { isSameTurn, repeatsOne, type Situation, type WhatsOn, whatsOn } from './whats-on.ts';

const A = 'AAAAAAAAAAAAAAAA';
const B = 'BBBBBBBBBBBBBBBB';
const S = 'SSSSSSSSSSSSSSSS';

const at = (time: string) => Date.parse(`2026-03-02T${time}Z`);
const manner = { loop: true, order: 'listed', seed: 's' } as const;
/** The list after its first item. */
const first = following([A, B], manner, undefined);

function situation(
  time: string,
  changes: Partial<Omit<Situation, 'playlist'>> & { playlist?: Partial<Playlist> } = {},
): Situation {
  const { playlist, ...rest } = changes;
  return {
    playlist: {
      items: [],
      loop: true,
      order: 'listed',
      schedule: [],
      timeZone: 'UTC',
      ...playlist,
    },
    assetIds: [A, B],
    seed: 's',
    nowMs: at(time),
    seenMs: Number.NEGATIVE_INFINITY,
    isPlayable: () => true,
    durationOf: () => 600,
    ...rest,
  };
}

const playing = (assetId: string, ends: string, more = {}) => ({
  playing: { assetId, place: first, endsMs: at(ends), ...more },
  place: first,
  seenMs: at('09:59:00'),
});
const schedule = (...entries: ScheduleEntry[]) => ({ playlist: { schedule: entries } });
const daily = (time: string, days?: ScheduleEntry['days']): ScheduleEntry => ({
  ...{ at: time, assetId: S },
  ...(days && { days }),
});

function said({ goesOn, next }: WhatsOn): string {
  const then =
    next &&
    `${next.assetId[0]} at ${new Date(next.startMs).toISOString().slice(11, 19)} from ${next.offset}`;
  return `${goesOn ? 'goes on' : 'nothing on'}, ${then ?? 'nothing'}`;
}

describe('what is on', () => {
  test.each<[string, Situation, string]>([
    ['the first one at the start', situation('10:00:00'), 'nothing on, A at 10:00:00 from 0'],
    [
      'the next one at the end',
      situation('10:00:00', playing(A, '10:05:00')),
      'goes on, B at 10:05:00 from 0',
    ],
    [
      'nothing after the last one',
      situation('10:00:00', {
        ...playing(A, '10:05:00'),
        assetIds: [A],
        playlist: { loop: false },
      }),
      'goes on, nothing',
    ],
    [
      'what the schedule says, within the item',
      situation('10:00:00', { ...playing(A, '10:05:00'), ...schedule(daily('10:03')) }),
      'goes on, S at 10:03:00 from 0',
    ],
    [
      'the list, where the schedule says something later',
      situation('10:00:00', { ...playing(A, '10:05:00'), ...schedule(daily('10:06')) }),
      'goes on, B at 10:05:00 from 0',
    ],
    [
      'what is due now, over what plays',
      situation('10:03:00', {
        ...playing(A, '10:05:00'),
        ...schedule(daily('10:03')),
        seenMs: at('10:02:59'),
      }),
      'goes on, S at 10:03:00 from 0',
    ],
    [
      'not what was due before an edit put it there',
      situation('10:04:00', {
        ...playing(A, '10:05:00'),
        ...schedule(daily('10:03')),
        seenMs: at('10:03:30'),
      }),
      'goes on, B at 10:05:00 from 0',
    ],
    [
      'not again what has just ended',
      situation('10:12:59', { place: first, ...schedule(daily('10:03')), seenMs: at('10:12:00') }),
      'nothing on, B at 10:12:59 from 0',
    ],
    [
      'what began before the start, where it would be by now',
      situation('10:05:00', schedule(daily('10:00'))),
      'nothing on, S at 10:05:00 from 300',
    ],
    [
      'the list, where that would be over',
      situation('10:15:00', schedule(daily('10:00'))),
      'nothing on, A at 10:15:00 from 0',
    ],
    [
      'the schedule alone, later',
      situation('10:15:00', { assetIds: [], ...schedule(daily('20:00')) }),
      'nothing on, S at 20:00:00 from 0',
    ],
    [
      'a day of the week (2026-03-02 is a Monday)',
      situation('10:15:00', { assetIds: [], ...schedule(daily('09:00', ['mon'])) }),
      'nothing on, S at 09:00:00 from 0',
    ],
    [
      'a date',
      situation('10:15:00', {
        assetIds: [],
        ...schedule({ at: '2026-03-02T12:00:00+01:00', assetId: S }),
      }),
      'nothing on, S at 11:00:00 from 0',
    ],
    [
      'not what cannot be played',
      situation('10:00:00', { isPlayable: (id) => id === B }),
      'nothing on, B at 10:00:00 from 0',
    ],
    [
      'nothing, where nothing can be played',
      situation('10:00:00', { isPlayable: () => false, ...schedule(daily('10:01')) }),
      'nothing on, nothing',
    ],
    [
      'the next one at once, where the playing one was taken off the list',
      situation('10:00:00', { ...playing(A, '10:05:00'), assetIds: [B] }),
      'nothing on, B at 10:00:00 from 0',
    ],
    [
      'the next one at once, where the playing one was deleted',
      situation('10:00:00', { ...playing(A, '10:05:00'), isPlayable: (id) => id !== A }),
      'nothing on, B at 10:00:00 from 0',
    ],
    [
      'the playing one, where it has got another place in the list',
      situation('10:00:00', { ...playing(A, '10:05:00'), assetIds: [B, S, A] }),
      'goes on, B at 10:05:00 from 0',
    ],
  ])('%s', (_what, given, expected) => {
    expect(said(whatsOn(given))).toBe(expected);
  });

  test('the Monday after this one is a week away', () => {
    const { next } = whatsOn(
      situation('10:15:00', { assetIds: [], ...schedule(daily('09:00', ['mon'])) }),
    );
    expect(next?.startMs).toBe(at('09:00:00') + 7 * 86_400_000);
  });

  test('on the day when clocks are put forward, 02:30 comes an hour later', () => {
    const playlist = { schedule: [daily('02:30')], timeZone: 'Europe/Rome' };
    const nowMs = Date.parse('2026-03-28T23:00:00Z');
    const { next } = whatsOn(situation('00:00:00', { assetIds: [], playlist, nowMs }));
    expect(next?.startMs).toBe(Date.parse('2026-03-29T01:30:00Z'));
  });

  test('on the day when they are put back, it comes once', () => {
    const playlist = { schedule: [daily('02:30')], timeZone: 'Europe/Rome' };
    const begin = Date.parse('2026-10-25T00:30:00Z');
    const after = { assetIds: [], playlist, durationOf: () => 60 };
    const next = (nowMs: number) => whatsOn(situation('00:00:00', { ...after, nowMs })).next;
    expect(next(begin - 1)?.startMs).toBe(begin);
    expect(next(begin + 61_000)?.startMs).toBe(begin + 25 * 3_600_000);
  });

  test('is the same turn or another one', () => {
    const one = { assetId: A, place: first };
    expect(isSameTurn(one, { ...one })).toBe(true);
    expect(isSameTurn(one, { ...one, atMs: 1 })).toBe(false);
    expect(isSameTurn(one, { assetId: A, place: following([A], manner, first) })).toBe(false);
  });

  test('one alone goes round by itself', () => {
    const { playlist } = situation('10:00:00');
    expect(repeatsOne(playlist, [A, A])).toBe(true);
    expect(repeatsOne(playlist, [A, B])).toBe(false);
    expect(repeatsOne({ ...playlist, loop: false }, [A])).toBe(false);
    expect(repeatsOne(playlist, [])).toBe(false);
  });
});

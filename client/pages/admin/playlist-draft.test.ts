import { describe, expect, test } from '@jest/globals';
import { DAYS, type PlaylistAnswer } from './playlist-api.ts';
import {
  draftOf,
  emptyDraft,
  moved,
  playlistOf,
  withEntry,
  withEntryChanged,
  withItem,
  without,
} from './playlist-draft.ts';

const A = { id: 'A', title: 'One', isCollection: false };
const B = { id: 'B', title: 'Two', isCollection: true };

const answer: PlaylistAnswer = {
  items: [{ assetId: 'A' }, { collectionId: 'B' }, { assetId: 'A' }],
  loop: false,
  order: 'shuffled',
  schedule: [
    { at: '20:00', days: ['mon'], assetId: 'A' },
    { at: '2026-01-02T03:04:05.000Z', assetId: 'C' },
  ],
  timeZone: 'Europe/Rome',
  titles: { A: 'One', B: 'Two' },
  state: 'waiting',
};

describe('a playlist that is edited', () => {
  test('comes back as it was, where nothing was changed', () => {
    const { titles: _titles, state: _state, ...playlist } = answer;
    expect(playlistOf(draftOf(answer, 'UTC'))).toEqual(playlist);
  });

  test('says of what there is no more', () => {
    const { items, schedule } = draftOf(answer, 'UTC');
    expect(items.map(({ title }) => title)).toEqual(['One', 'Two', 'One']);
    expect(schedule.map(({ title }) => title)).toEqual(['One', 'Not to be had any more']);
  });

  test('items move up and down, and stay at the ends', () => {
    const draft = withItem(withItem(emptyDraft('UTC'), A), B);
    const [first, second] = draft.items;
    const order = (by: -1 | 1, key = first?.key ?? 0) =>
      moved(draft, key, by)
        .items.map(({ id }) => id)
        .join('');
    expect([order(1), order(-1), order(-1, second?.key), order(1, second?.key)]).toEqual([
      'BA',
      'AB',
      'BA',
      'AB',
    ]);
    expect(without(draft, first?.key ?? 0).items).toEqual([second]);
  });

  test('an entry is for every day, for some, or for one date', () => {
    const draft = withEntry(emptyDraft('UTC'), A);
    const key = draft.schedule[0]?.key ?? 0;
    const entry = (changes: object) =>
      playlistOf(withEntryChanged(draft, key, changes)).schedule[0];
    expect(entry({})).toEqual({ at: '20:00', assetId: 'A' });
    expect(entry({ days: DAYS.slice(5) })).toEqual({
      at: '20:00',
      days: ['sat', 'sun'],
      assetId: 'A',
    });
    expect(entry({ date: '2026-05-06', time: '07:08' })?.at).toBe(
      new Date('2026-05-06T07:08').toISOString(),
    );
  });
});

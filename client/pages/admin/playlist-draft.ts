import {
  DAYS,
  type Day,
  type Playable,
  type Playlist,
  type PlaylistAnswer,
} from './playlist-api.ts';

/** A list as it is being edited. Each item has a key of its own, for an Asset may be in it twice. */
export interface Draft {
  items: readonly DraftItem[];
  loop: boolean;
  shuffled: boolean;
  schedule: readonly DraftEntry[];
  timeZone: string;
}

export interface DraftItem {
  key: number;
  id: string;
  isCollection: boolean;
  title: string;
}

export interface DraftEntry {
  key: number;
  assetId: string;
  title: string;
  /** HH:MM or HH:MM:SS. */
  time: string;
  /** YYYY-MM-DD; empty for every week. */
  date: string;
  days: readonly Day[];
}

const UNKNOWN = 'Not to be had any more';

let lastKey = 0;

function newKey(): number {
  lastKey += 1;
  return lastKey;
}

export function emptyDraft(timeZone: string): Draft {
  return { items: [], loop: true, shuffled: false, schedule: [], timeZone };
}

/** @param timeZone where the playlist names none */
export function draftOf(answer: PlaylistAnswer, timeZone: string): Draft {
  const { titles, loop, order } = answer;
  return {
    loop,
    shuffled: order === 'shuffled',
    timeZone: answer.timeZone ?? timeZone,
    items: answer.items.map((item) => {
      const isCollection = 'collectionId' in item;
      const id = isCollection ? item.collectionId : item.assetId;
      return { key: newKey(), id, isCollection, title: titles[id] ?? UNKNOWN };
    }),
    schedule: answer.schedule.map(({ at, days, assetId }) => ({
      ...{ key: newKey(), assetId, title: titles[assetId] ?? UNKNOWN },
      ...(at.includes('T') ? localParts(new Date(at)) : { time: at, date: '' }),
      days: days ?? DAYS,
    })),
  };
}

export function playlistOf({ items, loop, shuffled, schedule, timeZone }: Draft): Playlist {
  return {
    loop,
    timeZone,
    order: shuffled ? 'shuffled' : 'listed',
    items: items.map(({ id, isCollection }) =>
      isCollection ? { collectionId: id } : { assetId: id },
    ),
    schedule: schedule.map(entryOf),
  };
}

function entryOf({ assetId, time, date, days }: DraftEntry): Playlist['schedule'][number] {
  if (date !== '') return { assetId, at: new Date(`${date}T${time}`).toISOString() };
  return { assetId, at: time, ...(days.length < DAYS.length && { days: [...days] }) };
}

export function withItem(draft: Draft, { id, title, isCollection }: Playable): Draft {
  return { ...draft, items: [...draft.items, { key: newKey(), id, title, isCollection }] };
}

export function withEntry(draft: Draft, { id, title }: Playable): Draft {
  const entry = { key: newKey(), assetId: id, title, time: '20:00', date: '', days: DAYS };
  return { ...draft, schedule: [...draft.schedule, entry] };
}

/** @param by places: -1 is up. At an end it stays where it is */
export function moved(draft: Draft, key: number, by: -1 | 1): Draft {
  const from = draft.items.findIndex((item) => item.key === key);
  const to = from + by;
  const item = draft.items[from];
  if (item === undefined || to < 0 || to >= draft.items.length) return draft;
  const items = draft.items.filter((one) => one !== item);
  items.splice(to, 0, item);
  return { ...draft, items };
}

export function without(draft: Draft, key: number): Draft {
  return {
    ...draft,
    items: draft.items.filter((item) => item.key !== key),
    schedule: draft.schedule.filter((entry) => entry.key !== key),
  };
}

export function withEntryChanged(draft: Draft, key: number, changes: Partial<DraftEntry>): Draft {
  const schedule = draft.schedule.map((entry) =>
    entry.key === key ? { ...entry, ...changes } : entry,
  );
  return { ...draft, schedule };
}

/** As the fields of a form have it, where the browser is. */
function localParts(moment: Date): { time: string; date: string } {
  const two = (number: number) => String(number).padStart(2, '0');
  return {
    date: `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`,
    time: [moment.getHours(), moment.getMinutes(), moment.getSeconds()].map(two).join(':'),
  };
}

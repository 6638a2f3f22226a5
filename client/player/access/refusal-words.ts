import type { WatchRefusal } from '../../../signaling/contract/index.ts';
import { clockWords } from '../controls/time-words.ts';

export type RefusalWords = {
  title: string;
  words: string;
};

/** Each reason why somebody may not watch, in words for them. */
const WORDS: Record<WatchRefusal, RefusalWords> = {
  signIn: {
    title: 'Sign in to watch',
    words: 'This is for people who have an account here.',
  },
  password: {
    title: 'This has a password',
    words: 'Whoever knows it may watch.',
  },
  wrongPassword: {
    title: 'That is not the password',
    words: 'Whoever knows the right one may watch.',
  },
  token: {
    title: 'You need a link of your own',
    words: 'The way you came shows no right to watch this. Ask for a link where you heard of it.',
  },
  wrongToken: {
    title: 'This link does not fit',
    words: 'It was made for something else, or a part of it is missing. Ask for another one.',
  },
  expired: {
    title: 'Your time to watch has ended',
    words: 'The link, or the page that you came from, gave it for a while only.',
  },
  revoked: {
    title: 'You may not watch this any more',
    words: 'The right that you had was taken back.',
  },
  notYet: {
    title: 'It has not begun',
    words: 'You need not do anything: it starts by itself.',
  },
  over: {
    title: 'It is over',
    words: 'The time in which this could be watched has ended.',
  },
  site: {
    title: 'Not on this site',
    words: 'The site around this player may not show it.',
  },
  full: {
    title: 'There is no room left',
    words:
      'As many people watch as may at the same time. You need not do anything: it is tried again.',
  },
  refused: {
    title: 'You may not watch this',
    words: 'Whoever runs this has decided so.',
  },
  gone: {
    title: 'It is not here any more',
    words: 'It was taken away, or is no longer for you.',
  },
};

const AGAIN: Partial<Record<WatchRefusal, RefusalWords>> = {
  expired: {
    title: 'Are you still there?',
    words: 'The password opens this for a while only. Say it once more to go on.',
  },
  revoked: {
    title: 'The password has changed',
    words: 'Whoever knows the new one may go on watching.',
  },
  wrongToken: {
    title: 'This has a password',
    words: 'Say it once more to go on.',
  },
};

/** @param takesPassword a password would help */
export function refusalWords(refusal: WatchRefusal, takesPassword: boolean): RefusalWords {
  return (takesPassword ? AGAIN[refusal] : undefined) ?? WORDS[refusal];
}

/** Trying again is for the person to do: by itself nothing changes, or not soon. */
export function mayTryAgain(refusal: WatchRefusal, takesPassword: boolean): boolean {
  return !takesPassword && refusal !== 'notYet' && refusal !== 'signIn';
}

const DAY = 24 * 60 * 60;

/** How long it is until then: `in 1:02:03`. @param seconds from now */
export function countdownWords(seconds: number): string {
  if (seconds <= 0) return 'now';
  return seconds >= 2 * DAY
    ? `in ${Math.floor(seconds / DAY)} days`
    : `in ${clockWords(Math.ceil(seconds))}`;
}

/** Such as `Monday 23 November at 20:00`, by the person's own clock and zone. */
export function dayAndTime(atMs: number, timeZone?: string): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    ...{ weekday: 'long', day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' },
    ...(timeZone !== undefined && { timeZone }),
  });
  return format.format(atMs);
}

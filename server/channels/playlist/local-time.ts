/** A day of the calendar; `month` from 1. */
export interface LocalDate {
  year: number;
  month: number;
  day: number;
}

const DAY_MS = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

/** What the calendar says somewhere. @param timeZone as IANA names it */
export function dateAt(ms: number, timeZone: string): LocalDate {
  const local = new Date(ms + offsetAt(ms, timeZone));
  return { year: local.getUTCFullYear(), month: local.getUTCMonth() + 1, day: local.getUTCDate() };
}

export function addDays({ year, month, day }: LocalDate, days: number): LocalDate {
  const date = new Date(Date.UTC(year, month - 1, day + days));
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** 0 is Monday. */
export function weekdayOf({ year, month, day }: LocalDate): number {
  return (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7;
}

/**
 * When clocks somewhere show this. A time that is left out when they are put forward comes as much later; of one
 * that comes twice it is the first (as `compatible` of ECMAScript's Temporal, and RFC 5545 section 3.3.5).
 *
 * @param seconds of the day
 * @returns milliseconds since the Unix epoch
 */
export function momentOf(date: LocalDate, seconds: number, timeZone: string): number {
  const shown = Date.UTC(date.year, date.month - 1, date.day) + seconds * 1_000;
  const before = shown - offsetAt(shown - DAY_MS, timeZone);
  const after = shown - offsetAt(shown + DAY_MS, timeZone);
  const right = [before, after].filter((ms) => ms + offsetAt(ms, timeZone) === shown);
  return right.length === 0 ? before : Math.min(...right);
}

/** How far clocks there are ahead of UTC, milliseconds. */
function offsetAt(ms: number, timeZone: string): number {
  const parts = formatFor(timeZone).formatToParts(ms);
  const read = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const day = Date.UTC(read('year'), read('month') - 1, read('day'));
  const seconds = (read('hour') * 60 + read('minute')) * 60 + read('second');
  return day + seconds * 1_000 - Math.floor(ms / 1_000) * 1_000;
}

function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const numeric = 'numeric';
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23', calendar: 'gregory', numberingSystem: 'latn' },
    ...{ year: numeric, month: numeric, day: numeric },
    ...{ hour: numeric, minute: numeric, second: numeric },
  });
  formats.set(timeZone, format);
  return format;
}

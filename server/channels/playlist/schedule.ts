import { addDays, dateAt, type LocalDate, momentOf, weekdayOf } from './local-time.ts';
import { DAYS, type Playlist, type ScheduleEntry, SERVER_TIME_ZONE } from './playlist.ts';

/** An Asset begins. */
export interface Occurrence {
  assetId: string;
  /** Milliseconds since the Unix epoch. */
  atMs: number;
}

type Scheduled = Pick<Playlist, 'schedule' | 'timeZone'>;

/** Nothing lasts longer than from the day before yesterday. */
const DAYS_BACK = 2;
/** Some day of the next week it is, at the latest. */
const DAYS_AHEAD = 8;

/** The last one that was due; of two at once that which is listed last. */
export function lastOccurrence(playlist: Scheduled, nowMs: number): Occurrence | undefined {
  const due = occurrences(playlist, nowMs, -DAYS_BACK, 1).filter(({ atMs }) => atMs <= nowMs);
  return due.reduce<Occurrence | undefined>(
    (last, one) => (last === undefined || one.atMs >= last.atMs ? one : last),
    undefined,
  );
}

/** The next one; of two at once that which is listed last. */
export function nextOccurrence(playlist: Scheduled, nowMs: number): Occurrence | undefined {
  const coming = occurrences(playlist, nowMs, -1, DAYS_AHEAD).filter(({ atMs }) => atMs > nowMs);
  return coming.reduce<Occurrence | undefined>(
    (next, one) => (next === undefined || one.atMs <= next.atMs ? one : next),
    undefined,
  );
}

function occurrences(
  { schedule, timeZone = SERVER_TIME_ZONE }: Scheduled,
  nowMs: number,
  firstDay: number,
  lastDay: number,
): Occurrence[] {
  if (schedule.length === 0) return [];
  const today = dateAt(nowMs, timeZone);
  const dates = Array.from({ length: lastDay - firstDay + 1 }, (_, index) =>
    addDays(today, firstDay + index),
  );
  return schedule.flatMap((entry) =>
    momentsOf(entry, dates, timeZone).map((atMs) => ({ assetId: entry.assetId, atMs })),
  );
}

function momentsOf(entry: ScheduleEntry, dates: LocalDate[], zone: string): number[] {
  const { at } = entry;
  const days: readonly string[] = entry.days ?? DAYS;
  if (at.includes('T')) return [Date.parse(at)];
  const [hours = 0, minutes = 0, seconds = 0] = at.split(':').map(Number);
  const ofDay = (hours * 60 + minutes) * 60 + seconds;
  return dates
    .filter((date) => days.includes(DAYS[weekdayOf(date)] ?? ''))
    .map((date) => momentOf(date, ofDay, zone));
}

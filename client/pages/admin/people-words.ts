import type { Role } from '../../../signaling/contract/index.ts';
import { dayWords } from './admin-words.ts';

export const ROLE_WORDS: Record<Role, string> = {
  administrator: 'Administrator',
  editor: 'Editor',
  broadcaster: 'Broadcaster',
  viewer: 'Viewer',
};

export const ROLE_SENTENCES: Record<Role, string> = {
  administrator: 'everything, people too',
  editor: 'Channels, the library, and who watches of it',
  broadcaster: 'goes live on Channels',
  viewer: 'watches what is for those who are signed in',
};

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** `just now`, `5 minutes ago`, and the day where it is longer ago. */
export function agoWords(iso: string, nowMs = Date.now()): string {
  const passedMs = nowMs - Date.parse(iso);
  if (passedMs < MINUTE_MS) return 'just now';
  if (passedMs < HOUR_MS) return `${many(passedMs / MINUTE_MS, 'minute')} ago`;
  if (passedMs < DAY_MS) return `${many(passedMs / HOUR_MS, 'hour')} ago`;
  return dayWords(iso);
}

/** How long something is still good: `for 5 minutes`, and the day where it is further off. */
export function untilWords(iso: string, nowMs = Date.now()): string {
  const leftMs = Date.parse(iso) - nowMs;
  if (leftMs <= 0) return 'no more';
  const minutes = Math.max(1, Math.round(leftMs / MINUTE_MS));
  if (minutes < 60) return `for ${many(minutes, 'minute')}`;
  const hours = Math.round(leftMs / HOUR_MS);
  return hours < 25 ? `for ${many(hours, 'hour')}` : `until ${dayWords(iso)}`;
}

function many(count: number, one: string): string {
  const whole = Math.floor(count);
  return `${whole} ${one}${whole === 1 ? '' : 's'}`;
}

/** The order counts: most browsers say that they are others too. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(e|A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Chrome|Chromium|CriOS|HeadlessChrome)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];

const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b/, 'an iPhone'],
  [/\biPad\b/, 'an iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'a Mac'],
  [/\bCrOS\b/, 'a Chromebook'],
  [/\bLinux\b/, 'Linux'],
];

/** What a browser says of itself (RFC 9110 section 10.1.5), as a person would. */
export function deviceWords(userAgent: string | null): string {
  const find = (list: typeof BROWSERS) => list.find(([sign]) => sign.test(userAgent ?? ''))?.[1];
  const [browser, system] = [find(BROWSERS), find(SYSTEMS)];
  if (browser !== undefined) return system === undefined ? browser : `${browser} on ${system}`;
  const program = /^[\w.-]{1,40}/.exec(userAgent ?? '')?.[0];
  return system ?? program ?? 'Something that does not say what it is';
}

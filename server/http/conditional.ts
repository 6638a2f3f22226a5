import { type ByteRange, parseRange } from './byte-ranges.ts';

/** What is there to be answered with. */
export interface Representation {
  /** Bytes. */
  size: number;
  /** Strong, with its quotes. */
  etag: string;
  modified: Date;
}

/** Headers of a GET or HEAD, as they came. */
export interface ConditionalHeaders {
  range?: string | undefined;
  ifMatch?: string | undefined;
  ifNoneMatch?: string | undefined;
  ifModifiedSince?: string | undefined;
  ifUnmodifiedSince?: string | undefined;
  ifRange?: string | undefined;
}

export type Verdict =
  | { status: 200 }
  | { status: 206; range: ByteRange }
  | { status: 304 | 412 | 416 };

/** In the order of RFC 9110 section 13.2.2. @param now the time of the answer's `Date` */
export function judge(headers: ConditionalHeaders, of: Representation, now: Date): Verdict {
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = headers;
  if (ifMatch !== undefined) {
    if (!names(ifMatch, of.etag, 'strong')) return { status: 412 };
  } else if (isLaterThan(of.modified, ifUnmodifiedSince) === true) return { status: 412 };
  if (ifNoneMatch !== undefined) {
    if (names(ifNoneMatch, of.etag, 'weak')) return { status: 304 };
  } else if (isLaterThan(of.modified, ifModifiedSince) === false) return { status: 304 };
  if (!rangeHolds(headers.ifRange, of, now)) return { status: 200 };
  const range = parseRange(headers.range, of.size);
  if (range === 'unsatisfiable') return { status: 416 };
  return range === undefined ? { status: 200 } : { status: 206, range };
}

/** Is it in the list of entity tags (sections 8.8.3.2, 13.1.1, 13.1.2)? */
function names(list: string, etag: string, comparison: 'strong' | 'weak'): boolean {
  if (list.trim() === '*') return true;
  const tags = list.match(/(W\/)?"[^"]*"/g) ?? [];
  return tags.some((tag) => tag === etag || (comparison === 'weak' && tag === `W/${etag}`));
}

/** Undefined where no date was named that can be read: the header is not there then. */
function isLaterThan(modified: Date, date: string | undefined): boolean | undefined {
  const time = Date.parse(date ?? '');
  return Number.isNaN(time) ? undefined : wholeSeconds(modified) > time;
}

/** Section 13.1.5: exactly this state, or the whole. A date proves it only when the second is over (8.8.2.2). */
function rangeHolds(ifRange: string | undefined, of: Representation, now: Date): boolean {
  if (ifRange === undefined || ifRange === of.etag) return true;
  const modified = wholeSeconds(of.modified);
  return Date.parse(ifRange) === modified && now.getTime() - modified >= 2_000;
}

/** HTTP knows no parts of seconds. */
function wholeSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1_000) * 1_000;
}

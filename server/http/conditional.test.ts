import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseRange } from './byte-ranges.ts';
import { type ConditionalHeaders, judge } from './conditional.ts';

describe('one range of bytes (RFC 9110 section 14)', () => {
  test.each([
    [undefined, undefined],
    ['bytes=0-99', { start: 0, end: 99 }],
    ['bytes=0-0', { start: 0, end: 0 }],
    ['bytes=900-', { start: 900, end: 999 }],
    ['bytes=900-5000', { start: 900, end: 999 }],
    ['bytes=-100', { start: 900, end: 999 }],
    ['bytes=-5000', { start: 0, end: 999 }],
    ['BYTES= 5-6 ', { start: 5, end: 6 }],
    ['bytes=999-', { start: 999, end: 999 }],
    ['bytes=1000-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    [`bytes=${'9'.repeat(400)}-`, 'unsatisfiable'],
    [`bytes=5-${'9'.repeat(400)}`, { start: 5, end: 999 }],
    // What cannot be read is no range at all.
    ['bytes=5-4', undefined],
    ['bytes=-', undefined],
    ['bytes=a-b', undefined],
    ['bytes=1', undefined],
    ['bytes=--5', undefined],
    ['lines=1-2', undefined],
    ['bytes=0-1,5-6', undefined],
    ['bytes=0-1\r\nx: y', undefined],
  ])('%s', (header, expected) => {
    expect(parseRange(header, 1000)).toEqual(expected);
  });

  test('of nothing there is no range', () => {
    for (const header of ['bytes=0-', 'bytes=0-0', 'bytes=-1']) {
      expect(parseRange(header, 0)).toBe('unsatisfiable');
    }
  });

  test('whatever is asked for, a range lies inside of the file', () => {
    const header = fc.oneof(
      fc.string(),
      fc.stringMatching(/^bytes=\d{0,20}-\d{0,20}$/),
      fc.tuple(fc.nat(), fc.nat()).map(([from, to]) => `bytes=${from}-${to}`),
    );
    fc.assert(
      fc.property(header, fc.nat(), (text, size) => {
        const range = parseRange(text, size);
        if (range === undefined || range === 'unsatisfiable') return;
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.end).toBeGreaterThanOrEqual(range.start);
        expect(range.end).toBeLessThan(size);
      }),
    );
  });
});

describe('conditions (RFC 9110 section 13)', () => {
  const modified = new Date('2026-01-02T03:04:05.678Z');
  const of = { size: 10, etag: '"one"', modified };
  const now = new Date('2026-02-01T00:00:00Z');
  const same = 'Fri, 02 Jan 2026 03:04:05 GMT';
  const earlier = 'Fri, 02 Jan 2026 03:04:04 GMT';
  const later = 'Fri, 02 Jan 2026 03:04:06 GMT';
  const range = 'bytes=2-3';

  test.each<[ConditionalHeaders, number]>([
    [{}, 200],
    [{ range }, 206],
    [{ range: 'bytes=20-' }, 416],
    [{ ifNoneMatch: '"one"' }, 304],
    [{ ifNoneMatch: 'W/"one"' }, 304],
    [{ ifNoneMatch: '"two", "one"' }, 304],
    [{ ifNoneMatch: '*' }, 304],
    [{ ifNoneMatch: '"two"' }, 200],
    [{ ifNoneMatch: 'one' }, 200],
    [{ ifNoneMatch: '"one"', range }, 304],
    [{ ifModifiedSince: same }, 304],
    [{ ifModifiedSince: later }, 304],
    [{ ifModifiedSince: earlier }, 200],
    [{ ifModifiedSince: 'yesterday' }, 200],
    // Where both are there, the tag counts.
    [{ ifNoneMatch: '"two"', ifModifiedSince: same }, 200],
    [{ ifMatch: '"one"' }, 200],
    [{ ifMatch: '*' }, 200],
    [{ ifMatch: '"two"' }, 412],
    // Strong comparison: a weak tag names nothing.
    [{ ifMatch: 'W/"one"' }, 412],
    [{ ifMatch: '"one"', ifUnmodifiedSince: earlier }, 200],
    [{ ifUnmodifiedSince: earlier }, 412],
    [{ ifUnmodifiedSince: same }, 200],
    [{ ifUnmodifiedSince: 'yesterday' }, 200],
    [{ ifMatch: '"two"', ifNoneMatch: '"one"' }, 412],
    [{ range, ifRange: '"one"' }, 206],
    [{ range, ifRange: '"two"' }, 200],
    [{ range, ifRange: 'W/"one"' }, 200],
    [{ range, ifRange: same }, 206],
    [{ range, ifRange: later }, 200],
    [{ range: 'bytes=20-', ifRange: '"two"' }, 200],
  ])('%j: %i', (headers, status) => {
    expect(judge(headers, of, now)).toMatchObject({ status });
  });

  test('a date proves nothing within the second in which the file was made', () => {
    const soon = new Date(modified.getTime() + 500);
    expect(judge({ range, ifRange: same }, of, soon)).toEqual({ status: 200 });
  });
});

import { describe, expect, test } from '@jest/globals';
import { linkBitrate, nextUpload, PLENTY, PROBE_MS, type Upload } from './upload-estimate.ts';

/** What a probe finds on a link of so many bits a second and so long a way. */
function probe(bitrate: number, roundTripMs: number) {
  const done: Upload[] = [];
  let elapsedMs = 0;
  for (let bytes = nextUpload(done, 0); bytes !== null; bytes = nextUpload(done, elapsedMs)) {
    const wouldTakeMs = roundTripMs + (bytes * 8_000) / bitrate;
    const complete = elapsedMs + wouldTakeMs <= PROBE_MS;
    const tookMs = complete ? wouldTakeMs : PROBE_MS - elapsedMs;
    done.push({ bytes, tookMs, complete });
    elapsedMs += tookMs;
  }
  const total = done.reduce((sum, { bytes }) => sum + bytes, 0);
  return { bitrate: linkBitrate(done), elapsedMs, total };
}

describe('a probe', () => {
  test.each([
    [300_000, 40],
    [1_000_000, 40],
    [4_000_000, 20],
    [12_000_000, 200],
    [19_000_000, 10],
  ])('finds %d bit/s over %d ms', (bitrate, roundTripMs) => {
    const found = probe(bitrate, roundTripMs);
    expect(found.bitrate).toBeCloseTo(bitrate, -2);
    expect(found.elapsedMs).toBeLessThanOrEqual(PROBE_MS);
  });

  test('is quick on a quick link, and does not send much over any', () => {
    expect(probe(1_000_000_000, 1)).toMatchObject({ bitrate: PLENTY });
    expect(probe(1_000_000_000, 1).elapsedMs).toBeLessThan(200);
    for (const bitrate of [1e5, 1e6, 1e7, 1e8, 1e9]) {
      expect(probe(bitrate, 20).total).toBeLessThan(4 * 1024 * 1024);
    }
  });

  test('a link too slow to end the first upload is known to be slow', () => {
    const found = probe(50_000, 40);
    expect(found.elapsedMs).toBe(PROBE_MS);
    expect(found.bitrate).toBeLessThan(200_000);
  });

  test('without an answer nothing is known', () => {
    expect(linkBitrate([])).toBeNull();
    expect(linkBitrate([{ bytes: 0, tookMs: 3_000, complete: false }])).toBeNull();
  });
});

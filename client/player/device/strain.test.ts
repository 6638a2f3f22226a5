import { describe, expect, test } from '@jest/globals';
import { type DecodingCount, NO_STRAIN, strainOf, withCount } from './strain.ts';

/** Looks twice a second at a picture of 30 frames a second. */
function counts(looks: number, each: Partial<DecodingCount>): readonly DecodingCount[] {
  const { framesReceived = 15, framesDropped = 0, decodeSeconds = 0.05, hardwareDecoder } = each;
  let kept: readonly DecodingCount[] = [];
  for (let look = 0; look < looks; look += 1) {
    kept = withCount(kept, {
      atMs: look * 500,
      framesReceived: look * framesReceived,
      framesDropped: look * framesDropped,
      framesDecoded: look * (framesReceived - framesDropped),
      decodeSeconds: look * decodeSeconds,
      hardwareDecoder: hardwareDecoder ?? false,
    });
  }
  return kept;
}

describe('strainOf', () => {
  test.each<[string, readonly DecodingCount[], object]>([
    ['nothing was counted', [], NO_STRAIN],
    ['too short a while', counts(4, { framesDropped: 10 }), NO_STRAIN],
    ['no picture is sent', counts(10, { framesReceived: 0 }), NO_STRAIN],
    ['at ease', counts(10, {}), { droppedFraction: 0, decodeLoad: 0.1 }],
    ['a third is dropped', counts(10, { framesDropped: 5 }), { droppedFraction: 1 / 3 }],
    ['more work than time', counts(10, { decodeSeconds: 0.6 }), { decodeLoad: 1.2 }],
    // What it dropped it would have had to decode as well.
    [
      'the dropped ones count',
      counts(10, { framesDropped: 5, decodeSeconds: 0.5 }),
      { decodeLoad: 1.5 },
    ],
    [
      'hardware works on several at once',
      counts(10, { decodeSeconds: 0.6, hardwareDecoder: true }),
      { decodeLoad: 0 },
    ],
  ])('%s', (_name, kept, expected) => {
    const strain = strainOf(kept);
    for (const [field, value] of Object.entries(expected)) {
      expect(Reflect.get(strain, field)).toBeCloseTo(value, 6);
    }
  });

  test('a burst that is dropped because it is late is no strain', () => {
    const kept = counts(5, {});
    const last = kept.at(-1);
    if (last === undefined) throw new Error('nothing was kept');
    const burst = { ...last, atMs: last.atMs + 500, framesDropped: 40 };
    const after = withCount(kept, { ...burst, framesReceived: last.framesReceived + 50 });
    expect(strainOf(after).droppedFraction).toBe(0);
  });

  test('forgets what is older than two seconds, and another stream', () => {
    const kept = counts(50, {});
    expect(kept.length).toBe(5);
    const other = counts(1, {}).map((count) => ({ ...count, atMs: 60_000, framesReceived: 1 }));
    expect(other.reduce(withCount, kept).length).toBe(1);
  });
});

import { describe, expect, test } from '@jest/globals';
import { type Layering, layeringOf, ownBitrates, sentBitrates } from './layering.ts';

const ONE = { layers: 1, oneStream: false, independent: true };

describe('layeringOf', () => {
  test.each<[string, Parameters<typeof layeringOf>[0], Layering]>([
    ['nothing said', {}, ONE],
    ['one stream', { encodings: [{ ssrc: 1 }] }, ONE],
    ['temporal layers only', { encodings: [{ scalabilityMode: 'L1T3' }] }, ONE],
    [
      'simulcast, by RTP stream id',
      { encodings: [{ rid: 'l' }, { rid: 'm' }, { rid: 'h' }] },
      { layers: 3, oneStream: false, independent: true },
    ],
    [
      'simulcast of temporal layers',
      { encodings: [{ scalabilityMode: 'L1T3' }, { scalabilityMode: 'L1T3' }] },
      { layers: 2, oneStream: false, independent: true },
    ],
    [
      'K-SVC',
      { encodings: [{ scalabilityMode: 'L3T3_KEY' }] },
      { layers: 3, oneStream: true, independent: true },
    ],
    [
      'full SVC',
      { encodings: [{ scalabilityMode: 'L2T1' }] },
      { layers: 2, oneStream: true, independent: false },
    ],
    ['nonsense', { encodings: [{ scalabilityMode: 'x' }] }, ONE],
  ])('%s', (_name, parameters, expected) => {
    expect(layeringOf(parameters)).toEqual(expected);
  });
});

describe('bit rates of an SVC stream', () => {
  // As a Chromium's L3T3_KEY arrives: 100, 300 and 900 kbit/s, in temporal layers of a half, a quarter and a quarter.
  const all = {
    '0.0': 50_000,
    '0.1': 75_000,
    '0.2': 100_000,
    '1.0': 250_000,
    '1.1': 325_000,
    '1.2': 400_000,
    '2.0': 850_000,
    '2.1': 1_075_000,
    '2.2': 1_300_000,
  };

  test.each<[string, Record<string, number>, number[]]>([
    ['all', all, [100_000, 300_000, 900_000]],
    ['the top rests', { ...all, '2.0': 0, '2.1': 0, '2.2': 0 }, [100_000, 300_000, 0]],
    ['no full frame rate', { ...all, '2.2': 0 }, [100_000, 300_000, 675_000]],
    ['nothing yet', {}, [0, 0, 0]],
  ])('each by itself: %s', (_name, counted, expected) => {
    expect(ownBitrates(counted, 3)).toEqual(expected);
  });

  test('to a Viewer: K-SVC without those below, full SVC with them', () => {
    const kSvc = { layers: 3, oneStream: true, independent: true };
    expect(sentBitrates([1, 3, 0], kSvc)).toEqual([1, 3, 0]);
    expect(sentBitrates([1, 3, 9], { ...kSvc, independent: false })).toEqual([1, 4, 13]);
    expect(sentBitrates([1, 3, 0], { ...kSvc, independent: false })).toEqual([1, 4, 0]);
  });
});

import { describe, expect, test } from '@jest/globals';
import type { ReceivedMedia, ReceivedStream } from '../sfu/received-media.ts';
import { healthOf, lossBetween } from './health.ts';

const audience = { size: 3, getting: (layer: number) => layer };
const counted = { kind: 'video', bytes: 1, score: 9, roundTripMs: 20 } as const;
const nothing: ReceivedMedia = { streams: [], layersAnnounced: 0 };

/** As simulcast arrives: a stream for each Layer, not in order. */
const simulcast: ReceivedStream[] = [2, 0, 1].map((layer) => ({
  ...counted,
  bitrate: (layer + 1) * 100_000,
  layers: [{ layer, bitrate: (layer + 1) * 100_000 }],
  packets: 300,
  packetsLost: 100,
}));
/** The same in one stream (SVC). */
const svc: ReceivedStream[] = [
  {
    ...counted,
    bitrate: 600_000,
    layers: [0, 1, 2].map((layer) => ({ layer, bitrate: (layer + 1) * 100_000 })),
    packets: 900,
    packetsLost: 300,
  },
];

describe.each([
  ['simulcast', simulcast],
  ['SVC', svc],
])('%s', (_name, streams) => {
  const now = { streams, layersAnnounced: 3 };

  test('is told Layer by Layer, lowest first', () => {
    const { layers, viewers } = healthOf(now, nothing, audience, []);
    expect(viewers).toBe(3);
    expect(layers).toEqual([
      { spatialLayer: 0, bitrate: 100_000, viewers: 0, score: 9 },
      { spatialLayer: 1, bitrate: 200_000, viewers: 1, score: 9 },
      { spatialLayer: 2, bitrate: 300_000, viewers: 2, score: 9 },
    ]);
  });

  test('each packet is counted once', () => {
    expect(lossBetween(nothing, now)).toBe(0.25);
  });
});

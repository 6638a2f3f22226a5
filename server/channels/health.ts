import type { BroadcastHealth, Finding } from '../../signaling/contract/index.ts';
import type { ReceivedMedia, ReceivedStream } from '../sfu/received-media.ts';
import type { Audience } from './audience.ts';

/** What arrives, in the words of the contract. @param before the same a moment ago, for what is lost since */
export function healthOf(
  now: ReceivedMedia,
  before: ReceivedMedia,
  audience: Pick<Audience, 'size' | 'getting'>,
  findings: Finding[],
): BroadcastHealth {
  const audio = now.streams.find(({ kind }) => kind === 'audio');
  const roundTrips = now.streams.flatMap(({ roundTripMs }) => roundTripMs ?? []);
  return {
    viewers: audience.size,
    layers: now.streams
      .filter(({ kind }) => kind === 'video')
      .flatMap(({ layers, score }) =>
        layers.map(({ layer, bitrate }) => ({
          spatialLayer: layer,
          bitrate,
          viewers: audience.getting(layer),
          score,
        })),
      )
      .toSorted((a, b) => a.spatialLayer - b.spatialLayer),
    ...(audio === undefined ? {} : { audioBitrate: audio.bitrate }),
    packetLossFraction: lossBetween(before, now),
    ...(roundTrips.length === 0 ? {} : { roundTripMs: Math.max(...roundTrips) }),
    findings,
  };
}

/** The part of what was sent between two readings that never arrived, 0 to 1. */
export function lossBetween(before: ReceivedMedia, now: ReceivedMedia): number {
  const received = sum(now, ({ packets }) => packets) - sum(before, ({ packets }) => packets);
  const lost = sum(now, (one) => one.packetsLost) - sum(before, (one) => one.packetsLost);
  if (lost <= 0 || received < 0) return 0;
  return lost / (lost + received);
}

/** Everything that has arrived, bytes. */
export function bytesOf(media: ReceivedMedia): number {
  return sum(media, ({ bytes }) => bytes);
}

function sum({ streams }: ReceivedMedia, read: (stream: ReceivedStream) => number): number {
  return streams.reduce((total, stream) => total + read(stream), 0);
}

import { expect, test } from '@jest/globals';
import type { ReceivedMedia, ReceivedStream } from '../sfu/received-media.ts';
import { isSilentBySize } from './silence.ts';

function media(packets: number, bytes: number): ReceivedMedia {
  const counted = { bitrate: 0, packetsLost: 0, score: 10, roundTripMs: undefined };
  const audio: ReceivedStream = { kind: 'audio', layers: [], packets, bytes, ...counted };
  return { streams: [audio], layersAnnounced: 0 };
}

test.each([
  ['silence of Opus', media(50, 50 * 15), true],
  ['speech at the least rate', media(50, 50 * 27), false],
  ['a song', media(50, 50 * 200), false],
  ['nothing at all', media(0, 0), true],
  ['no sound', { streams: [], layersAnnounced: 0 }, undefined],
])('%s', (_name, now, expected) => {
  expect(isSilentBySize(media(0, 0), now)).toBe(expected);
});

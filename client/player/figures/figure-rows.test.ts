import { describe, expect, test } from '@jest/globals';
import { bitrateWords, figureRows } from './figure-rows.ts';
import type { PlayerStats } from './player-stats.ts';
import { readFigures } from './statistics.ts';

const nothingYet: PlayerStats = {
  ...readFigures([], null).figures,
  condition: 'connecting',
  channelId: 'demo',
  live: false,
  layer: null,
  layerLabel: null,
  layerReason: null,
  layerSentence: 'No picture is being sent at present.',
  layers: 0,
  preferredLayer: 'auto',
  availableBitrate: null,
  bitrate: null,
  framesPresented: 0,
  latencyMs: null,
  latencyFrom: null,
  timeToFirstFrameMs: null,
  joins: 0,
};

const valueOf = (stats: PlayerStats, name: string) =>
  figureRows(stats).find((row) => row.name === name)?.value;

describe('figureRows', () => {
  test('before anything is known, no row is empty or shows a null', () => {
    for (const { value } of figureRows(nothingYet)) {
      expect(value).not.toBe('');
      expect(value).not.toMatch(/null|NaN|undefined/);
    }
  });

  test.each<[string, Partial<PlayerStats>, string]>([
    ['Picture', { width: 1280, height: 720, framesPerSecond: 29.97 }, '1280 × 720, 30 a second'],
    ['Delay', { latencyMs: 241.6 }, '242 ms from the source to your eye'],
    ['Delay', { latencyMs: 40, latencyFrom: 'server' }, '40 ms from the server to your eye'],
    ['Bitrate', { bitrate: 64_200 }, '64 kbit/s'],
    [
      'Bitrate',
      { bitrate: 2_100_000, videoBitrate: 2_000_000, audioBitrate: 100_000 },
      '2.1 Mbit/s; picture 2.0 Mbit/s, sound 100 kbit/s',
    ],
    ['Your link', { availableBitrate: 6_000_000 }, 'carries 6.0 Mbit/s'],
    [
      'Jitter buffer',
      { jitterBufferMs: 20.4, audioJitterBufferMs: 80 },
      '20 ms; of the sound 80 ms',
    ],
    [
      'Decoding',
      { decodeMs: 10, framesPerSecond: 30, hardwareDecoder: true },
      '10 ms a picture, 30 % of its time, in hardware',
    ],
    [
      'Packet loss',
      { packetsReceived: 99, packetsLost: 1, lossPercent: 0.5 },
      '0.5 % now; 1 of 100 in all',
    ],
    ['Round trip', { roundTripMs: 12, protocol: 'tcp' }, '12 ms over TCP'],
    ['Frames', { framesDecoded: 10, framesDropped: 1 }, '10 decoded, 1 dropped'],
    ['Freezes', { freezes: 2, freezeSeconds: 1.25 }, '2, 1.3 s in all'],
    ['Codecs', { videoCodec: 'H264', audioCodec: 'opus' }, 'H264, opus'],
  ])('%s of %j', (name, known, value) => {
    expect(valueOf({ ...nothingYet, ...known }, name)).toBe(value);
  });
});

describe('figureRows of something stored', () => {
  const stored: NonNullable<PlayerStats['stored']> = {
    assetId: 'ABCDEFGHIJKLMNO2',
    via: 'webrtc',
    protocol: 'udp',
    wayReason: null,
    rendition: 'video-1.mp4',
    bufferedSeconds: null,
    position: 4,
    duration: 20,
    playbackRate: 1,
    soundRests: false,
    lastSeekMs: 41.7,
  };
  const rowOf = (known: Partial<typeof stored>, name: string) =>
    valueOf({ ...nothingYet, stored: { ...stored, ...known } }, name);

  test.each<[string, Partial<typeof stored>, string | undefined]>([
    ['Comes by', {}, 'WebRTC over UDP'],
    ['Comes by', { protocol: null }, 'WebRTC'],
    ['Comes by', { via: null, protocol: null }, 'not known yet'],
    [
      'Comes by',
      { via: 'hls', protocol: null, wayReason: 'dataSaver' },
      'HLS: data is to be saved',
    ],
    ['Last seek', {}, '42 ms'],
    ['Last seek', { lastSeekMs: null }, 'none yet'],
    ['Speed', {}, '1 ×'],
    ['Speed', { playbackRate: 2, soundRests: true }, '2 ×, the sound rests meanwhile'],
    ['Loaded ahead', {}, undefined],
    ['Loaded ahead', { bufferedSeconds: 12.34 }, '12.3 s'],
    ['Round trip', { bufferedSeconds: 1 }, undefined],
    ['File', {}, 'video-1.mp4'],
  ])('%s of %j', (name, known, value) => {
    expect(rowOf(known, name)).toBe(value);
  });

  test('before anything is known, no row is empty or shows a null', () => {
    const rows = figureRows({ ...nothingYet, stored: { ...stored, via: null, rendition: null } });
    for (const { value } of rows) expect(value).not.toMatch(/^$|null|NaN|undefined/);
  });
});

describe('bitrateWords', () => {
  test.each([
    [999_000, '999 kbit/s'],
    [1_000_000, '1.0 Mbit/s'],
  ])('%i', (bits, words) => {
    expect(bitrateWords(bits)).toBe(words);
  });
});

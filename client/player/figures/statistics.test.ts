import { describe, expect, test } from '@jest/globals';
import { readFigures, type StatsEntry } from './statistics.ts';

const video = (fields: Record<string, unknown> = {}): StatsEntry => ({
  type: 'inbound-rtp',
  kind: 'video',
  mid: '0',
  codecId: 'cv',
  timestamp: 10_000,
  lastPacketReceivedTimestamp: 9_990,
  bytesReceived: 100_000,
  packetsReceived: 100,
  packetsLost: 1,
  jitterBufferDelay: 2,
  jitterBufferEmittedCount: 50,
  framesDecoded: 50,
  totalDecodeTime: 0.1,
  frameWidth: 1280,
  frameHeight: 720,
  framesPerSecond: 25,
  estimatedPlayoutTimestamp: 2_208_988_800_000 + 1_000,
  ...fields,
});

const others: StatsEntry[] = [
  { type: 'codec', id: 'cv', mimeType: 'video/H264' },
  { type: 'transport', id: 't', selectedCandidatePairId: 'p2' },
  { type: 'candidate-pair', id: 'p1', nominated: false, localCandidateId: 'l1' },
  { type: 'candidate-pair', id: 'p2', localCandidateId: 'l2', currentRoundTripTime: 0.012 },
  { type: 'local-candidate', id: 'l1', protocol: 'udp' },
  { type: 'local-candidate', id: 'l2', protocol: 'tcp' },
];

describe('readFigures', () => {
  test('an empty report has no figures and no nonsense', () => {
    const { figures } = readFigures([], null);
    expect(figures).toMatchObject({ width: null, videoBitrate: null, lossPercent: null });
    expect(figures).toMatchObject({ framesDecoded: 0, protocol: null, videoPlayoutMs: null });
  });

  test('the first look has totals, but no rates', () => {
    const { figures } = readFigures([video(), ...others], null);
    expect(figures).toMatchObject({
      width: 1280,
      height: 720,
      framesPerSecond: 25,
      videoBitrate: null,
      jitterBufferMs: 40,
      roundTripMs: 12,
      protocol: 'tcp',
      videoCodec: 'H264',
      audioCodec: null,
      videoPlayoutMs: 1_000,
    });
    expect(figures.lossPercent).toBeCloseTo(100 / 101);
  });

  test('the second look has rates of the time between', () => {
    const { counters } = readFigures([video()], null);
    const later = video({
      timestamp: 12_000,
      bytesReceived: 350_000,
      packetsReceived: 298,
      packetsLost: 3,
      jitterBufferDelay: 3,
      jitterBufferEmittedCount: 100,
      framesDecoded: 100,
      totalDecodeTime: 0.2,
    });
    const { figures } = readFigures([later], counters);
    expect(figures.videoBitrate).toBe(1_000_000);
    expect(figures.lossPercent).toBe(1);
    expect(figures.jitterBufferMs).toBe(20);
    expect(figures.decodeMs).toBeCloseTo(2);
  });

  test('packets that came late after all are no negative loss', () => {
    const { counters } = readFigures([video({ packetsLost: 5 })], null);
    const later = video({ timestamp: 11_000, packetsReceived: 200, packetsLost: 3 });
    expect(readFigures([later], counters).figures.lossPercent).toBe(0);
  });

  test('counters of another connection are not compared with', () => {
    const { counters } = readFigures([video({ packetsReceived: 5_000 })], null);
    const fresh = video({ timestamp: 11_000, packetsReceived: 3 });
    expect(readFigures([fresh], counters).figures.videoBitrate).toBeNull();
  });

  test('the receiver in use counts, not the probe stream and not the one before a zap', () => {
    const old = video({ mid: '0', lastPacketReceivedTimestamp: 100, frameHeight: 180 });
    const probator = video({
      mid: 'probator',
      lastPacketReceivedTimestamp: 99_999,
      frameHeight: undefined,
    });
    expect(readFigures([old, probator, video({ mid: '2' })], null).figures.height).toBe(720);
  });

  test('sound counts too', () => {
    const audio: StatsEntry = {
      type: 'inbound-rtp',
      kind: 'audio',
      timestamp: 10_000,
      bytesReceived: 1_000,
      packetsReceived: 50,
      packetsLost: 0,
    };
    const { counters, figures } = readFigures([audio], null);
    expect(figures.packetsReceived).toBe(50);
    const later = { ...audio, timestamp: 11_000, bytesReceived: 13_000, packetsReceived: 100 };
    expect(readFigures([later], counters).figures.audioBitrate).toBe(96_000);
  });
});

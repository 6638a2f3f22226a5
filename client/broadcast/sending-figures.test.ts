import { describe, expect, test } from '@jest/globals';
import { readSending, type StatsEntry } from './sending-figures.ts';

function report(
  atMs: number,
  bytes: number[],
  changed: Record<string, unknown> = {},
): StatsEntry[] {
  const layers = bytes.map((bytesSent, index) => ({
    type: 'outbound-rtp',
    id: `out-${index}`,
    kind: 'video',
    rid: `r${index}`,
    timestamp: atMs,
    bytesSent,
    frameWidth: 320 * 2 ** index,
    frameHeight: 180 * 2 ** index,
    framesPerSecond: 30,
    active: true,
    qualityLimitationReason: 'none',
    powerEfficientEncoder: false,
    ...changed,
  }));
  return [
    // The highest first, as Chromium happens to list them.
    ...layers.toReversed(),
    { type: 'outbound-rtp', id: 'sound', kind: 'audio', timestamp: atMs, bytesSent: atMs * 4 },
    { type: 'remote-inbound-rtp', id: 'a', fractionLost: 0.02 },
    { type: 'remote-inbound-rtp', id: 'b', fractionLost: 0 },
    { type: 'transport', id: 't', selectedCandidatePairId: 'p' },
    {
      type: 'candidate-pair',
      id: 'p',
      currentRoundTripTime: 0.034,
      availableOutgoingBitrate: 3_000_000,
    },
  ];
}

function twoLooks(first: StatsEntry[], second: StatsEntry[]) {
  return readSending(second, readSending(first, new Map()).counters).figures;
}

describe('readSending', () => {
  test('one look has no rates yet', () => {
    const { figures } = readSending(report(1_000, [1, 2, 3]), new Map());
    expect(figures.layers.map(({ bitrate }) => bitrate)).toEqual([null, null, null]);
  });

  test('two looks have them, lowest Layer first', () => {
    const figures = twoLooks(report(1_000, [0, 0, 0]), report(2_000, [25_000, 90_000, 300_000]));
    expect(figures.layers.map(({ bitrate }) => bitrate)).toEqual([200_000, 720_000, 2_400_000]);
    expect(figures.layers.map(({ height }) => height)).toEqual([180, 360, 720]);
    expect(figures.layers.every(({ sending }) => sending)).toBe(true);
    expect(figures).toMatchObject({ roundTripMs: 34, lossPercent: 2, audioBitrate: 32_000 });
    expect(figures).toMatchObject({ availableBitrate: 3_000_000, hardwareEncoder: false });
  });

  test('retransmissions are no part of a Layer', () => {
    const probing = report(2_000, [85_000], { retransmittedBytesSent: 60_000 });
    expect(twoLooks(report(1_000, [0]), probing).layers[0]?.bitrate).toBe(200_000);
  });

  test('a Layer without bytes is not being sent', () => {
    const figures = twoLooks(report(1_000, [0, 0, 9]), report(2_000, [25_000, 90_000, 9]));
    expect(figures.layers.map(({ sending }) => sending)).toEqual([true, true, false]);
    expect(figures.layers[2]?.framesPerSecond).toBeNull();
  });

  describe('all Layers in one stream', () => {
    const source = { type: 'media-source', kind: 'video', width: 1280, height: 720 };
    const looks = (height: number, bytes = 300_000) =>
      [0, bytes].map((sent, index) => [
        ...report(1_000 * (index + 1), [sent], { frameHeight: height, rid: undefined }),
        source,
      ]);
    const read = (height: number, bytes?: number) => {
      const [first = [], second = []] = looks(height, bytes);
      const { counters } = readSending(first, new Map(), 3);
      return readSending(second, counters, 3).figures.layers;
    };

    test.each([
      ['all', 720, [true, true, true]],
      ['the top rests', 360, [true, true, false]],
      ['the lowest only', 180, [true, false, false]],
    ])('%s', (_name, height, sending) => {
      const layers = read(height);
      expect(layers.map((layer) => layer.sending)).toEqual(sending);
      expect(layers.map((layer) => layer.height)).toEqual([180, 360, 720]);
      expect(layers.map((layer) => layer.width)).toEqual([320, 640, 1280]);
    });

    test('what each takes, the browser does not say', () => {
      expect(read(720).map(({ bitrate }) => bitrate)).toEqual([null, null, null]);
    });

    test('none without bytes', () => {
      expect(read(720, 0).some(({ sending }) => sending)).toBe(false);
    });
  });

  test('counters of another connection are not compared', () => {
    const figures = twoLooks(report(1_000, [500, 500, 500]), report(2_000, [100, 100, 100]));
    expect(figures.layers.map(({ bitrate }) => bitrate)).toEqual([null, null, null]);
  });

  test.each(['cpu', 'bandwidth', 'other', 'none'])('limited by %s', (reason) => {
    const entries = report(1_000, [1], { qualityLimitationReason: reason });
    expect(readSending(entries, new Map()).figures.limitation).toBe(reason);
  });

  test('an empty report', () => {
    expect(readSending([], new Map()).figures).toEqual({
      layers: [],
      audioBitrate: null,
      roundTripMs: null,
      lossPercent: null,
      availableBitrate: null,
      limitation: 'none',
      hardwareEncoder: null,
    });
  });
});

import { describe, expect, test } from '@jest/globals';
import { qualityReportSchema } from '../../../signaling/contract/index.ts';
import { NOTHING_TALLIED, type QualityTally, qualityReport, tallied } from './quality-tally.ts';
import { readFigures, type StreamFigures } from './statistics.ts';

const nothing = readFigures([], null).figures;
const look = (figures: Partial<StreamFigures>, rests = false) => ({
  figures: { ...nothing, ...figures },
  watchedSeconds: 0.5,
  rests,
});
const after = (...looks: ReturnType<typeof look>[]): QualityTally =>
  looks.reduce(tallied, NOTHING_TALLIED);

describe('tallied', () => {
  test('counts what is new', () => {
    const tally = after(
      look({ packetsReceived: 10, framesDecoded: 5 }),
      look({ packetsReceived: 30, framesDecoded: 20, packetsLost: 2 }),
    );
    expect(tally).toMatchObject({
      packetsReceived: 30,
      framesDecoded: 20,
      packetsLost: 2,
      watchedSeconds: 1,
    });
  });

  test('another stream counts from nothing, and is added', () => {
    const tally = after(
      look({ packetsReceived: 100, framesDecoded: 50, freezes: 3 }),
      look({ packetsReceived: 10, framesDecoded: 5 }),
    );
    expect(tally).toMatchObject({ packetsReceived: 110, framesDecoded: 55, freezes: 3 });
  });

  test('a picture that rested did not freeze', () => {
    const tally = after(
      look({ packetsReceived: 1, framesDecoded: 50 }),
      look({ packetsReceived: 2, framesDecoded: 50 }, true),
      look({ packetsReceived: 3, framesDecoded: 50 }),
      look({ packetsReceived: 4, framesDecoded: 60, freezes: 1, freezeSeconds: 4 }),
      look({ packetsReceived: 5, framesDecoded: 70, freezes: 2, freezeSeconds: 5 }),
    );
    expect(tally).toMatchObject({ freezes: 1, freezeSeconds: 1 });
  });
});

test('qualityReport is what the contract wants', () => {
  const tally = after(look({ packetsReceived: 10, jitterBufferMs: 20, decodeMs: 2 }));
  const report = qualityReport(tally, { timeToFirstFrameMs: 300, latencyMs: null });
  expect(qualityReportSchema.parse(report)).toEqual(report);
  expect(report).toMatchObject({ jitterBufferMs: 20, decodeMs: 2, timeToFirstFrameMs: 300 });
});

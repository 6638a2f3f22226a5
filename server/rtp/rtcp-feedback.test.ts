import { describe, expect, test } from '@jest/globals';
import {
  buildPictureLossIndication,
  readPictureLossIndication,
  splitCompound,
} from './rtcp-feedback.ts';
import { buildSenderReport } from './sender-report.ts';

const report = buildSenderReport({
  ssrc: 1,
  epochMs: 0,
  rtpTimestamp: 0,
  packetCount: 0,
  octetCount: 0,
  cname: 'x',
});

describe('asking for a key frame', () => {
  test('is found in a compound behind a report', () => {
    const compound = Buffer.concat([report, buildPictureLossIndication(7, 0xfedcba98)]);
    const found = [...splitCompound(compound)].map(readPictureLossIndication);
    expect(found).toEqual([undefined, undefined, 0xfedcba98]);
  });

  test('nothing is read out of a packet that is cut short', () => {
    const cut = buildPictureLossIndication(7, 8).subarray(0, 10);
    expect([...splitCompound(cut)]).toEqual([]);
    expect(readPictureLossIndication(cut)).toBeUndefined();
  });
});

import { expect, test } from '@jest/globals';
import { buildSenderReport, isRtcp, parseSenderReport } from './sender-report.ts';

const report = {
  ssrc: 0xcafebabe,
  epochMs: Date.UTC(2026, 10, 22, 8, 30, 15, 250),
  rtpTimestamp: 0xfffffff0,
  packetCount: 1234,
  octetCount: 2 ** 32 - 1,
  cname: 'sfumato-demo',
};

test('a compound of SR and SDES, whole words, as RFC 3550 sections 6.4.1 and 6.5 draw it', () => {
  const packet = buildSenderReport(report);
  expect(packet.length % 4).toBe(0);
  expect([packet[0], packet[1], packet.readUInt16BE(2)]).toEqual([0x80, 200, 6]);
  expect([packet[28], packet[29]]).toEqual([0x81, 202]);
  expect(28 + (packet.readUInt16BE(30) + 1) * 4).toBe(packet.length);
  // The list of items ends with a null byte.
  expect(packet.at(-1)).toBe(0);
  expect(isRtcp(packet)).toBe(true);
});

test('is read back', () => {
  const read = parseSenderReport(buildSenderReport(report));
  expect(read).toEqual({ ...report, epochMs: expect.closeTo(report.epochMs, 3) });
});

test.each(['', 'a', 'ab', 'abc', 'abcd', 'x'.repeat(255), 'y'.repeat(300)])(
  'a name of any length: %#',
  (cname) => {
    const packet = buildSenderReport({ ...report, cname });
    expect(packet.length % 4).toBe(0);
    expect(parseSenderReport(packet)?.cname).toBe(cname.slice(0, 255));
  },
);

test('RTP is not taken for RTCP', () => {
  for (let payloadType = 96; payloadType < 128; payloadType += 1) {
    expect(isRtcp(Uint8Array.of(0x80, payloadType))).toBe(false);
  }
});

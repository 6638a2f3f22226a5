import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  EXTENDED_RTP_HEADER_BYTES,
  parseRtpPacket,
  readNtpTime,
  RTP_HEADER_BYTES,
  writeAbsCaptureTime,
  UNDELAYED_RTP_HEADER_BYTES,
  writePlayoutDelay,
  writeNtpTime,
  writeRtpHeader,
} from './rtp-packet.ts';

describe('the fixed header', () => {
  test('is laid out as RFC 3550 section 5.1 draws it', () => {
    const header = new Uint8Array(RTP_HEADER_BYTES);
    writeRtpHeader(header, 102, true, 0x1234, 0x89abcdef, 0xdeadbeef);
    expect(Buffer.from(header).toString('hex')).toBe('80e6123489abcdefdeadbeef');
  });

  test('numbers wrap', () => {
    const header = new Uint8Array(RTP_HEADER_BYTES);
    writeRtpHeader(header, 0, false, 0x1_0001, 2 ** 32 + 5, 1);
    expect(parseRtpPacket(header)).toMatchObject({ sequenceNumber: 1, timestamp: 5 });
  });

  test('whatever is written is read back', () => {
    const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 127 }),
        fc.boolean(),
        fc.integer({ min: 0, max: 65_535 }),
        uint32,
        uint32,
        fc.uint8Array({ maxLength: 30 }),
        (payloadType, marker, sequenceNumber, timestamp, ssrc, payload) => {
          const packet = new Uint8Array(RTP_HEADER_BYTES + payload.length);
          writeRtpHeader(packet, payloadType, marker, sequenceNumber, timestamp, ssrc);
          packet.set(payload, RTP_HEADER_BYTES);
          const parsed = parseRtpPacket(packet);
          expect(parsed).toMatchObject({ payloadType, marker, sequenceNumber, timestamp, ssrc });
          expect(Buffer.from(parsed?.payload ?? [])).toEqual(Buffer.from(payload));
        },
      ),
    );
  });
});

describe('abs-capture-time', () => {
  test('is one 8-byte element in a one-byte header extension', () => {
    const header = new Uint8Array(EXTENDED_RTP_HEADER_BYTES).fill(0xee);
    writeRtpHeader(header, 96, false, 1, 2, 3);
    const epochMs = Date.UTC(2026, 10, 22, 8, 30) + 0.25;
    writeAbsCaptureTime(header, 7, epochMs);
    const packet = parseRtpPacket(header);
    expect(packet?.extensions.size).toBe(1);
    expect(readNtpTime(packet?.extensions.get(7) ?? new Uint8Array(8), 0)).toBeCloseTo(epochMs, 3);
    expect(packet?.payload).toHaveLength(0);
  });
});

test('NTP time: the Unix epoch, and half a second', () => {
  const bytes = Buffer.alloc(8);
  writeNtpTime(bytes, 0, 500);
  expect(bytes.readUInt32BE(0)).toBe(2_208_988_800);
  expect(bytes.readUInt32BE(4)).toBe(2 ** 31);
});

test('nothing that comes in makes the parser throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      parseRtpPacket(bytes);
    }),
  );
});

test.each([
  ['nothing', true, '000000'],
  ['anything', false, '000fff'],
])(
  'playout-delay of %s is one 3-byte element in a one-byte header extension',
  (_of, atOnce, hex) => {
    const header = new Uint8Array(UNDELAYED_RTP_HEADER_BYTES).fill(0xee);
    writeRtpHeader(header, 96, true, 1, 2, 3);
    writePlayoutDelay(header, 9, atOnce);
    expect(Buffer.from(header.subarray(12)).toString('hex')).toBe(`bede000192${hex}`);
    const packet = parseRtpPacket(header);
    expect(Buffer.from(packet?.extensions.get(9) ?? []).toString('hex')).toBe(hex);
    expect(packet).toMatchObject({ payloadType: 96, marker: true });
    expect(packet?.payload).toHaveLength(0);
  },
);

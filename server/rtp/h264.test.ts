import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MAX_PAYLOAD_BYTES, packetizeAccessUnit, parseAvcConfig, splitNalUnits } from './h264.ts';
import { createH264Depacketizer } from './h264-depacketizer-for-tests.ts';

const sps = Buffer.from('6742c01fd9005005bb011000000300100000030320f183', 'hex');
const pps = Buffer.from('68cb83cb20', 'hex');
const config = { lengthBytes: 4, sps: [sps], pps: [pps] };

const prefixed = (units: readonly Uint8Array[]): Buffer =>
  Buffer.concat(
    units.flatMap((unit) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(unit.length);
      return [length, Buffer.from(unit)];
    }),
  );

/** A NAL unit of a type, filled with something that is not the same everywhere. */
const nal = (header: number, bytes: number): Buffer => {
  const unit = Buffer.alloc(bytes, 'a pattern that is not as long as any power of two');
  unit[0] = header;
  return unit;
};

describe('parseAvcConfig', () => {
  const record = Buffer.concat([
    Buffer.from('0142c01fffe1', 'hex'),
    Buffer.of(0, sps.length),
    sps,
    Buffer.of(1, 0, pps.length),
    pps,
  ]);

  test('reads the parameter sets and the size of lengths', () => {
    const read = parseAvcConfig(record);
    expect(read.lengthBytes).toBe(4);
    expect(read.sps.map((unit) => Buffer.from(unit))).toEqual([sps]);
    expect(read.pps.map((unit) => Buffer.from(unit))).toEqual([pps]);
  });

  test('reads a view into a larger buffer', () => {
    const large = Buffer.concat([Buffer.alloc(9, 0xff), record]);
    expect(parseAvcConfig(large.subarray(9)).pps).toHaveLength(1);
  });

  test('says when the record is cut short', () => {
    expect(() => parseAvcConfig(record.subarray(0, 12))).toThrow('cut short');
  });
});

describe('packetizeAccessUnit', () => {
  test('a key frame begins with one STAP-A of SPS and PPS (RFC 6184 section 5.7.1)', () => {
    const [first, second] = packetizeAccessUnit(prefixed([nal(0x65, 100)]), true, config);
    // NRI is the highest of those inside, type 24, then lengths and units.
    expect(Buffer.from(first ?? [])).toEqual(
      Buffer.concat([Buffer.of(0x78, 0, sps.length), sps, Buffer.of(0, pps.length), pps]),
    );
    expect(second).toHaveLength(100);
  });

  test('SEI and delimiters are dropped', () => {
    const access = prefixed([nal(0x09, 2), nal(0x06, 40), nal(0x41, 50)]);
    expect(packetizeAccessUnit(access, false, config)).toHaveLength(1);
  });

  test('a unit of exactly the limit is one packet, one byte more is two', () => {
    const count = (bytes: number) =>
      packetizeAccessUnit(prefixed([nal(0x41, bytes)]), false, config).length;
    expect(count(MAX_PAYLOAD_BYTES)).toBe(1);
    expect(count(MAX_PAYLOAD_BYTES + 1)).toBe(2);
  });

  test('fragments say where they begin and end (section 5.8)', () => {
    const payloads = packetizeAccessUnit(prefixed([nal(0x65, 3000)]), false, config);
    expect(payloads.map((payload) => [payload[0], payload[1]])).toEqual([
      [0x7c, 0x85],
      [0x7c, 0x05],
      [0x7c, 0x45],
    ]);
  });

  test('what was sent comes out again, whatever its sizes', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 4000 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 40, max: 1400 }), (lengths, limit) => {
        const units = lengths.map((bytes) => nal(0x41, bytes));
        const depacketizer = createH264Depacketizer();
        const payloads = packetizeAccessUnit(prefixed(units), false, config, limit);
        expect(payloads.every((payload) => payload.length <= limit)).toBe(true);
        const received = payloads.flatMap((payload) => depacketizer.push(payload));
        expect(prefixed(received).equals(prefixed(units))).toBe(true);
      }),
    );
  });

  test('bytes that are no access unit harm nobody', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        for (const unit of splitNalUnits(bytes, 4)) expect(unit.length).toBeGreaterThan(0);
      }),
    );
  });
});

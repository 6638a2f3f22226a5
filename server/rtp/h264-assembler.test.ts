import { describe, expect, test } from '@jest/globals';
import { packetizeAccessUnit, parseAvcConfig } from './h264.ts';
import { type AccessUnit, avcRecord, H264Assembler, type RtpPiece } from './h264-assembler.ts';

const SPS = Buffer.from([0x67, 0x42, 0xc0, 0x1f, 1]);
const PPS = Buffer.from([0x68, 2]);
const KEY = Buffer.concat([Buffer.of(0x65), Buffer.alloc(5_000, 3)]);
const INTER = Buffer.concat([Buffer.of(0x41), Buffer.alloc(300, 4)]);
const config = parseAvcConfig(avcRecord(SPS, PPS));

const sized = (unit: Uint8Array) => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(unit.length);
  return Buffer.concat([length, unit]);
};

/** Three pictures, from just below where sequence numbers begin anew. */
function pieces(): RtpPiece[] {
  let sequenceNumber = 0xfffe;
  return [KEY, INTER, INTER].flatMap((unit, index) => {
    const payloads = packetizeAccessUnit(sized(unit), unit === KEY, config);
    return payloads.map((payload, at) => {
      const marker = at === payloads.length - 1;
      const piece = { sequenceNumber, timestamp: index * 3000, marker, payload };
      sequenceNumber = (sequenceNumber + 1) & 0xffff;
      return piece;
    });
  });
}

function assemble(order: readonly RtpPiece[], stepMs = 1): AccessUnit[] {
  const seen: AccessUnit[] = [];
  const assembler = new H264Assembler((unit) => seen.push(unit));
  order.forEach((piece, index) => assembler.push(piece, index * stepMs));
  return seen;
}

const without = (all: readonly RtpPiece[], index: number) => all.filter((_, at) => at !== index);

describe('access units from RTP packets', () => {
  test('what was taken apart is put together', () => {
    const units = assemble(pieces());
    expect(units.map(({ timestamp, isKeyFrame, whole }) => [timestamp, isKeyFrame, whole])).toEqual(
      [
        [0, true, true],
        [3000, false, true],
        [6000, false, true],
      ],
    );
    expect(units.map(({ units: [first] }) => Buffer.from(first ?? []))).toEqual([
      KEY,
      INTER,
      INTER,
    ]);
    expect(units[2]).toMatchObject({ sps: SPS, pps: PPS });
  });

  test('one that was lost and sent again is waited for', () => {
    const all = pieces();
    const [second] = all.splice(1, 1);
    if (second !== undefined) all.push(second);
    expect(assemble(all).map(({ whole }) => whole)).toEqual([true, true, true]);
  });

  test('one that never comes spoils its own picture and no other', () => {
    const units = assemble(without(pieces(), 2), 100);
    expect(units.map(({ whole }) => whole)).toEqual([false, true, true]);
  });

  test('a packet that comes twice changes nothing', () => {
    expect(assemble(pieces().flatMap((piece) => [piece, piece]))).toHaveLength(3);
  });
});

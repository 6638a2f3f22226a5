import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  boxAt,
  boxesIn,
  readFragmentStarts,
  readPixels,
  readTableLength,
  readTimescale,
} from './boxes.ts';

const u8 = (...values: number[]) => Buffer.from(values);
function u32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, index * 4);
  return bytes;
}
function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}
function box(type: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([u32(body.length + 8), Buffer.from(type, 'latin1'), body]);
}
const head = (mdhd: Buffer) => box('moov', box('trak', box('mdia', box('mdhd', mdhd))));

describe('boxes', () => {
  test('the timescale, in both versions', () => {
    expect(readTimescale(head(u32(0, 1, 2, 12_800, 5)))).toBe(12_800);
    expect(readTimescale(head(u32(0x01000000, 0, 1, 0, 2, 48_000, 0, 5)))).toBe(48_000);
  });

  test('fragments, in both versions and with numbers of all lengths', () => {
    const long = [u64(0), u64(774), u8(1, 1, 1), u64(2560), u64(2 ** 33), u8(1, 1, 1)];
    const table = box('mfra', box('tfra', u32(0x01000000, 1, 0, 2), ...long));
    expect(readFragmentStarts(table)).toEqual([
      { time: 0, offset: 774 },
      { time: 2560, offset: 2 ** 33 },
    ]);
    const short = [u32(7, 9), Buffer.alloc(4 + 3 + 2)];
    expect(readFragmentStarts(box('mfra', box('tfra', u32(0, 1, 0b111001, 1), ...short)))).toEqual([
      { time: 7, offset: 9 },
    ]);
  });

  test('a table that promises more than it has ends where it ends', () => {
    const table = box('mfra', box('tfra', u32(0, 1, 0, 1000), u32(7, 9), u8(1, 1, 1)));
    expect(readFragmentStarts(table)).toHaveLength(1);
  });

  test('how many pixels a picture has', () => {
    const entry = Buffer.alloc(78);
    entry.writeUInt16BE(1280, 24);
    entry.writeUInt16BE(720, 26);
    expect(readPixels(entry)).toBe(921_600);
  });

  test('the length of the table', () => {
    expect(readTableLength(box('mfro', u32(0, 2328)))).toBe(2328);
    expect(() => readTableLength(Buffer.alloc(16))).toThrow('mfro');
  });

  test('what is missing is said', () => {
    expect(() => boxAt(Buffer.alloc(0), 'moov', 'trak')).toThrow('moov/trak');
  });

  test('noise is read to its end, and never beyond', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const boxes = boxesIn(Buffer.from(bytes));
        const length = boxes.reduce((sum, { body }) => sum + 8 + body.length, 0);
        expect(length).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });
});

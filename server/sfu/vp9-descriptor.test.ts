import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { unlessCutShort } from './picture-header.ts';
import { readVp9Descriptor } from './vp9-descriptor.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** Three Layers of 320 by 180, 640 by 360 and 1280 by 720, no group of pictures. */
const STRUCTURE = '50 0140 00b4 0280 0168 0500 02d0';

describe('readVp9Descriptor', () => {
  test.each([
    ['nothing but flags', '08', { key: true, begins: true, spatialLayer: 0, length: 1 }],
    ['a short picture id', 'c0 05', { key: false, begins: false, length: 2 }],
    ['a long one', 'c8 8505', { key: false, begins: true, length: 3 }],
    ['the middle Layer, not flexible', 'a8 8505 03 07', { key: true, spatialLayer: 1, length: 5 }],
    ['the top Layer, flexible', 'b8 8505 05', { key: true, spatialLayer: 2, length: 4 }],
    ['flexible, two references', 'f8 8505 04 03 04', { key: false, spatialLayer: 2, length: 6 }],
    ['flexible, three of them', 'f8 8505 00 03 05 07', { key: false, spatialLayer: 0, length: 7 }],
    ['a group of two pictures', '0a 08 02 14 01 00', { sizes: [], length: 6 }],
  ])('%s', (_name, packet, expected) => {
    expect(readVp9Descriptor(hex(packet))).toMatchObject(expected);
  });

  test('the sizes of all Layers', () => {
    const { sizes, length } = readVp9Descriptor(hex(`aa 8505 01 07 ${STRUCTURE} 82`));
    expect(sizes).toEqual([
      { width: 320, height: 180 },
      { width: 640, height: 360 },
      { width: 1280, height: 720 },
    ]);
    expect(length).toBe(18);
  });

  test('one that ends too early says nothing', () => {
    expect(unlessCutShort(() => readVp9Descriptor(hex('aa 85')))).toBeUndefined();
    expect(unlessCutShort(() => readVp9Descriptor(hex('')))).toBeUndefined();
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        unlessCutShort(() => readVp9Descriptor(Buffer.from(bytes)));
      }),
      { numRuns: 1_000 },
    );
  });
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { KeyFrameContent } from './key-frame-content.ts';

const random = (length: number) =>
  Buffer.from(Array.from({ length }, (_, at) => (at * at * 31 + at * 7919) >> 3));

/** A frame in packets, and the first of the next one. */
function plainOf(mimeType: string, packets: Buffer[]): boolean | undefined {
  const content = new KeyFrameContent(mimeType);
  for (const packet of packets) content.take(1, packet);
  content.take(2, Buffer.from([0x41]));
  return content.plain;
}

const vp8 = (rest: Buffer) => Buffer.concat([Buffer.from('101002009d012a', 'hex'), rest]);
/** Of the lowest Layer, a key frame or one that refers to others. */
const vp9 = (key: boolean, rest: Buffer) =>
  Buffer.concat([Buffer.from(key ? 'a8050007' : 'e8050007', 'hex'), rest]);
const fu = (start: boolean, rest: Buffer) =>
  Buffer.concat([Buffer.from([0x7c, start ? 0x85 : 0x05]), rest]);

describe('KeyFrameContent', () => {
  test.each([
    ['H.264, the same all over', 'video/H264', [Buffer.alloc(900, 0x65)], true],
    [
      'H.264 with something',
      'video/H264',
      [Buffer.concat([Buffer.from([0x65]), random(400)])],
      false,
    ],
    [
      'H.264 in pieces',
      'video/H264',
      [fu(true, Buffer.alloc(900)), fu(false, Buffer.alloc(900))],
      true,
    ],
    [
      'H.264 in pieces, the second with something',
      'video/H264',
      [fu(true, Buffer.alloc(900)), fu(false, random(400))],
      false,
    ],
    ['VP8, the same all over', 'video/VP8', [vp8(Buffer.alloc(700))], true],
    [
      'VP8 with something in its second packet',
      'video/VP8',
      [vp8(Buffer.alloc(700)), Buffer.concat([Buffer.from([0]), random(400)])],
      false,
    ],
    ['VP9, the same all over', 'video/VP9', [vp9(true, Buffer.alloc(90))], true],
    [
      'VP9 with something in its second packet',
      'video/VP9',
      [vp9(true, Buffer.alloc(90)), vp9(true, random(900))],
      false,
    ],
    ['VP9, no key frame', 'video/VP9', [vp9(false, Buffer.alloc(90))], undefined],
    ['no key frame', 'video/H264', [Buffer.alloc(900, 0x41)], undefined],
    ['VP8, no key frame', 'video/VP8', [Buffer.from([0x10, 0x01, 0x02])], undefined],
  ])('%s', (_name, mimeType, packets, expected) => {
    expect(plainOf(mimeType, packets)).toBe(expected);
  });

  test('no packet makes it throw', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('video/VP8', 'video/VP9', 'video/H264'),
        fc.constantFrom([], [0x78], [0x65], [0x7c, 0x85], [0x10, 0]),
        fc.uint8Array(),
        (mimeType, start, bytes) => {
          plainOf(mimeType, [Buffer.from([...start, ...bytes])]);
        },
      ),
    );
  });
});

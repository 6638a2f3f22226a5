import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readPictureHeader } from './picture-header.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** Of x264, 640 by 360, constrained baseline 3.0: 360 is no multiple of 16 and so cropped. */
const SPS = '6742c01eda0280bfe5c05a808080a0000003002000000791e2c5d4';
/** Of libvpx-vp9, 640 by 360. */
const VP9_KEY = '82 498342 00 27f0 1670';
/** Of a stream with three Layers. */
const STRUCTURE = '50 0140 00b4 0280 0168 0500 02d0';

describe('readPictureHeader', () => {
  test.each([
    ['VP8 with a picture id', 'video/VP8', '90 80 05 100200 9d012a 8002 6801 00', [640, 360]],
    ['VP8 with a long one', 'video/VP8', '90 80 8505 100200 9d012a 8002 6801 00', [640, 360]],
    ['VP8 without any', 'video/VP8', '10 100200 9d012a 8002 6801 00', [640, 360]],
    ['VP8, no key frame', 'video/VP8', '90 80 05 110200 9d012a 8002 6801', undefined],
    ['VP8, not the first packet', 'video/VP8', '80 80 05 100200 9d012a 8002 6801', undefined],
    ['H.264 parameters on their own', 'video/H264', SPS, [640, 360]],
    ['H.264 in a STAP-A', 'video/H264', `78 001b ${SPS} 0004 68ce3c80`, [640, 360]],
    ['H.264, a slice', 'video/H264', '419a0123', undefined],
    ['VP9 without Layers', 'video/VP9', `88 05 ${VP9_KEY}`, [640, 360]],
    ['VP9, a later packet of it', 'video/VP9', `80 05 ${VP9_KEY}`, undefined],
    ['VP9, no key frame', 'video/VP9', `c8 05 ${VP9_KEY}`, undefined],
    [
      'VP9 that tells of its Layers: the lowest',
      'video/VP9',
      `aa 05 01 07 ${STRUCTURE}`,
      [320, 180],
    ],
    ['cut short', 'video/H264', '6742', undefined],
    ['VP9 cut short', 'video/VP9', '88 05 82 4983', undefined],
    ['empty', 'video/VP8', '', undefined],
  ])('%s', (_name, mimeType, payload, expected) => {
    const header = readPictureHeader(mimeType, hex(payload));
    expect(header && [header.width, header.height]).toEqual(expected);
  });

  test('VP9 that tells of its Layers, Layer by Layer', () => {
    const heights = [0, 1, 2, 3].map(
      (layer) => readPictureHeader('video/VP9', hex(`aa 05 01 07 ${STRUCTURE}`), layer)?.height,
    );
    expect(heights).toEqual([180, 360, 720, undefined]);
  });

  test('the profile is that of the parameters, not of the SDP', () => {
    expect(readPictureHeader('video/H264', hex(SPS))?.profile).toEqual({
      idc: 0x42,
      constraints: 0xc0,
    });
  });

  test('no packet makes it throw', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('video/VP8', 'video/VP9', 'video/H264'),
        fc.uint8Array(),
        (mime, bytes) => {
          readPictureHeader(mime, Buffer.from(bytes));
          readPictureHeader(mime, Buffer.from([0x67, ...bytes]));
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

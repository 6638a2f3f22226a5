import { describe, expect, test } from '@jest/globals';
import { contentTypeOf } from './decoding-abilities.ts';

describe('contentTypeOf', () => {
  test.each([
    [{ mimeType: 'video/VP8' }, 'video/VP8'],
    [
      {
        mimeType: 'video/H264',
        parameters: { 'packetization-mode': 1, 'profile-level-id': '42e01f' },
      },
      'video/H264;packetization-mode=1;profile-level-id=42e01f',
    ],
  ])('%j', (codec, expected) => {
    expect(contentTypeOf(codec)).toBe(expected);
  });
});

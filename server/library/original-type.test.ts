import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { originalType } from './original-type.ts';

describe('the media type of an original', () => {
  test.each([
    ['video', '\0\0\0\x20ftypisom', 'video/mp4'],
    ['audio', '\0\0\0\x20ftypM4A ', 'audio/mp4'],
    ['video', '\0\0\0\x20ftypqt  ', 'video/quicktime'],
    ['video', '\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm', 'video/webm'],
    ['video', '\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x88matroska', 'video/matroska'],
    ['audio', 'OggS', 'audio/ogg'],
    ['audio', 'fLaC', 'audio/flac'],
    ['audio', 'ID3\x04', 'audio/mpeg'],
    ['image', '\x89PNG\r\n\x1a\n', 'image/png'],
    ['image', '<svg xmlns="http://www.w3.org/2000/svg">', 'application/octet-stream'],
    ['video', '<!doctype html><script>', 'application/octet-stream'],
    [null, '\0\0\0\x20ftypisom', 'application/octet-stream'],
  ] as const)('%s of %j: %s', (kind, head, type) => {
    expect(originalType(kind, Buffer.from(head, 'latin1'))).toBe(type);
  });

  test('none is a page or a program', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const type = originalType('video', Buffer.from(text, 'latin1'));
        expect(type).toMatch(/^((video|audio|image)\/[a-z0-9]+|application\/octet-stream)$/);
      }),
    );
  });
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { channelIdSchema } from '../../signaling/contract/index.ts';
import { channelIdFor, channelTitleFor } from './channel-id.ts';

describe('channelIdFor', () => {
  test.each([
    ['/films/Big Buck Bunny.mp4', 'big-buck-bunny'],
    ['Élan Vital.MKV', 'elan-vital'],
    ['video.tar.gz', 'video-tar'],
    ['日本.mp4', 'file'],
    ['--.mp4', 'file'],
  ])('%s -> %s', (path, expected) => {
    expect(channelIdFor(path, () => false)).toBe(expected);
  });

  test('a taken id gets a number', () => {
    const taken = new Set(['clip', 'clip-2']);
    expect(channelIdFor('clip.mp4', (id) => taken.has(id))).toBe('clip-3');
  });

  test('whatever the name, the id is a valid one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (name) => {
        expect(channelIdSchema.safeParse(channelIdFor(name, () => false)).success).toBe(true);
      }),
    );
  });
});

describe('channelTitleFor', () => {
  test.each([
    ['/films/big_buck-bunny.mp4', 'big buck bunny'],
    ['.mp4', 'mp4'],
  ])('%s -> %s', (path, expected) => {
    expect(channelTitleFor(path)).toBe(expected);
  });
});

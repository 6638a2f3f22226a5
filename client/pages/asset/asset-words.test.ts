import { describe, expect, test } from '@jest/globals';
import type { Asset, AssetFile } from '../../../signaling/contract/index.ts';
import { downloadsOf, factsOf, neighboursOf } from './asset-words.ts';

const file = (of: Partial<AssetFile> & Pick<AssetFile, 'role' | 'name' | 'type'>): AssetFile => ({
  bytes: 1_500_000,
  ...of,
});
const film: Asset = {
  id: 'ABCDEFGHIJKLMNO2',
  title: 'A film',
  description: '',
  kind: 'video',
  state: 'ready',
  visibility: 'public',
  tags: [],
  duration: 65,
  bytes: 2_000_000_000,
  createdAt: '2026-11-22T12:00:00.000Z',
  updatedAt: '2026-11-22T12:00:00.000Z',
  watchable: true,
  files: [
    file({ role: 'rendition', name: 'video-0.mp4', type: 'video/mp4', width: 320, height: 180 }),
    file({ role: 'rendition', name: 'audio-aac.mp4', type: 'audio/mp4; codecs="mp4a.40.2"' }),
    file({ role: 'poster', name: 'poster-320.jpg', type: 'image/jpeg' }),
  ],
};

describe('what is said of an Asset', () => {
  test('its facts', () => {
    expect(factsOf(film, 'en-GB')).toEqual(['1:05', '22 November 2026']);
    expect(factsOf({ ...film, state: 'preparing' }, 'en-GB')).toContain(
      'better pictures are being made',
    );
    const image: Asset = { ...film, kind: 'image', width: 800, height: 600 };
    expect(factsOf(image, 'en-GB')).toEqual(['800 × 600', '22 November 2026']);
  });

  test('downloads: the original only for those who may change it', () => {
    expect(downloadsOf(film, false).map(({ words }) => words)).toEqual([
      'Picture without sound, 180p, 1.5 MB',
      'Sound, AAC, 1.5 MB',
    ]);
    expect(downloadsOf(film, true)[0]?.name).toBe('original');
  });

  test.each([
    ['the first', 'a', undefined, 'b'],
    ['the last', 'e', 'd', undefined],
    ['what cannot be watched yet is passed over', 'd', 'b', 'e'],
    ['one that is not in it', 'x', undefined, undefined],
  ])('neighbours: %s', (_which, id, before, after) => {
    const list = ['a', 'b', 'c', 'd', 'e'].map((one) => ({ id: one, watchable: one !== 'c' }));
    const found = neighboursOf(list, id);
    expect([found.before?.id, found.after?.id]).toEqual([before, after]);
    expect(found.around).toEqual(list);
    expect(found.more).toEqual({ before: false, after: false });
  });

  test.each([
    [0, 0, 50, { before: false, after: true }],
    [100, 50, 150, { before: true, after: true }],
    [299, 249, 299, { before: true, after: false }],
  ])('around number %d of 300 are %d to %d', (at, from, to, more) => {
    const list = Array.from({ length: 300 }, (_, n) => ({ id: String(n), watchable: true }));
    const found = neighboursOf(list, String(at));
    expect([found.around[0]?.id, found.around.at(-1)?.id]).toEqual([String(from), String(to)]);
    expect(found.more).toEqual(more);
  });

  test('a list of which not everything is known goes on', () => {
    expect(neighboursOf([{ id: 'a', watchable: true }], 'a', true).more.after).toBe(true);
  });
});

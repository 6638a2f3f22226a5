import { describe, expect, test } from '@jest/globals';
import type { Asset, AssetFile } from '../../signaling/contract/index.ts';
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

  test('neighbours', () => {
    const list = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];
    expect(neighboursOf(list, 'a')).toEqual({ before: undefined, after: { id: 'b' } });
    expect(neighboursOf(list, 'c')).toEqual({ before: { id: 'b' }, after: undefined });
    expect(neighboursOf(list, 'x')).toEqual({ before: undefined, after: undefined });
  });
});

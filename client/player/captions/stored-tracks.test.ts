import { describe, expect, test } from '@jest/globals';
import { trackOf } from './stored-tracks.ts';

const file = { name: 'x.vtt', type: 'text/vtt', bytes: 1 } as const;

describe('trackOf', () => {
  test('captions have their label, else the name of their language', () => {
    const captions = { ...file, role: 'captions' } as const;
    expect(trackOf({ ...captions, label: 'For the deaf', language: 'de' })).toEqual({
      kind: 'captions',
      label: 'For the deaf',
      language: 'de',
    });
    expect(trackOf({ ...captions, language: 'de' })?.label).toBe('German');
    expect(trackOf({ ...captions, language: 'no language at all' })?.label).toBe(
      'no language at all',
    );
    expect(trackOf(captions)?.label).toBe('Captions');
  });

  test('the preview strip is what media-chrome looks for, its sheets are nothing', () => {
    expect(trackOf({ ...file, role: 'preview' })).toMatchObject({
      kind: 'metadata',
      label: 'thumbnails',
    });
    expect(trackOf({ ...file, role: 'preview', name: 'preview-0.jpg' })).toBeNull();
  });

  test('a Rendition is none', () => {
    expect(trackOf({ ...file, role: 'rendition' })).toBeNull();
  });
});

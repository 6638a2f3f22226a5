import { describe, expect, test } from '@jest/globals';
import { imageSources } from './image-sources.ts';

const image = (name: string, type: string, width: number, label?: string) => ({
  ...{ role: 'image' as const, name, type, width, height: width, bytes: 1 },
  ...(label !== undefined && { label }),
});
const files = [
  image('image-320.jpg', 'image/jpeg', 320),
  image('image-640.jpg', 'image/jpeg', 640),
  image('image-640.webp', 'image/webp', 640),
  image('image-320.avif', 'image/avif', 320),
  image('image-640.avif', 'image/avif', 640),
  image('animation.webp', 'image/webp', 960, 'animation'),
];

describe('imageSources', () => {
  test('the better formats first, every width of each, and what moves apart', () => {
    const { sources, largest, animation } = imageSources({ files }, '/f/');
    expect(sources).toEqual([
      { type: 'image/avif', srcset: '/f/image-640.avif 640w, /f/image-320.avif 320w' },
      { type: 'image/webp', srcset: '/f/image-640.webp 640w' },
      { type: 'image/jpeg', srcset: '/f/image-640.jpg 640w, /f/image-320.jpg 320w' },
    ]);
    expect(largest?.name).toBe('image-640.jpg');
    expect(animation?.name).toBe('animation.webp');
  });

  test('nothing, where there is nothing', () => {
    expect(imageSources({ files: [] }, '/f/')).toEqual({
      sources: [],
      largest: undefined,
      animation: undefined,
    });
  });
});

import { expect, test } from '@jest/globals';
import type { Asset, AssetFile } from '../../../signaling/contract/index.ts';
import { keptUpload } from './library-upload-store.ts';
import { pictureOf } from './library-pictures.ts';
import { reasonOf } from './library-upload.ts';

const file = (
  name: string,
  role: AssetFile['role'],
  width?: number,
  label?: string,
): AssetFile => ({
  ...{ name, role, width, label, bytes: 1 },
  type: `image/${name.split('.')[1]?.replace('jpg', 'jpeg')}`,
});
const asset = (files: AssetFile[]): Asset => ({
  ...{ id: 'ABCDEFGHIJKLMNOP', title: '', description: '', kind: 'image', state: 'ready' },
  ...{ visibility: 'private', tags: [], createdAt: '', updatedAt: '', watchable: true, files },
});
const URL_OF = '/api/v1/assets/ABCDEFGHIJKLMNOP/files/';

test('the smallest type first, and none larger than a card', () => {
  const names = ['image-320.jpg', 'image-320.avif', 'image-640.avif', 'image-2560.avif'];
  const files = names.map((name) => file(name, 'image', Number(/\d+/.exec(name)?.[0])));
  expect(pictureOf(asset(files))).toMatchObject({
    sources: [
      {
        type: 'image/avif',
        srcset: `${URL_OF}image-320.avif 320w, ${URL_OF}image-640.avif 640w`,
      },
      { type: 'image/jpeg', srcset: `${URL_OF}image-320.jpg 320w` },
    ],
    src: `${URL_OF}image-320.jpg`,
    width: 320,
  });
});

test('a poster rather than anything else; what moves is no still', () => {
  const poster = file('poster-320.webp', 'poster', 320);
  expect(pictureOf(asset([file('a.webp', 'image', 320), poster]))?.src).toBe(
    `${URL_OF}poster-320.webp`,
  );
  expect(pictureOf(asset([file('animation.webp', 'image', 320, 'animation')]))).toBeUndefined();
  expect(pictureOf(asset([]))).toBeUndefined();
});

test.each([
  ['{"error":{"code":"tooLarge","message":"Too large.","hint":"Cut it."}}', 'Too large. Cut it.'],
  ['Upload not found', 'Upload not found'],
  ['<html></html>', null],
  ['', null],
])('of the answer %j is said %p', (body, words) => expect(reasonOf(body)).toBe(words));

test('what was kept of an upload is known again', () => {
  const kept = {
    ...{ fingerprint: 'sfumato-a::b.mp4-video/mp4-3-4', uploadUrl: '/x', size: 3 },
    ...{ metadata: { filename: 'a::b.mp4' }, creationTime: 'today' },
  };
  expect(keptUpload(kept)).toEqual(kept);
  expect(keptUpload({ ...kept, uploadUrl: null })).toBeNull();
  expect(keptUpload(undefined)).toBeNull();
});

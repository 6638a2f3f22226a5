import { expect, test } from '@jest/globals';
import { SfumatoError } from '../../../signaling/contract/index.ts';
import { readContents } from './contents.ts';
import type { OnBehalfOf, PlayableAssets } from './playable-assets.ts';
import { playlistSchema } from './playlist.ts';

const ONE = 'A'.repeat(16);
const GONE = 'B'.repeat(16);
const LONG = 'C'.repeat(16);
const as: OnBehalfOf = { id: undefined, role: 'stranger' };

/** A library with one Asset and a collection without end, that writes down what it was asked for by itself. */
function library() {
  const asked: string[] = [];
  const assets: PlayableAssets = {
    find: async (id) => {
      asked.push(id);
      if (id === ONE) return { id, duration: 1 };
      throw new SfumatoError('notFound', 'There is no such Asset.');
    },
    open: async () => Promise.reject(new Error('nothing is opened here')),
    inCollection: async (_id, _as, atMost) =>
      Array.from({ length: atMost }, (_, index) => ({ id: `${index}`, duration: index })),
    onChange: () => () => {},
  };
  return { assets, asked };
}

test('what is in a collection is not asked for one by one, and there is one end for all of the list', async () => {
  const { assets, asked } = library();
  const items = [
    { assetId: ONE },
    { collectionId: LONG },
    { collectionId: LONG },
    { assetId: GONE },
  ];
  const schedule = [{ at: '10:00', assetId: GONE }];
  const playlist = playlistSchema.parse({ items, schedule });
  const { assetIds, found, faults } = await readContents(assets, playlist, as);
  expect(assetIds).toHaveLength(5_000);
  expect(assetIds.slice(0, 3)).toEqual([ONE, '0', '1']);
  expect(found.get('7')?.duration).toBe(7);
  expect(asked).toEqual([ONE, GONE]);
  expect([...faults.keys()]).toEqual([GONE]);
});

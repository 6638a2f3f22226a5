import type { z } from 'zod';
import { SfumatoError } from '../../signaling/contract/index.ts';
import { prepareAgain } from '../library/asset-work.ts';
import type { AssetQuery } from '../library/asset-list.ts';
import { editBatch } from '../library/batch.ts';
import type { Catalogue } from '../library/catalogue.ts';
import type { Reader } from '../library/reader.ts';
import type { Uploads } from '../library/uploads/uploads.ts';
import type { Endpoints } from './endpoints.ts';
import { ownerOf, readerFor } from './library-reader.ts';
import { OPERATIONS } from './operations.ts';
import type { assetListQuerySchema } from './schemas/library.ts';

/** `/assets` and `/collections`. */
export function libraryApi(endpoints: Endpoints, catalogue: Catalogue, uploads: Uploads): void {
  assetsApi(endpoints, catalogue);
  endpoints.on(OPERATIONS.getUploadLimits, () => uploads.usage());
  collectionsApi(endpoints, catalogue);
}

function assetsApi(endpoints: Endpoints, catalogue: Catalogue): void {
  const { assets } = catalogue;
  endpoints
    .on(OPERATIONS.listAssets, async ({ query, visitor }) => {
      const reader = readerFor(visitor);
      const { assets: page, cursor = null } = await assets.list(asQuery(query, reader), reader);
      return { assets: page, cursor };
    })
    .on(OPERATIONS.editAssets, ({ body: { ids, ...edit }, visitor }) =>
      editBatch(catalogue, ids, edit, readerFor(visitor)),
    )
    .on(OPERATIONS.getAsset, ({ params, visitor }) => assets.get(params.id, readerFor(visitor)))
    .on(OPERATIONS.updateAsset, ({ params, body, visitor }) =>
      assets.update(params.id, body, readerFor(visitor)),
    )
    .on(OPERATIONS.deleteAsset, ({ params, visitor }) =>
      assets.delete(params.id, readerFor(visitor)),
    )
    .on(OPERATIONS.prepareAsset, ({ params, visitor }) =>
      prepareAgain(catalogue, params.id, readerFor(visitor)),
    );
}

function collectionsApi(endpoints: Endpoints, { collections }: Catalogue): void {
  endpoints
    .on(OPERATIONS.listCollections, async ({ visitor }) => ({
      collections: await collections.list(readerFor(visitor)),
    }))
    .on(OPERATIONS.createCollection, ({ body, principal, visitor }) =>
      collections.create(body, ownerOf(principal), readerFor(visitor)),
    )
    .on(OPERATIONS.getCollection, ({ params, visitor }) =>
      collections.get(params.id, readerFor(visitor)),
    )
    .on(OPERATIONS.updateCollection, ({ params, body, visitor }) =>
      collections.update(params.id, body, readerFor(visitor)),
    )
    .on(OPERATIONS.deleteCollection, ({ params, visitor }) =>
      collections.delete(params.id, readerFor(visitor)),
    )
    .on(OPERATIONS.putCollectionItems, ({ params, body, visitor }) => {
      const { assetIds, before = null } = body;
      return collections.putItems(params.id, { assetIds, before }, readerFor(visitor));
    })
    .on(OPERATIONS.removeCollectionItem, ({ params, visitor }) =>
      collections.removeItems(params.id, [params.assetId], readerFor(visitor)),
    );
}

/** @throws SfumatoError `badRequest` where a stranger asks for what strangers are not shown */
function asQuery(query: z.output<typeof assetListQuerySchema>, reader: Reader): AssetQuery {
  const { tag, owner, ...rest } = query;
  if (reader.role === 'stranger' && (owner ?? query.checksum) !== undefined) {
    throw new SfumatoError('badRequest', '`owner` and `checksum` are for those who are logged in.');
  }
  return {
    ...rest,
    tags: typeof tag === 'string' ? [tag] : tag,
    owner: owner === 'me' ? reader.id : owner,
  };
}

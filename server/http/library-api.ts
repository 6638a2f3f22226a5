import type { z } from 'zod';
import { SfumatoError } from '../../signaling/contract/index.ts';
import { prepareAgain } from '../library/asset-work.ts';
import type { AssetQuery } from '../library/asset-list.ts';
import { editBatch } from '../library/batch.ts';
import type { Catalogue } from '../library/catalogue.ts';
import type { Reader } from '../library/reader.ts';
import type { Uploads } from '../library/uploads/uploads.ts';
import type { Endpoints } from './endpoints.ts';
import { ownerOf, readerOf } from './library-reader.ts';
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
    .on(OPERATIONS.listAssets, async ({ query, principal }) => {
      const reader = readerOf(principal);
      const { assets: page, cursor = null } = await assets.list(asQuery(query, reader), reader);
      return { assets: page, cursor };
    })
    .on(OPERATIONS.editAssets, ({ body: { ids, ...edit }, principal }) =>
      editBatch(catalogue, ids, edit, readerOf(principal)),
    )
    .on(OPERATIONS.getAsset, ({ params, principal }) => assets.get(params.id, readerOf(principal)))
    .on(OPERATIONS.updateAsset, ({ params, body, principal }) =>
      assets.update(params.id, body, readerOf(principal)),
    )
    .on(OPERATIONS.deleteAsset, ({ params, principal }) =>
      assets.delete(params.id, readerOf(principal)),
    )
    .on(OPERATIONS.prepareAsset, ({ params, principal }) =>
      prepareAgain(catalogue, params.id, readerOf(principal)),
    );
}

function collectionsApi(endpoints: Endpoints, { collections }: Catalogue): void {
  endpoints
    .on(OPERATIONS.listCollections, async ({ principal }) => ({
      collections: await collections.list(readerOf(principal)),
    }))
    .on(OPERATIONS.createCollection, ({ body, principal }) =>
      collections.create(body, ownerOf(principal), readerOf(principal)),
    )
    .on(OPERATIONS.getCollection, ({ params, principal }) =>
      collections.get(params.id, readerOf(principal)),
    )
    .on(OPERATIONS.updateCollection, ({ params, body, principal }) =>
      collections.update(params.id, body, readerOf(principal)),
    )
    .on(OPERATIONS.deleteCollection, ({ params, principal }) =>
      collections.delete(params.id, readerOf(principal)),
    )
    .on(OPERATIONS.putCollectionItems, ({ params, body, principal }) => {
      const { assetIds, before = null } = body;
      return collections.putItems(params.id, { assetIds, before }, readerOf(principal));
    })
    .on(OPERATIONS.removeCollectionItem, ({ params, principal }) =>
      collections.removeItems(params.id, [params.assetId], readerOf(principal)),
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

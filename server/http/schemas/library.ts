import { z } from 'zod';
import {
  assetKindSchema,
  assetSchema,
  assetStateSchema,
  collectionSchema,
  errorCodeSchema,
  libraryIdSchema,
  visibilitySchema,
} from '../../../signaling/contract/index.ts';
import { ASSET_SORTS } from '../../library/asset-list.ts';
import { lineSchema } from './common.ts';

/** Assets, in one request. */
const MAX_BATCH = 200;
const MAX_TAGS = 50;

export const assetTitleSchema = lineSchema(200).describe('For people.');
export const tagSchema = lineSchema(50).describe('Case and accents do not count.');

/** Several lines; of control characters only those that make lines. */
export const descriptionSchema = z
  .string()
  .trim()
  .max(5000)
  .regex(/^[\P{Cc}\t\n\r]*$/u, 'text');

export const libraryParamsSchema = z.object({ id: libraryIdSchema });

export const itemParamsSchema = z.object({ id: libraryIdSchema, assetId: libraryIdSchema });

export const assetListQuerySchema = z.strictObject({
  text: z
    .string()
    .max(200)
    .optional()
    .describe('Each of its words begins a word of title, description, tags or captions.'),
  kind: assetKindSchema.optional(),
  state: assetStateSchema.optional(),
  visibility: visibilitySchema.optional(),
  tag: z
    .union([tagSchema, z.array(tagSchema).max(10)])
    .optional()
    .describe('Named several times, all of them.'),
  collection: libraryIdSchema.optional().describe('Not what is in the collections inside of it.'),
  owner: z.string().max(64).optional().describe('The id of an owner, or `me`.'),
  checksum: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'a SHA-256 in hexadecimal digits')
    .optional()
    .describe('SHA-256 of the original. For those with `library:read`.'),
  sort: z
    .enum(ASSET_SORTS)
    .optional()
    .describe('In a collection its own order, else the newest first, where none is named.'),
  cursor: z.string().max(2000).optional().describe('Of the page before.'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export const assetListSchema = z.object({
  assets: z.array(assetSchema),
  cursor: z.string().nullable().describe('Leads to the next page; null where there is none.'),
});

const changed = (changes: object) => Object.values(changes).some((value) => value !== undefined);
const NOTHING = 'nothing to change is named';

export const updateAssetSchema = z
  .strictObject({
    title: assetTitleSchema.optional(),
    description: descriptionSchema.optional(),
    tags: z.array(tagSchema).max(MAX_TAGS).optional(),
    visibility: visibilitySchema.optional(),
  })
  .refine(changed, NOTHING);

export const batchSchema = z
  .strictObject({
    ids: z.array(libraryIdSchema).min(1).max(MAX_BATCH),
    addTags: z.array(tagSchema).max(MAX_TAGS).optional(),
    removeTags: z.array(tagSchema).max(MAX_TAGS).optional(),
    visibility: visibilitySchema.optional(),
    addTo: libraryIdSchema.optional().describe('A collection, at its end.'),
    removeFrom: libraryIdSchema.optional().describe('A collection.'),
    delete: z.literal(true).optional().describe('Then nothing else is to be named.'),
  })
  .refine(({ ids: _ids, ...edit }) => changed(edit), NOTHING)
  .refine(
    ({ ids: _ids, delete: gone, ...edit }) => gone === undefined || !changed(edit),
    'what is deleted is not changed as well',
  );

export const batchOutcomeSchema = z.object({
  changed: z.array(libraryIdSchema),
  failed: z.array(z.object({ id: libraryIdSchema, code: errorCodeSchema, message: z.string() })),
});

const parentSchema = libraryIdSchema.nullable().describe('The collection that it is in.');
const beforeSchema = libraryIdSchema
  .nullable()
  .describe('What it is to stand before; null for the end.');

/** Of a collection: what is in it is shown as each of it may be. */
const collectionVisibilitySchema = z.enum(['public', 'unlisted', 'private']);

export const createCollectionSchema = z.strictObject({
  title: assetTitleSchema,
  description: descriptionSchema.optional(),
  visibility: collectionVisibilitySchema.optional().describe('`private` where none is named.'),
  parentId: parentSchema.optional(),
  before: beforeSchema.optional(),
});

export const updateCollectionSchema = z
  .strictObject({ ...createCollectionSchema.shape, title: assetTitleSchema.optional() })
  .refine(changed, NOTHING);

export const collectionListSchema = z.object({ collections: z.array(collectionSchema) });

export const putItemsSchema = z.strictObject({
  assetIds: z.array(libraryIdSchema).min(1).max(MAX_BATCH).describe('In this order.'),
  before: beforeSchema.optional(),
});

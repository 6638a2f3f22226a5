import { z } from 'zod';
import { libraryIdSchema, visibilitySchema } from '../../../signaling/contract/index.ts';
import { lineSchema } from './common.ts';
import { assetTitleSchema, descriptionSchema } from './library.ts';

/** Of a file with its folders, as some clients send it, the last part. */
const filenameSchema = lineSchema(1_000)
  .transform((path) => path.split(/[/\\]/).at(-1) ?? '')
  .pipe(lineSchema(255));

/** What stands in `Upload-Metadata`. Clients add things of their own, which are given back and count for nothing. */
export const uploadMetadataSchema = z.object({
  filename: filenameSchema,
  filetype: z.string().max(200).optional().catch(undefined),
  title: assetTitleSchema.optional(),
  description: descriptionSchema.optional(),
  visibility: visibilitySchema.optional(),
  collection: libraryIdSchema.optional(),
});

export const uploadHeadersSchema = z.object({
  'upload-length': z
    .string({ error: 'must be there: the length is to be known before' })
    .regex(/^\d{1,15}$/, 'bytes, in digits')
    .transform(Number),
  'upload-metadata': z.string({ error: 'must be there, with a `filename`' }).max(10_000),
});

const bytes = z.number().int().min(0);
const orNone = 'null: as much as the disk holds.';

export const uploadLimitsSchema = z.object({
  maxBytes: bytes.describe('The largest file.'),
  quotaBytes: bytes.nullable().describe(`All originals together; ${orNone}`),
  usedBytes: bytes.describe('Of that, with what is being uploaded.'),
  maxAssets: bytes.nullable().describe('null: any number.'),
  assets: bytes,
});

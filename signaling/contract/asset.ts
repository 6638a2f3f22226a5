import * as z from 'zod';
import { visibilitySchema } from './rules.ts';

/**
 * An Asset's or a collection's name in URLs: a capital letter and 15 letters or digits of base32 (RFC 4648
 * section 6), all random. Nobody guesses the 79 bits, all are equally long so that none begins with another,
 * and since Channel ids have no capital letters, `/watch/:id` knows which of the two it was given.
 */
export const libraryIdSchema = z
  .string()
  .regex(/^[A-Z][A-Z2-7]{15}$/, 'an id of the library: 16 capital letters and digits');

export const ASSET_KINDS = ['video', 'audio', 'image'] as const;
export const assetKindSchema = z.enum(ASSET_KINDS);
export type AssetKind = z.infer<typeof assetKindSchema>;

export const ASSET_STATES = ['uploading', 'preparing', 'ready', 'refused'] as const;
export const assetStateSchema = z.enum(ASSET_STATES);
export type AssetState = z.infer<typeof assetStateSchema>;

export const ASSET_FILE_ROLES = [
  'rendition',
  'image',
  'poster',
  'cover',
  'preview',
  'waveform',
  'captions',
  'chapters',
] as const;

/** One file that was made of the original. */
export const assetFileSchema = z.object({
  role: z.enum(ASSET_FILE_ROLES),
  /** Below the Asset's own address. */
  name: z.string().regex(/^[A-Za-z0-9][\w.-]{0,127}$/, 'a file name without folders'),
  /** Media type (RFC 6838), with the `codecs` of RFC 6381 where it has some. */
  type: z.string().max(200),
  bytes: z.number().int().min(0),
  /** Pixels. */
  width: z.number().int().positive().optional(),
  height: z.number().int().positive().optional(),
  /** Bits a second, on average. */
  bitrate: z.number().int().positive().optional(),
  /** BCP 47. */
  language: z.string().max(35).optional(),
  label: z.string().max(200).optional(),
});
export type AssetFile = z.infer<typeof assetFileSchema>;

/** Something stored in the library. */
export const assetSchema = z.object({
  id: libraryIdSchema,
  title: z.string(),
  description: z.string(),
  kind: assetKindSchema.nullable().describe('null until its content was looked at.'),
  state: assetStateSchema,
  reason: z.string().optional().describe('Why it was refused.'),
  visibility: visibilitySchema,
  tags: z.array(z.string()),
  duration: z.number().positive().optional().describe('Seconds.'),
  width: z.number().int().positive().optional().describe('Pixels, as it is shown.'),
  height: z.number().int().positive().optional().describe('Pixels, as it is shown.'),
  bytes: z.number().int().min(0).optional().describe('Of the original.'),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  watchable: z.boolean().describe('Is there something to play or to look at already?'),
  files: z.array(assetFileSchema).describe('What was made of it so far.'),
  progress: z
    .object({ fraction: z.number().min(0).max(1), step: z.string().optional() })
    .optional()
    .describe('Of its preparation.'),
  owner: z
    .object({ id: z.string(), name: z.string() })
    .optional()
    .describe('Who put it in. For those with `library:read`, as the two below.'),
  originalName: z.string().optional().describe('The name that its file had.'),
  checksum: z.string().optional().describe('SHA-256 of the original, hexadecimal.'),
});
export type Asset = z.infer<typeof assetSchema>;

/** Assets in an order; collections may be inside of each other. */
export const collectionSchema = z.object({
  id: libraryIdSchema,
  parentId: libraryIdSchema.nullable().describe('The collection that it is in.'),
  title: z.string(),
  description: z.string(),
  visibility: visibilitySchema,
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  owner: z.object({ id: z.string(), name: z.string() }).optional(),
});
export type Collection = z.infer<typeof collectionSchema>;

const STILLS = /^image\/(?:jpeg|png)\b/;

/** The still picture of an Asset that comes nearest to a width from above, in a format that every browser has. */
export function stillOf({ files }: Pick<Asset, 'files'>, width: number): AssetFile | undefined {
  const stills = files
    .filter(({ role, type }) => (role === 'poster' || role === 'cover') && STILLS.test(type))
    .toSorted((a, b) => (a.width ?? 0) - (b.width ?? 0));
  return stills.find((still) => (still.width ?? 0) >= width) ?? stills.at(-1);
}

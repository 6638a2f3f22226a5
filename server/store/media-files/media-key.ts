import { z } from 'zod';
import { libraryIdSchema } from '../../../signaling/contract/index.ts';

/**
 * Where a file of an Asset is kept: `<assetId>/<name>`. Both parts are made by this server, never by those who put
 * something in; whatever else comes along is refused.
 */
export type MediaKey = string & z.$brand<'MediaKey'>;

/** Letters, digits and dashes with one ending or more: no folder, no hidden file, nothing that a shell or URL reads. */
const NAME = /^[a-z0-9][a-z0-9-]{0,59}(\.[a-z0-9]{1,10}){0,2}$/;

export const mediaNameSchema = z.string().max(100).regex(NAME, 'a name of a media file');

const keySchema = z
  .string()
  .max(120)
  .refine((key) => {
    const [assetId, name, ...rest] = key.split('/');
    const isAsset = libraryIdSchema.safeParse(assetId).success;
    return isAsset && mediaNameSchema.safeParse(name).success && rest.length === 0;
  }, 'the key of a media file')
  .brand<'MediaKey'>();

/** @throws {z.ZodError} for anything that is not made of an Asset's id and a plain name. */
export function mediaKey(assetId: string, name: string): MediaKey {
  return keySchema.parse(`${assetId}/${name}`);
}

/** The same for a key that was written down. */
export const parseMediaKey = (key: string): MediaKey => keySchema.parse(key);

export function keyParts(key: MediaKey): { assetId: string; name: string } {
  const slash = key.indexOf('/');
  return { assetId: key.slice(0, slash), name: key.slice(slash + 1) };
}

/** @throws {z.ZodError} for what is no Asset's id. */
export const parseAssetId = (assetId: string): string => libraryIdSchema.parse(assetId);

import { withToken } from '../access/pass.ts';
import type { Asset } from '../../../signaling/contract/index.ts';

/** An Asset's still pictures for a lock screen: of the formats that all of them take. @param filesUrl ends with a slash */
export function artworkOf({ files }: Pick<Asset, 'files'>, filesUrl: string): MediaImage[] {
  return files
    .filter(({ role, type }) => (role === 'poster' || role === 'cover') && !type.includes('avif'))
    .map(({ name, type, width = 0, height = 0 }) => ({
      src: withToken(filesUrl + name),
      type,
      sizes: `${width}x${height}`,
    }));
}

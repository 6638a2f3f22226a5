import type { Asset, AssetFile } from '../../../signaling/contract/index.ts';
import { withToken } from '../../player/access/pass.ts';

export type ImageSource = { type: string; srcset: string };

export type ImageSources = {
  /** The better formats first. */
  sources: ImageSource[];
  /** For whoever has none of those, and for the full size. */
  largest: AssetFile | undefined;
  /** Moves by itself. */
  animation: AssetFile | undefined;
};

const FORMATS = ['image/avif', 'image/webp'];

/** The files of an image as a `<picture>` takes them. @param filesUrl ends with a slash */
export function imageSources({ files }: Pick<Asset, 'files'>, filesUrl: string): ImageSources {
  const images = files.filter(({ role }) => role === 'image');
  const stills = images.filter(({ label }) => label !== 'animation');
  const widest = stills.toSorted((a, b) => (b.width ?? 0) - (a.width ?? 0));
  const plain = widest.filter(({ type }) => !FORMATS.includes(type));
  return {
    sources: [...FORMATS, plain[0]?.type ?? '']
      .map((type) => ({
        type,
        srcset: srcsetOf(
          widest.filter((one) => one.type === type),
          filesUrl,
        ),
      }))
      .filter(({ srcset }) => srcset !== ''),
    largest: plain[0] ?? widest[0],
    animation: images.find(({ label }) => label === 'animation'),
  };
}

function srcsetOf(files: readonly AssetFile[], filesUrl: string): string {
  return files.map(({ name, width = 1 }) => `${withToken(filesUrl + name)} ${width}w`).join(', ');
}

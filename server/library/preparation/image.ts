import { decodeImage, encodeAnimation, readImageInfo } from './image-source.ts';
import { LARGEST, makeSizes, widthsFor } from './image-sizes.ts';
import type { Made } from './made.ts';
import { keepData, type Workbench } from './workbench.ts';

/** An animation wider than this takes more bytes than a film of it would. */
const ANIMATION_WIDTH = 960;

/**
 * Sizes of an image; of an animation those of its first picture, and one file that moves.
 * @throws {SfumatoError} `unsupportedMedia` with the reason.
 */
export async function makeImage(bench: Workbench): Promise<Partial<Made>> {
  const info = await readImageInfo(bench.original);
  const image = await decodeImage(bench.original, LARGEST);
  const files = await makeSizes(bench, image, { role: 'image', widths: widthsFor(image.width) });
  const common = { width: image.width, height: image.height, watchable: true };
  if (info.pages < 2) return { ...common, files };
  const { data, ...size } = await encodeAnimation(bench.original, ANIMATION_WIDTH);
  const words = { role: 'image' as const, type: 'image/webp', label: 'animation', ...size };
  const animation = await keepData(bench, 'animation.webp', data, words);
  const duration = info.duration > 0 ? { duration: info.duration } : {};
  return { ...common, ...duration, files: [...files, animation] };
}

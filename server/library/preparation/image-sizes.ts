import sharp, { type Sharp } from 'sharp';
import type { AssetFile } from '../../../signaling/contract/index.ts';
import type { DecodedImage } from './image-source.ts';
import { keepData, type Workbench } from './workbench.ts';

/** Widths that pages choose from, pixels. */
const WIDTHS = [320, 640, 1280, 1920, 2560] as const;

/** What is made at most. WebP ends at 16383 pixels a side; screens do long before. */
export const LARGEST = { width: 2560, height: 8192 };

/** Those below the picture's own width, and that one: nothing is made larger than it is. */
export function widthsFor(width: number, largest: number = LARGEST.width): number[] {
  const top = Math.min(width, largest);
  return [...WIDTHS.filter((step) => step < top), top];
}

type Encoding = {
  ending: string;
  type: string;
  encode(image: Sharp): Sharp;
};

const AVIF: Encoding = {
  ...{ ending: 'avif', type: 'image/avif' },
  // Effort 2: a third of the time of the default, for a few per cent of the bytes.
  encode: (image) => image.avif({ quality: 52, effort: 2 }),
};
const WEBP: Encoding = {
  ...{ ending: 'webp', type: 'image/webp' },
  encode: (image) => image.webp({ quality: 78, effort: 4, smartSubsample: true }),
};
const JPEG: Encoding = {
  ...{ ending: 'jpg', type: 'image/jpeg' },
  encode: (image) => image.jpeg({ quality: 82, progressive: true }),
};
const PNG: Encoding = {
  ...{ ending: 'png', type: 'image/png' },
  encode: (image) => image.png({ compressionLevel: 9 }),
};

/** Every width in AVIF, WebP and JPEG; where something can be seen through, PNG in place of JPEG. */
export async function makeSizes(
  bench: Workbench,
  image: DecodedImage,
  options: { role: 'image' | 'poster' | 'cover'; widths: readonly number[] },
): Promise<AssetFile[]> {
  const { role, widths } = options;
  const encodings = [AVIF, WEBP, (await isSeeThrough(image)) ? PNG : JPEG];
  const files: AssetFile[] = [];
  for (const [index, width] of widths.entries()) {
    const smaller = await resized(image, width);
    for (const { ending, type, encode } of encodings) {
      bench.signal.throwIfAborted();
      const data = await encode(source(smaller)).toBuffer();
      const size = { width: smaller.width, height: smaller.height };
      files.push(
        await keepData(bench, `${role}-${width}.${ending}`, data, { role, type, ...size }),
      );
    }
    bench.onProgress((index + 1) / widths.length);
  }
  return files;
}

async function isSeeThrough(image: DecodedImage): Promise<boolean> {
  return image.channels === 4 && !(await source(image).stats()).isOpaque;
}

async function resized(image: DecodedImage, width: number): Promise<DecodedImage> {
  if (width >= image.width) return image;
  const { data, info } = await source(image).resize({ width }).raw().toBuffer({
    resolveWithObject: true,
  });
  return { ...image, pixels: data, width: info.width, height: info.height };
}

const source = ({ pixels, width, height, channels }: DecodedImage): Sharp =>
  sharp(pixels, { raw: { width, height, channels } });

import sharp from 'sharp';
import { SfumatoError } from '../../../signaling/contract/errors.ts';
import { LIMITS } from './limits.ts';

/** Readers that may see a stranger's bytes: well-kept decoders of what browsers show, and TIFF. No others. */
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif', 'Tiff'].map(
    (format) => `VipsForeignLoad${format}`,
  ),
});
// Files come once: what was decoded is not asked for again.
sharp.cache(false);
// Media that flows goes first.
sharp.concurrency(1);

/** Seconds that one decoding or encoding may take. */
const TIME_LIMIT_SECONDS = 120;

/** A picture decoded, upright, in sRGB, as small as its largest size. What it said of places and people is gone. */
export type DecodedImage = {
  pixels: Buffer;
  width: number;
  height: number;
  channels: 3 | 4;
};

export type ImageInfo = {
  /** As it is to be seen. */
  width: number;
  height: number;
  /** More than 1: it moves. */
  pages: number;
  /** Seconds of one round. */
  duration: number;
};

const open = (file: string | Buffer, animated: boolean) =>
  sharp(file, {
    ...{ animated, failOn: 'error', limitInputPixels: LIMITS.imagePixels, sequentialRead: true },
  });

/** @throws {SfumatoError} `unsupportedMedia` with the reason. */
export async function readImageInfo(file: string | Buffer): Promise<ImageInfo> {
  const found = await explained(() => open(file, false).metadata());
  const [width, height] = [found.autoOrient.width, found.autoOrient.height];
  const pages = found.format === 'tiff' || found.format === 'heif' ? 1 : (found.pages ?? 1);
  if (width * height * pages > LIMITS.imagePixels) throw tooLarge(pages);
  const delays = pages > 1 ? await readDelays(file) : [];
  return { width, height, pages, duration: delays.reduce((sum, ms) => sum + ms, 0) / 1000 };
}

async function readDelays(file: string | Buffer): Promise<readonly number[]> {
  const { delay = [] } = await explained(() => open(file, true).metadata());
  // Browsers show what claims less than 20 ms for 100.
  return delay.map((ms) => (ms < 20 ? 100 : ms));
}

/** @throws {SfumatoError} `unsupportedMedia` with the reason. */
export async function decodeImage(
  file: string | Buffer,
  bounds: { width: number; height: number },
): Promise<DecodedImage> {
  const { data, info } = await explained(() =>
    open(file, false)
      .autoOrient()
      .resize({ ...bounds, fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .timeout({ seconds: TIME_LIMIT_SECONDS })
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true }),
  );
  const { width, height, channels } = info;
  if (channels === 3 || channels === 4) return { pixels: data, width, height, channels };
  // Grey, with or without alpha.
  const image = sharp(data, { raw: { width, height, channels } });
  const wide = await image.toColourspace('srgb').ensureAlpha().raw().toBuffer();
  return { pixels: wide, width, height, channels: 4 };
}

/** All pictures of an animation as one WebP file. */
export async function encodeAnimation(
  file: string | Buffer,
  width: number,
): Promise<{ data: Buffer; width: number; height: number }> {
  const { data, info } = await explained(() =>
    open(file, true)
      .resize({ width, withoutEnlargement: true })
      .timeout({ seconds: TIME_LIMIT_SECONDS })
      .webp({ quality: 70, effort: 2 })
      .toBuffer({ resolveWithObject: true }),
  );
  return { data, width: info.width, height: info.pageHeight ?? info.height };
}

async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const text = String(cause);
    if (/exceeds pixel limit|too large/i.test(text)) throw tooLarge(1, cause);
    if (/timeout/i.test(text)) throw refuse('Reading it takes too long.', cause);
    throw refuse('It is a damaged picture, or one of a kind that is not read here.', cause);
  }
}

function tooLarge(pages: number, cause?: unknown): SfumatoError {
  const what = pages > 1 ? 'Its pictures together have' : 'It has';
  return refuse(`${what} more than ${LIMITS.imagePixels / 1e6} million pixels.`, cause);
}

const refuse = (reason: string, cause?: unknown): SfumatoError =>
  new SfumatoError('unsupportedMedia', reason, { cause });

import { open } from 'node:fs/promises';

/** What the first bytes of a file say that it is. Names and types that came along are no evidence. */
export type Content =
  /** `sharp` makes something of it. */
  | { kind: 'image'; format: string }
  /** A picture, but of a kind that is not read here. */
  | { kind: 'refused'; reason: string }
  /** ffprobe has to say. */
  | { kind: 'media' };

const IMAGES: readonly (readonly [string, string])[] = [
  ['\x89PNG\r\n', 'PNG'],
  ['\xff\xd8\xff', 'JPEG'],
  ['GIF87a', 'GIF'],
  ['GIF89a', 'GIF'],
  ['II*\0', 'TIFF'],
  ['MM\0*', 'TIFF'],
];

const asOther = 'Save it as JPEG, PNG, WebP or AVIF.';

const REFUSED: readonly (readonly [string, string])[] = [
  ['BM', `It is a BMP picture, which is not read here. ${asOther}`],
  ['8BPS', `It is a Photoshop document, which is not read here. ${asOther}`],
  ['\xff\x0a', `It is a JPEG XL picture, which is not read here. ${asOther}`],
  ['\0\0\0\x0cJXL ', `It is a JPEG XL picture, which is not read here. ${asOther}`],
  ['\0\0\0\x0cjP  ', `It is a JPEG 2000 picture, which is not read here. ${asOther}`],
  ['%PDF', 'It is a PDF document, not video, sound or a picture.'],
  ['PK\x03\x04', 'It is a ZIP archive or a document, not video, sound or a picture.'],
  ['#EXTM3U', 'It is a playlist, which only points to other files.'],
];

/** Brands of ISO base media files (ISO/IEC 14496-12 section 4.3) that are pictures and no films. */
const HEIC = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1']);
const AVIF = new Set(['avif', 'avis']);

export function contentOf(head: Buffer): Content {
  const text = head.toString('latin1');
  const image = IMAGES.find(([magic]) => text.startsWith(magic))?.[1];
  if (image !== undefined) return { kind: 'image', format: image };
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') {
    return { kind: 'image', format: 'WebP' };
  }
  const reason = REFUSED.find(([magic]) => text.startsWith(magic))?.[1];
  if (reason !== undefined) return { kind: 'refused', reason };
  if (/^\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?(<!DOCTYPE svg|<svg)/is.test(text)) {
    return { kind: 'refused', reason: `It is an SVG drawing, which may hold programs. ${asOther}` };
  }
  return ofBrands(head, text) ?? { kind: 'media' };
}

function ofBrands(head: Buffer, text: string): Content | undefined {
  if (text.slice(4, 8) !== 'ftyp') return undefined;
  const length = Math.min(head.readUInt32BE(0), 128);
  const others = text.slice(16, length).match(/.{4}/gs) ?? [];
  const major = text.slice(8, 12);
  if (AVIF.has(major) || (major === 'mif1' && others.some((brand) => AVIF.has(brand)))) {
    return { kind: 'image', format: 'AVIF' };
  }
  if (!HEIC.has(major)) return undefined;
  return { kind: 'refused', reason: `It is a HEIC picture, which is not read here. ${asOther}` };
}

/** The first bytes of a file, fewer where it has not so many. */
export async function readHead(file: string): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(512), 0, 512, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

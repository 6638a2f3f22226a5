import type { AssetKind } from '../../signaling/contract/index.ts';
import { contentOf } from './preparation/content.ts';

/** Nothing is known of it: to be kept, not to be shown. */
export const UNKNOWN_TYPE = 'application/octet-stream';

const IMAGE_TYPES: Readonly<Record<string, string>> = {
  PNG: 'image/png',
  JPEG: 'image/jpeg',
  GIF: 'image/gif',
  TIFF: 'image/tiff',
  WebP: 'image/webp',
  AVIF: 'image/avif',
};

/** By first bytes; `{kind}` is what was found in it. */
const MEDIA_TYPES: readonly (readonly [RegExp, string])[] = [
  [/^....ftypqt {2}/s, 'video/quicktime'],
  [/^....ftyp/s, '{kind}/mp4'],
  [/^.E\xdf\xa3.{0,60}webm/s, '{kind}/webm'],
  [/^.E\xdf\xa3/s, '{kind}/matroska'],
  [/^OggS/, '{kind}/ogg'],
  [/^fLaC/, 'audio/flac'],
  [/^RIFF....WAVE/s, 'audio/wav'],
  [/^(ID3|\xff[\xe2-\xff])/, 'audio/mpeg'],
];

/**
 * The media type of an original, by its content: only those that no browser takes for a page or a program.
 *
 * @param kind what it was found to be; null where nobody looked yet
 * @param head its first bytes
 */
export function originalType(kind: AssetKind | null, head: Buffer): string {
  if (kind === null) return UNKNOWN_TYPE;
  const content = contentOf(head);
  if (content.kind === 'image') return IMAGE_TYPES[content.format] ?? UNKNOWN_TYPE;
  if (content.kind === 'refused' || kind === 'image') return UNKNOWN_TYPE;
  const text = head.toString('latin1');
  const found = MEDIA_TYPES.find(([magic]) => magic.test(text))?.[1];
  return found?.replace('{kind}', kind) ?? UNKNOWN_TYPE;
}

import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import type { MediaInfo } from '../ffmpeg/media-info.ts';
import { SfumatoError } from '../../signaling/contract/errors.ts';

const refuse = (reason: string, cause?: unknown): SfumatoError =>
  new SfumatoError('unsupportedMedia', reason, { cause });

/** Less than this is a picture rather than a film, seconds. */
const MIN_SECONDS = 0.5;

/**
 * What a file holds, or why it cannot be played.
 * @throws {SfumatoError} `notFound` or `unsupportedMedia`, with a sentence for the person.
 */
export async function inspectSource(
  ffmpeg: Ffmpeg,
  file: string,
  signal?: AbortSignal,
): Promise<MediaInfo> {
  const info = await probe(ffmpeg, file, signal);
  if (!info.video && !info.audio) throw refuse('It holds neither video nor sound.');
  if (info.duration !== undefined && info.duration < MIN_SECONDS) {
    throw refuse('It is too short to be played.');
  }
  return info;
}

/** @throws {SfumatoError} where there is no ordinary file with something in it. */
export async function refuseUnreadable(file: string): Promise<void> {
  const found = await stat(file).catch((cause: unknown) => {
    throw new SfumatoError('notFound', `There is no file ${basename(file)}.`, { cause });
  });
  if (found.isDirectory()) throw refuse('It is a directory.');
  if (!found.isFile()) throw refuse('It is not an ordinary file.');
  if (found.size === 0) throw refuse('It is empty.');
}

async function probe(ffmpeg: Ffmpeg, file: string, signal?: AbortSignal): Promise<MediaInfo> {
  try {
    return await ffmpeg.probe(file, signal);
  } catch (error) {
    if (!(error instanceof SfumatoError) || error.code !== 'unsupportedMedia') throw error;
    throw refuse(reasonByContent(await readHead(file)), error);
  }
}

async function readHead(file: string): Promise<Buffer> {
  const handle = await open(file, 'r').catch((cause: unknown) => {
    throw refuse('It may not be read.', cause);
  });
  try {
    const buffer = Buffer.alloc(512);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** The first bytes of picture formats. */
const PICTURES: readonly (readonly [string, string])[] = [
  ['\x89PNG', 'PNG'],
  ['\xff\xd8\xff', 'JPEG'],
  ['GIF8', 'GIF'],
  ['BM', 'BMP'],
  ['II*\0', 'TIFF'],
  ['MM\0*', 'TIFF'],
];

/** Why ffprobe could make nothing of it, as far as the first bytes tell. */
export function reasonByContent(head: Buffer): string {
  const text = head.toString('latin1');
  const picture = PICTURES.find(([magic]) => text.startsWith(magic));
  if (picture) return `It is a picture (${picture[1]}), not video or sound.`;
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') {
    return 'It is a picture (WebP), not video or sound.';
  }
  if (text.startsWith('#EXTM3U')) return 'It is a playlist, which only points to other files.';
  if (isText(head)) return 'It is text, not video or sound.';
  return 'It is damaged, or not a video or sound file of a known kind.';
}

function isText(head: Buffer): boolean {
  return head.every((byte) => byte >= 0x20 || byte === 9 || byte === 10 || byte === 13);
}

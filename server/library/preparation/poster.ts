import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SfumatoError } from '../../../signaling/contract/errors.ts';
import { inputArgs, words } from '../../ffmpeg/ffmpeg.ts';
import type { VideoPlan } from './film-plan.ts';
import { decodeImage } from './image-source.ts';
import { LARGEST, makeSizes, widthsFor } from './image-sizes.ts';
import { SMALL_RUN_LIMITS } from './limits.ts';
import type { Made } from './made.ts';
import type { Workbench } from './workbench.ts';

/** Of a poster, pixels: what stands in a list, and in a player. */
const POSTER_WIDTHS = [320, 640, 1280] as const;
/** Of a cover. */
const COVER_WIDTH = 640;

/** Seconds that finding one picture in a large file may take. */
const TIME_LIMIT_MS = 120_000;

/**
 * The film's picture at this time, in several sizes. A file in which it cannot be found gets its first one; a
 * film without a poster is still a film.
 */
export async function makePoster(
  bench: Workbench,
  video: VideoPlan,
  time: number,
): Promise<Partial<Made>> {
  for (const at of new Set([time, 0])) {
    const file = await grab(bench, video, at);
    if (file === undefined) continue;
    const image = await decodeImage(file, LARGEST);
    const top = Math.min(image.width, POSTER_WIDTHS[2]);
    const widths = [...POSTER_WIDTHS.filter((width) => width < top), top];
    return { files: await makeSizes(bench, image, { role: 'poster', widths }) };
  }
  return { notes: ['No picture of it could be taken for a poster.'] };
}

const FRAME_FILE = 'frame.png';

async function grab(
  bench: Workbench,
  { index, ladder, deinterlace, toneMap, colorMatrix }: VideoPlan,
  time: number,
): Promise<Buffer | undefined> {
  const { width, height } = ladder.rungs.at(-1) ?? { width: 2, height: 2 };
  const color = toneMap
    ? ''
    : `:in_color_matrix=${colorMatrix}:out_color_matrix=bt709:out_range=tv`;
  const filters = [
    ...(deinterlace ? [deinterlace] : []),
    `scale=${width}:${height}:flags=bicubic${color}`,
    ...(toneMap ? [toneMap] : []),
    'setsar=1',
    'scale=in_color_matrix=bt709:in_range=tv',
    'format=rgb24',
  ];
  const args = [
    ...['-ss', time.toFixed(3), ...inputArgs(bench.original)],
    ...['-map', `0:${index}`, '-vf', filters.join(',')],
    ...[...words('-frames:v 1 -c:v png -f image2 -update 1'), FRAME_FILE],
  ];
  return grabbed(bench, args, FRAME_FILE);
}

/** A picture that belongs to a piece of music. One that cannot be read is no reason to refuse the music. */
export async function makeCover(bench: Workbench, streamIndex: number): Promise<Partial<Made>> {
  const name = 'cover.bin';
  const copied = words(`-map 0:${streamIndex} -frames:v 1 -c copy -f rawvideo`);
  const data = await grabbed(bench, [...inputArgs(bench.original), ...copied, name], name);
  try {
    const image =
      data && (await decodeImage(data, { width: COVER_WIDTH, height: COVER_WIDTH * 2 }));
    if (!image) return { notes: [NO_COVER] };
    const widths = widthsFor(image.width, COVER_WIDTH);
    return { files: await makeSizes(bench, image, { role: 'cover', widths }) };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { notes: [NO_COVER] };
  }
}

const NO_COVER = 'Its cover could not be read.';

/** What ffmpeg wrote to this file; undefined where it could not. */
async function grabbed(
  { ffmpeg, folder, signal }: Workbench,
  args: string[],
  name: string,
): Promise<Buffer | undefined> {
  const limits = { limits: SMALL_RUN_LIMITS, timeLimitMs: TIME_LIMIT_MS };
  try {
    await ffmpeg.run({ args, folder, signal, ...limits });
    const data = await readFile(join(folder, name));
    return data.length > 0 ? data : undefined;
  } catch (error) {
    signal.throwIfAborted();
    // Nothing was found at that place: ffmpeg ends well, and writes no file.
    if (isRefusal(error) || hasNoFile(error)) return undefined;
    throw error;
  }
}

const isRefusal = (error: unknown): boolean =>
  error instanceof SfumatoError && (error.code === 'unsupportedMedia' || error.code === 'timeout');

const hasNoFile = (error: unknown): boolean => String(error).includes('ENOENT');

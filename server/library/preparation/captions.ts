import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SfumatoError } from '../../../signaling/contract/errors.ts';
import { inputArgs, words } from '../../ffmpeg/ffmpeg.ts';
import type { MediaInfo, TrackInfo } from '../../ffmpeg/media-info.ts';
import { SMALL_RUN_LIMITS, timeLimitMs } from './limits.ts';
import type { Made } from './made.ts';
import { chaptersVtt } from './vtt.ts';
import { keepData, keepFile, type Workbench } from './workbench.ts';

/** Captions that are text, by ffmpeg's names. Others are pictures, which WebVTT cannot hold. */
const TEXT_CODECS: ReadonlySet<string> = new Set([
  ...['subrip', 'ass', 'ssa', 'mov_text', 'webvtt', 'text', 'microdvd', 'subviewer', 'stl'],
]);

const MOST_TRACKS = 32;

/** Captions and chapters that a file holds, as WebVTT. Those that cannot be read are said and left out. */
export async function makeCaptions(
  bench: Workbench,
  { subtitles, chapters, duration }: MediaInfo,
): Promise<Partial<Made>> {
  const files = [];
  const notes: string[] = [];
  for (const [index, track] of subtitles.slice(0, MOST_TRACKS).entries()) {
    const name = `captions-${index}.vtt`;
    if (!TEXT_CODECS.has(track.codec)) notes.push(`Captions of kind ${track.codec} are no text.`);
    else if (await extract(bench, track, name, duration)) {
      files.push(await keepFile(bench, name, describe(track, index)));
    } else notes.push(`Captions ${index + 1} could not be read.`);
  }
  if (chapters.length > 0) {
    const chapterWords = { role: 'chapters' as const, type: 'text/vtt' };
    files.push(await keepData(bench, 'chapters.vtt', chaptersVtt(chapters), chapterWords));
  }
  return { files, notes };
}

async function extract(
  bench: Workbench,
  track: TrackInfo,
  name: string,
  duration: number | undefined,
): Promise<boolean> {
  const { ffmpeg, folder, signal, original } = bench;
  const output = [...words(`-map 0:${track.index} -map_metadata -1 -c:s webvtt -f webvtt`), name];
  try {
    await ffmpeg.run({
      ...{ args: [...inputArgs(original), ...output], folder, signal, limits: SMALL_RUN_LIMITS },
      timeLimitMs: timeLimitMs(duration ?? 0),
    });
    return await hasCue(join(folder, name));
  } catch (error) {
    if (error instanceof SfumatoError && error.code === 'unsupportedMedia') return false;
    throw error;
  }
}

async function hasCue(path: string): Promise<boolean> {
  return (await stat(path)).size > 0 && (await readFile(path, 'utf8')).includes('-->');
}

function describe({ language, title }: TrackInfo, index: number) {
  const tag = languageTag(language);
  return {
    ...{ role: 'captions' as const, type: 'text/vtt' },
    ...(tag !== undefined && { language: tag }),
    label: (title?.trim() || nameOf(tag) || `Captions ${index + 1}`).slice(0, 200),
  };
}

/** BCP 47 of what files say, mostly ISO 639-2: `eng` becomes `en`. */
export function languageTag(language: string | undefined): string | undefined {
  if (language === undefined) return undefined;
  try {
    return Intl.getCanonicalLocales(language)[0];
  } catch {
    // Not a language's name at all.
    return undefined;
  }
}

function nameOf(tag: string | undefined): string | undefined {
  return tag && new Intl.DisplayNames([tag], { type: 'language', fallback: 'none' }).of(tag);
}

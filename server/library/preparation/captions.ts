import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SfumatoError } from '../../../signaling/contract/errors.ts';
import { inputArgs, words } from '../../ffmpeg/ffmpeg.ts';
import type { MediaInfo, TrackInfo } from '../../ffmpeg/media-info.ts';
import { CAPTION_BYTES, SMALL_RUN_LIMITS, timeLimitMs } from './limits.ts';
import type { Made } from './made.ts';
import { chaptersVtt } from './vtt.ts';
import { type FileWords, keepData, keepFile, type Workbench } from './workbench.ts';

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
  let left: number = CAPTION_BYTES.all;
  for (const [index, track] of subtitles.slice(0, MOST_TRACKS).entries()) {
    const name = `captions-${index}.vtt`;
    const why = await whyNot(bench, { track, index, name, duration, left });
    if (why !== undefined) {
      notes.push(why);
      continue;
    }
    const kept = await keepFile(bench, name, describe(track, index));
    files.push(kept);
    left -= kept.bytes;
  }
  if (chapters.length > 0) {
    const chapterWords = { role: 'chapters' as const, type: 'text/vtt' };
    files.push(await keepData(bench, 'chapters.vtt', chaptersVtt(chapters), chapterWords));
  }
  return { files, notes };
}

interface Captions {
  track: TrackInfo;
  index: number;
  /** Of their file. */
  name: string;
  /** Of the film, seconds. */
  duration: number | undefined;
  /** Bytes that there is still room for. */
  left: number;
}

/** Makes their file. @returns why they are left out, for people; undefined where they are not */
async function whyNot(bench: Workbench, captions: Captions): Promise<string | undefined> {
  const { track, index, name, duration, left } = captions;
  if (!TEXT_CODECS.has(track.codec)) return `Captions of kind ${track.codec} are no text.`;
  const unread = `Captions ${index + 1} could not be read.`;
  if (!(await extract(bench, track, name, duration))) return unread;
  const path = join(bench.folder, name);
  const { size } = await stat(path);
  if (size > CAPTION_BYTES.track) return `Captions ${index + 1} are too long: 4 MB at most.`;
  if (!(await hasCue(path))) return unread;
  return size > left ? `Captions ${index + 1} are too long: 16 MB of all at most.` : undefined;
}

async function extract(
  bench: Workbench,
  track: TrackInfo,
  name: string,
  duration: number | undefined,
): Promise<boolean> {
  const { ffmpeg, folder, signal, original } = bench;
  const options = `-map 0:${track.index} -map_metadata -1 -c:s webvtt -fs ${CAPTION_BYTES.track + 1}`;
  const output = [...words(`${options} -f webvtt`), name];
  try {
    await ffmpeg.run({
      ...{ args: [...inputArgs(original), ...output], folder, signal, limits: SMALL_RUN_LIMITS },
      timeLimitMs: timeLimitMs(duration ?? 0),
    });
    return true;
  } catch (error) {
    if (error instanceof SfumatoError && error.code === 'unsupportedMedia') return false;
    throw error;
  }
}

async function hasCue(path: string): Promise<boolean> {
  return (await readFile(path, 'utf8')).includes('-->');
}

function describe({ language, title }: TrackInfo, index: number): FileWords {
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

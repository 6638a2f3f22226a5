import { stat } from 'node:fs/promises';
import { SfumatoError } from '../../../signaling/contract/errors.ts';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import type { MediaInfo, SoundTrackInfo, VideoInfo } from '../../ffmpeg/media-info.ts';
import { toNumber } from '../../ffmpeg/rational.ts';
import { inspectSource, refuseUnreadable } from '../source-check.ts';
import { contentOf, readHead } from './content.ts';
import { LIMITS } from './limits.ts';

/** What a file turned out to be. */
export type Examination =
  | { kind: 'image'; format: string }
  | { kind: 'video'; info: MediaInfo; video: VideoInfo; videoIndex: number; bytes: number }
  | { kind: 'audio'; info: MediaInfo; track: SoundTrackInfo; bytes: number };

export type FilmExamination = Exclude<Examination, { kind: 'image' }>;

const refuse = (reason: string): SfumatoError => new SfumatoError('unsupportedMedia', reason);

/**
 * Looks at what a file really is.
 * @throws {SfumatoError} `unsupportedMedia` with the reason, for the person who put it in; `notFound`.
 */
export async function examine(
  ffmpeg: Ffmpeg,
  file: string,
  signal?: AbortSignal,
): Promise<Examination> {
  await refuseUnreadable(file);
  const content = contentOf(await readHead(file));
  if (content.kind === 'refused') throw refuse(content.reason);
  if (content.kind === 'image') return content;
  const info = await inspectSource(ffmpeg, file, signal);
  const reason = reasonAgainst(info);
  if (reason !== undefined) throw refuse(reason);
  const { size: bytes } = await stat(file);
  if (info.video && info.videoIndex !== undefined) {
    return { kind: 'video', info, video: info.video, videoIndex: info.videoIndex, bytes };
  }
  const track = chosenTrack(info);
  if (!track) throw refuse('It holds neither video nor sound.');
  return { kind: 'audio', info, track, bytes };
}

/** Why a file would take more than it may; undefined where it would not. */
export function reasonAgainst({ video, duration, streamCount }: MediaInfo): string | undefined {
  if (streamCount > LIMITS.streams) {
    return `It holds ${streamCount} streams; ${LIMITS.streams} are allowed.`;
  }
  if (duration !== undefined && duration > LIMITS.duration) {
    return `It is ${Math.round(duration / 3600)} hours long; ${LIMITS.duration / 3600} are allowed.`;
  }
  if (!video) return undefined;
  const { width, height, framesPerSecond } = video;
  const pixels = width * height;
  if (pixels > LIMITS.videoPixels || Math.max(video.displayWidth, video.displayHeight) > 65_535) {
    return `Its picture has ${width}x${height} pixels, which is more than 8192x8192.`;
  }
  const rate = framesPerSecond ? toNumber(framesPerSecond) : 30;
  if (rate > LIMITS.framesPerSecond) {
    return `It has ${Math.round(rate)} pictures a second; ${LIMITS.framesPerSecond} are allowed.`;
  }
  if (pixels * rate * (duration ?? 0) > LIMITS.decodedPixels) {
    return 'Its pictures are so large and so many that preparing it would take days.';
  }
  return undefined;
}

/** The one that a player would take; the first where none is named. */
export function chosenTrack({ soundTracks }: MediaInfo): SoundTrackInfo | undefined {
  return soundTracks.find(({ isDefault }) => isDefault) ?? soundTracks[0];
}

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SfumatoError } from '../../signaling/contract/errors.ts';
import { type Ffmpeg, words } from '../ffmpeg/ffmpeg.ts';
import type { Progress } from '../ffmpeg/progress.ts';
import { formatRational } from '../ffmpeg/rational.ts';
import type { FrameRate, Ladder, Rung } from './ladder.ts';
import type { Manifest } from './manifest.ts';

/** Another number when a setting below changes: what was prepared before is prepared again. */
export const SETTINGS_VERSION = 2;

/** Bits a second; transparent for nearly everything in stereo. */
export const AUDIO_BITRATE = 96_000;

export type RenditionJob = {
  /** ffmpeg's options for the input or inputs. */
  inputArgs: readonly string[];
  /** Written to ffmpeg's stdin where an input is `pipe:0`. */
  input?: AsyncIterable<Uint8Array> | undefined;
  video: { ladder: Ladder; colorMatrix: string; extendSeconds: number } | undefined;
  /**
   * x264's trade of time against bits. `veryfast` is the knee of the curve; the demo clip, which the
   * first start waits for, takes one step less.
   */
  preset: 'veryfast' | 'superfast';
  /** ffmpeg's name of the input stream, and silence to add where the picture is longer. */
  audio: { stream: string; padToSeconds: number | undefined } | undefined;
  durationSeconds: number | undefined;
};

export type RenditionFiles = Pick<Manifest, 'framesPerSecond' | 'rungs' | 'audio' | 'duration'>;

/**
 * One ffmpeg run: decodes once, and writes every rung and the sound as fragmented MP4 into `folder`.
 * @throws {SfumatoError} see Ffmpeg.run.
 */
export async function makeRenditions(
  ffmpeg: Ffmpeg,
  job: RenditionJob,
  folder: string,
  options: { signal?: AbortSignal | undefined; onProgress?: (progress: Progress) => void },
): Promise<RenditionFiles> {
  await ffmpeg.run({
    ...options,
    args: renditionArgs(job, folder),
    input: job.input,
    durationSeconds: job.durationSeconds,
  });
  return measure(ffmpeg, job, folder, options.signal);
}

export function renditionArgs(job: RenditionJob, folder: string): string[] {
  const { video, audio } = job;
  return [
    ...job.inputArgs,
    ...(video ? ['-filter_complex', graphOf(video)] : []),
    ...(video?.ladder.rungs ?? []).flatMap((rung, index) => [
      '-map',
      `[v${index}]`,
      ...videoSettings(rung, job.preset),
      ...fragmented('frag_keyframe'),
      join(folder, rungFile(index)),
    ]),
    ...(audio ? audioArgs(audio, join(folder, AUDIO_FILE)) : []),
  ];
}

function graphOf({ ladder, ...video }: NonNullable<RenditionJob['video']>): string {
  const rungs = ladder.rungs.map(({ width, height }, index) => ({ index, width, height }));
  return pictureGraph({ stream: '0:V:0', frameRate: ladder.frameRate, rungs, ...video });
}

export const rungFile = (index: number): string => `video-${index}.mp4`;
export const AUDIO_FILE = 'audio.mp4';

/** What a run makes of the picture. */
export type PictureGraph = {
  /** ffmpeg's name of the input stream. */
  stream: string;
  frameRate: FrameRate;
  /** Those that this run makes, low to high; each becomes `[v<index>]`. */
  rungs: readonly { index: number; width: number; height: number }[];
  colorMatrix: string;
  extendSeconds: number;
  /** For a picture of interlaced fields: the filter that makes it progressive. */
  deinterlace?: string | undefined;
  /** For more light than a screen has: filters that bring it to BT.709, put where the picture is small already. */
  toneMap?: string | undefined;
};

/**
 * Constant frame rate first, so that no work is done on frames that are dropped; then each rung is
 * scaled from the next higher one, which is quicker than from the source and as good.
 */
export function pictureGraph(picture: PictureGraph): string {
  const { stream, frameRate, rungs, colorMatrix, extendSeconds, deinterlace, toneMap } = picture;
  // A picture that begins late is held from the start, so that sound and picture begin together.
  const rate = `fps=${formatRational(frameRate)}:start_time=0`;
  const extend =
    extendSeconds > 0 ? [`tpad=stop_mode=clone:stop_duration=${extendSeconds.toFixed(3)}`] : [];
  let source = `[${stream}]${[...(deinterlace ? [deinterlace] : []), rate, ...extend].join(',')},`;
  // Everything becomes what every decoder expects: BT.709, limited range, square pixels, 4:2:0.
  let color = toneMap ? '' : `:in_color_matrix=${colorMatrix}:out_color_matrix=bt709:out_range=tv`;
  let mapped = toneMap ? `,${toneMap}` : '';
  return rungs
    .toReversed()
    .map(({ index, width, height }, at) => {
      const scale = `scale=${width}:${height}:flags=bicubic${color}${mapped},setsar=1,format=yuv420p`;
      const isLast = at === rungs.length - 1;
      const link = `${source}${scale}${isLast ? `[v${index}]` : `,split=2[v${index}][s${index}]`}`;
      source = `[s${index}]`;
      color = '';
      mapped = '';
      return link;
    })
    .join(';');
}

export function videoSettings(
  { maxBitrate, keyFrameInterval }: Rung,
  preset: RenditionJob['preset'],
): string[] {
  return words(
    '-c:v libx264',
    // What every browser decodes and Safari insists on; x264's baseline sets constraint_set1.
    '-profile:v baseline -level:v 3.1',
    `-preset ${preset}`,
    // Constant quality, so that easy pictures cost little, under a ceiling that the Layer promises.
    // Half a second of buffer keeps a key frame from being a burst of several frames' time.
    `-crf 23 -maxrate ${maxBitrate} -bufsize ${maxBitrate / 2}`,
    // Key frames on the same frames in all rungs: at a fixed distance and nowhere else.
    `-g ${keyFrameInterval} -keyint_min ${keyFrameInterval} -sc_threshold 0 -flags +cgop`,
    // Decoding order is display order: nothing waits in a decoder. (Baseline has no B-frames anyway.)
    '-bf 0',
    // The colours that the filters made, written where decoders look.
    '-colorspace bt709 -color_primaries bt709 -color_trc bt709 -color_range tv',
    // No SEI with the encoder's settings: it would be sent before each first key frame for nothing.
    '-bsf:v filter_units=remove_types=6',
    '-map_metadata -1 -an',
  );
}

/**
 * One moov without samples, then fragments with their own index, offsets relative to themselves: a
 * part of the file can be served as it lies there (CMAF, ISO/IEC 23000-19). One track: the source's chapters would be
 * another one, which keeps ffmpeg from ending a fragment of sound before the film's end.
 */
export function fragmented(cut: string): string[] {
  return words(`-map_chapters -1 -movflags +${cut}+empty_moov+default_base_moof -f mp4`);
}

function audioArgs(
  { stream, padToSeconds }: NonNullable<RenditionJob['audio']>,
  file: string,
): string[] {
  // Gaps in the source become silence, and sound that begins late begins with silence.
  const pad = padToSeconds === undefined ? '' : `,apad=whole_dur=${padToSeconds.toFixed(3)}`;
  return [
    ...words(
      `-map ${stream} -vn -af aresample=48000:async=1:first_pts=0${pad}`,
      // Constrained: a key of the organ may not take twice the bits that the Layer promises.
      `-c:a libopus -b:a ${AUDIO_BITRATE} -vbr constrained -ac 2 -ar 48000`,
      // 20 ms is what WebRTC's jitter buffers are made for.
      '-frame_duration 20 -application audio',
      '-map_metadata -1 -frag_duration 1000000',
    ),
    // delay_moov: the edit list that tells the coder's delay is known only after the first packet.
    ...fragmented('delay_moov'),
    file,
  ];
}

/** Sizes and lengths of what was really written. */
async function measure(
  ffmpeg: Ffmpeg,
  { video, audio }: RenditionJob,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<RenditionFiles> {
  const describe = async (file: string) => {
    const path = join(folder, file);
    const [{ size }, { duration = 0 }] = await Promise.all([
      stat(path),
      ffmpeg.probe(path, signal),
    ]);
    const bitrate = duration > 0 ? Math.max(1, Math.round((size * 8) / duration)) : 1;
    return { file, bytes: size, bitrate, duration };
  };
  const rungs = await Promise.all(
    (video?.ladder.rungs ?? []).map(async ({ width, height, keyFrameInterval }, index) => ({
      ...(await describe(rungFile(index))),
      width,
      height,
      keyFrameInterval,
    })),
  );
  const sound = audio ? await describe(AUDIO_FILE) : undefined;
  const duration = rungs[0]?.duration ?? sound?.duration ?? 0;
  if (duration === 0) throw new SfumatoError('unsupportedMedia', 'It has no picture and no sound.');
  return {
    framesPerSecond: video?.ladder.frameRate,
    duration,
    rungs,
    audio: sound,
  };
}

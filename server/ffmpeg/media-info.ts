import { z } from 'zod';
import { parseRational, type Rational, toNumber } from './rational.ts';

export type VideoInfo = {
  codec: string;
  /** Pixels as they are coded. */
  width: number;
  height: number;
  /** Square pixels as they are meant to be seen: after rotation and sample aspect ratio. */
  displayWidth: number;
  displayHeight: number;
  /** Degrees clockwise: 0, 90, 180 or 270. */
  rotation: number;
  sampleAspectRatio: Rational;
  /** The average rate, where the container tells it. */
  framesPerSecond: Rational | undefined;
  /** The distance between frames changes. */
  variableFrameRate: boolean;
  pixelFormat: string | undefined;
  /** The file says how its colours are meant, for example `bt709`. */
  colorSpace: string | undefined;
  /** For example `smpte2084`, where the file says it: how light becomes numbers (ITU-T H.273, table 3). */
  colorTransfer: string | undefined;
  colorPrimaries: string | undefined;
  /** Two pictures in one, line by line. */
  interlaced: boolean;
  /** Seconds, where the stream has a length of its own. */
  duration: number | undefined;
};

/** A stream among others of its kind. */
export type TrackInfo = {
  /** ffmpeg's number of the stream in the file: `0:<index>`. */
  index: number;
  codec: string;
  /** As the file has it, mostly ISO 639-2: `eng`. */
  language: string | undefined;
  title: string | undefined;
  isDefault: boolean;
};

export type SoundTrackInfo = TrackInfo & AudioInfo;

/** Seconds. */
export type ChapterInfo = { start: number; end: number; title: string | undefined };

export type AudioInfo = {
  codec: string;
  channels: number;
  /** Hz. */
  sampleRate: number;
  duration: number | undefined;
};

export type MediaInfo = {
  /** ffmpeg's name of the format, for example `mov,mp4,m4a,3gp,3g2,mj2`. */
  container: string;
  /** Seconds; undefined where the file does not tell (a recording that was cut off). */
  duration: number | undefined;
  title: string | undefined;
  /** Of the file. */
  bytes: number | undefined;
  video: VideoInfo | undefined;
  audio: AudioInfo | undefined;
  /** ffmpeg's number of the stream that `video` is. */
  videoIndex: number | undefined;
  soundTracks: SoundTrackInfo[];
  subtitles: TrackInfo[];
  /** Pictures that belong to the whole, such as a record's cover. */
  covers: { index: number; codec: string }[];
  chapters: ChapterInfo[];
  streamCount: number;
};

const numeric = z.coerce.number().optional().catch(undefined);

const streamSchema = z.object({
  index: z.number().default(0),
  codec_type: z.string().optional(),
  codec_name: z.string().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  pix_fmt: z.string().optional(),
  color_space: z.string().optional(),
  color_transfer: z.string().optional(),
  color_primaries: z.string().optional(),
  field_order: z.string().optional(),
  sample_aspect_ratio: z.string().optional(),
  r_frame_rate: z.string().optional(),
  avg_frame_rate: z.string().optional(),
  duration: numeric,
  channels: z.number().optional(),
  sample_rate: numeric,
  disposition: z
    .object({ attached_pic: z.number().optional(), default: z.number().optional() })
    .optional(),
  side_data_list: z.array(z.object({ rotation: z.number().optional() })).optional(),
  tags: z
    .object({ rotate: numeric, language: z.string().optional(), title: z.string().optional() })
    .optional(),
});
type Stream = z.infer<typeof streamSchema>;

/** What `ffprobe -show_format -show_streams -of json` prints, as far as it is used. */
export const probeSchema = z.object({
  streams: z.array(streamSchema).default([]),
  format: z.object({
    format_name: z.string(),
    duration: numeric,
    size: numeric,
    tags: z.record(z.string(), z.string()).optional(),
  }),
  chapters: z
    .array(
      z.object({
        start_time: z.coerce.number(),
        end_time: z.coerce.number(),
        tags: z.object({ title: z.string().optional() }).optional(),
      }),
    )
    .default([]),
});

/** ffprobe counts a display matrix's rotation counter-clockwise, an old `rotate` tag clockwise. */
function rotationOf(stream: Stream): number {
  const matrix = stream.side_data_list?.find((data) => data.rotation !== undefined)?.rotation;
  const clockwise = matrix === undefined ? (stream.tags?.rotate ?? 0) : -matrix;
  return (((Math.round(clockwise / 90) * 90) % 360) + 360) % 360;
}

/** Averages that differ from the base rate by more than 5 % mean that the distance changes. */
function hasVariableRate(stream: Stream): boolean {
  const base = parseRational(stream.r_frame_rate);
  const average = parseRational(stream.avg_frame_rate);
  if (!base || !average) return true;
  return Math.abs(toNumber(base) / toNumber(average) - 1) > 0.05;
}

function videoInfo(stream: Stream): VideoInfo | undefined {
  const { codec_name: codec, width, height } = stream;
  if (codec === undefined || !width || !height) return undefined;
  const sampleAspectRatio = parseRational(stream.sample_aspect_ratio) ?? { num: 1, den: 1 };
  const rotation = rotationOf(stream);
  const wide = Math.max(1, Math.round(width * toNumber(sampleAspectRatio)));
  const turned = rotation === 90 || rotation === 270;
  return {
    codec,
    width,
    height,
    displayWidth: turned ? height : wide,
    displayHeight: turned ? wide : height,
    rotation,
    sampleAspectRatio,
    framesPerSecond: parseRational(stream.avg_frame_rate) ?? parseRational(stream.r_frame_rate),
    variableFrameRate: hasVariableRate(stream),
    pixelFormat: stream.pix_fmt,
    colorSpace: known(stream.color_space),
    colorTransfer: known(stream.color_transfer),
    colorPrimaries: known(stream.color_primaries),
    interlaced: INTERLACED.has(stream.field_order ?? ''),
    duration: positive(stream.duration),
  };
}

/** ffprobe's names: top or bottom field first, as coded and as shown. */
const INTERLACED: ReadonlySet<string> = new Set(['tt', 'bb', 'tb', 'bt']);

const known = (name: string | undefined): string | undefined =>
  name === 'unknown' || name === 'reserved' ? undefined : name;

function audioInfo(stream: Stream): AudioInfo | undefined {
  const { codec_name: codec, channels, sample_rate: sampleRate } = stream;
  if (codec === undefined || !channels || !sampleRate) return undefined;
  return { codec, channels, sampleRate, duration: positive(stream.duration) };
}

const positive = (value: number | undefined): number | undefined =>
  value !== undefined && value > 0 ? value : undefined;

function trackInfo({ index, codec_name: codec, tags, disposition }: Stream): TrackInfo {
  return {
    ...{ index, codec: codec ?? 'unknown' },
    language: tags?.language === 'und' ? undefined : tags?.language,
    title: tags?.title,
    isDefault: disposition?.default === 1,
  };
}

function soundTrack(stream: Stream): SoundTrackInfo[] {
  const audio = audioInfo(stream);
  return audio ? [{ ...trackInfo(stream), ...audio }] : [];
}

const isCover = (stream: Stream): boolean => stream.disposition?.attached_pic === 1;

/** The first stream of each kind; a cover picture is not a video. */
export function toMediaInfo(probed: z.infer<typeof probeSchema>): MediaInfo {
  const { streams, format } = probed;
  const ofType = (type: string) => streams.filter((stream) => stream.codec_type === type);
  const video = ofType('video').find((stream) => !isCover(stream));
  const [audio] = ofType('audio');
  return {
    container: format.format_name,
    duration: positive(format.duration),
    title: format.tags?.title ?? format.tags?.TITLE,
    bytes: format.size,
    video: video && videoInfo(video),
    audio: audio && audioInfo(audio),
    videoIndex: video?.index,
    soundTracks: ofType('audio').flatMap(soundTrack),
    subtitles: ofType('subtitle').map(trackInfo),
    covers: ofType('video').filter(isCover).map(trackInfo),
    chapters: probed.chapters.map(({ start_time: start, end_time: end, tags }) => ({
      ...{ start, end, title: tags?.title },
    })),
    streamCount: streams.length,
  };
}

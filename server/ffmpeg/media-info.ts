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
  /** Seconds, where the stream has a length of its own. */
  duration: number | undefined;
};

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
  video: VideoInfo | undefined;
  audio: AudioInfo | undefined;
};

const numeric = z.coerce.number().optional().catch(undefined);

const streamSchema = z.object({
  codec_type: z.string().optional(),
  codec_name: z.string().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  pix_fmt: z.string().optional(),
  color_space: z.string().optional(),
  sample_aspect_ratio: z.string().optional(),
  r_frame_rate: z.string().optional(),
  avg_frame_rate: z.string().optional(),
  duration: numeric,
  channels: z.number().optional(),
  sample_rate: numeric,
  disposition: z.object({ attached_pic: z.number().optional() }).optional(),
  side_data_list: z.array(z.object({ rotation: z.number().optional() })).optional(),
  tags: z.object({ rotate: numeric }).optional(),
});
type Stream = z.infer<typeof streamSchema>;

/** What `ffprobe -show_format -show_streams -of json` prints, as far as it is used. */
export const probeSchema = z.object({
  streams: z.array(streamSchema).default([]),
  format: z.object({
    format_name: z.string(),
    duration: numeric,
    tags: z.record(z.string(), z.string()).optional(),
  }),
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
    colorSpace: stream.color_space === 'unknown' ? undefined : stream.color_space,
    duration: positive(stream.duration),
  };
}

function audioInfo(stream: Stream): AudioInfo | undefined {
  const { codec_name: codec, channels, sample_rate: sampleRate } = stream;
  if (codec === undefined || !channels || !sampleRate) return undefined;
  return { codec, channels, sampleRate, duration: positive(stream.duration) };
}

const positive = (value: number | undefined): number | undefined =>
  value !== undefined && value > 0 ? value : undefined;

/** The first stream of each kind; a cover picture is not a video. */
export function toMediaInfo({ streams, format }: z.infer<typeof probeSchema>): MediaInfo {
  const video = streams.find(
    (stream) => stream.codec_type === 'video' && stream.disposition?.attached_pic !== 1,
  );
  const audio = streams.find((stream) => stream.codec_type === 'audio');
  return {
    container: format.format_name,
    duration: positive(format.duration),
    title: format.tags?.title ?? format.tags?.TITLE,
    video: video && videoInfo(video),
    audio: audio && audioInfo(audio),
  };
}

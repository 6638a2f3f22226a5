import { inputArgs, words } from '../../ffmpeg/ffmpeg.ts';
import {
  AUDIO_BITRATE,
  AUDIO_FILE,
  fragmented,
  pictureGraph,
  rungFile,
  videoSettings,
} from '../renditions.ts';
import type { FilmPlan, VideoPlan } from './film-plan.ts';
import { loudnessFilter } from './loudness.ts';
import { WAVEFORM_RATE } from './waveform.ts';

export const AAC_FILE = 'audio-aac.mp4';
/** RGB, one tile after the other. */
export const TILES_FILE = 'tiles.rgb';
export const LOUDNESS_FILE = 'loudness.txt';

/** Bits a second. ffmpeg's own coder needs a few more than Opus. */
const AAC_BITRATE = 128_000;

/** Damaged pictures are shown as well as they can be; the rest of the file counts. */
const input = (file: string): string[] => [...words('-fflags +genpts'), ...inputArgs(file)];

/** All that is quickly made: the lowest rung, Opus, and what is measured of them. Names are relative. */
export function firstRunArgs(plan: FilmPlan, file: string): string[] {
  const { video, audio } = plan;
  const graphs = [...(video ? [withTiles(video)] : []), ...(audio ? [soundGraph(audio)] : [])];
  return [
    ...input(file),
    '-filter_complex',
    graphs.join(';'),
    ...(video ? [...rungArgs(plan, video, 0, '[out0]'), ...tileArgs(plan, video)] : []),
    ...(audio ? soundArgs(plan) : []),
  ];
}

/** Rungs by their numbers, low to high, and AAC where it is asked for; nothing else. */
export function otherRunArgs(
  plan: FilmPlan,
  file: string,
  { rungs, aac }: { rungs: readonly number[]; aac: boolean },
): string[] {
  const { audio } = plan;
  const video = rungs.length > 0 ? plan.video : undefined;
  const graphs = [
    ...(video ? [graphOf(video, rungs)] : []),
    ...(audio && aac ? [`${soundSource(audio)}[aac]`] : []),
  ];
  return [
    ...input(file),
    ...['-filter_complex', graphs.join(';')],
    ...(video ? rungs.flatMap((index) => rungArgs(plan, video, index, `[v${index}]`)) : []),
    ...(audio && aac ? aacArgs(plan) : []),
  ];
}

function graphOf(video: VideoPlan, indexes: readonly number[]): string {
  const { ladder, index: stream, ...rest } = video;
  const rungs = ladder.rungs
    .map(({ width, height }, index) => ({ index, width, height }))
    .filter(({ index }) => indexes.includes(index));
  return pictureGraph({ stream: `0:${stream}`, frameRate: ladder.frameRate, rungs, ...rest });
}

/** Tiles are made of the lowest rung's pictures, before they are coded. */
function withTiles(video: VideoPlan): string {
  const { intervalMs, width, height } = video.tiles;
  // Rounded up, a tile shows what is to be seen at its time, and not half an interval later.
  const rate = `fps=1000/${intervalMs}:start_time=0:round=up`;
  const tiles = `${rate},scale=${width}:${height}:flags=area,format=rgb24`;
  return `${graphOf(video, [0])};[v0]split=2[out0][t];[t]${tiles}[tiles]`;
}

function rungArgs(plan: FilmPlan, { ladder }: VideoPlan, index: number, from: string): string[] {
  const rung = ladder.rungs[index];
  if (!rung) return [];
  return [
    ...['-map', from, ...videoSettings(rung, 'veryfast')],
    ...limit(plan),
    ...fragmented('frag_keyframe'),
    rungFile(index),
  ];
}

const limit = ({ maxSeconds }: FilmPlan): string[] => ['-t', String(maxSeconds)];

function tileArgs(plan: FilmPlan, { tiles }: VideoPlan): string[] {
  const count = words(`-frames:v ${tiles.maxCount} -c:v rawvideo -f rawvideo`);
  return ['-map', '[tiles]', ...limit(plan), ...count, TILES_FILE];
}

/** Gaps in the source become silence, and sound that begins late begins with silence. */
function soundSource({ index, padToSeconds }: NonNullable<FilmPlan['audio']>): string {
  const pad = padToSeconds === undefined ? '' : `,apad=whole_dur=${padToSeconds.toFixed(3)}`;
  return `[0:${index}]aresample=48000:async=1:first_pts=0,aformat=channel_layouts=stereo${pad}`;
}

function soundGraph(audio: NonNullable<FilmPlan['audio']>): string {
  return [
    `${soundSource(audio)},asplit=3[opus][level][wave]`,
    `[level]${loudnessFilter(LOUDNESS_FILE)}[measured]`,
    `[wave]aresample=${WAVEFORM_RATE},aformat=sample_fmts=s16:channel_layouts=mono[peaks]`,
  ].join(';');
}

const SOUND_FILE = [
  '-map_metadata',
  '-1',
  '-frag_duration',
  '1000000',
  ...fragmented('delay_moov'),
];

function soundArgs(plan: FilmPlan): string[] {
  const cut = limit(plan);
  return [
    // As for what is on air: see renditions.ts.
    ...words(`-map [opus] -c:a libopus -b:a ${AUDIO_BITRATE} -vbr constrained`),
    ...words('-frame_duration 20 -application audio'),
    ...[...cut, ...SOUND_FILE, AUDIO_FILE],
    ...[...words('-map [measured]'), ...cut, ...words('-f null -')],
    ...[...words('-map [peaks]'), ...cut, ...words('-c:a pcm_s16le -f s16le pipe:1')],
  ];
}

/** ffmpeg's own coder takes four times what Opus takes, so it is not for what somebody waits for. */
function aacArgs(plan: FilmPlan): string[] {
  const coder = words(`-map [aac] -c:a aac -b:a ${AAC_BITRATE}`);
  return [...coder, ...limit(plan), ...SOUND_FILE, AAC_FILE];
}

import { join } from 'node:path';
import { SfumatoError } from '../../../signaling/contract/errors.ts';
import { AUDIO_FILE, rungFile } from '../renditions.ts';
import type { Ffmpeg } from '../../ffmpeg/ffmpeg.ts';
import { AAC_FILE, firstRunArgs, LOUDNESS_FILE, otherRunArgs, TILES_FILE } from './film-args.ts';
import { type FilmPlan, reducedPlans, type VideoPlan } from './film-plan.ts';
import { RUN_LIMITS, timeLimitMs } from './limits.ts';
import { readLoudness } from './loudness.ts';
import type { Made, MadeRung, MadeSound } from './made.ts';
import { makePreview } from './preview.ts';
import { createWaveformReader, type Waveform } from './waveform.ts';
import { keepData, keepFile, type Workbench } from './workbench.ts';

/** RFC 6381; what `videoSettings` makes: constrained baseline 3.1. */
const VIDEO_TYPE = 'video/mp4; codecs="avc1.42c01f"';
const OPUS_TYPE = 'audio/mp4; codecs="opus"';
const AAC_TYPE = 'audio/mp4; codecs="mp4a.40.2"';

/** What the first run is good for: there is something to watch, and it is known what a poster may show. */
export type FirstRun = Partial<Made> & {
  /** Of the picture that stands for the film, seconds. */
  posterTime?: number | undefined;
  /** What could be read. */
  hasPicture: boolean;
  hasSound: boolean;
};

/**
 * Makes the lowest rung, the sound as Opus, the preview strip, waveform and loudness.
 * @throws {SfumatoError} `unsupportedMedia` where neither picture nor sound can be read.
 */
export async function makeFirstRung(bench: Workbench, plan: FilmPlan): Promise<FirstRun> {
  let refused: unknown;
  for (const { plan: reduced, note } of reducedPlans(plan)) {
    try {
      const first = await runFirst(bench, reduced);
      return { ...first, notes: [...(first.notes ?? []), ...(note ? [note] : [])] };
    } catch (error) {
      if (!(error instanceof SfumatoError) || error.code !== 'unsupportedMedia') throw error;
      refused ??= error;
    }
  }
  throw damaged(refused);
}

const damaged = (cause: unknown): SfumatoError =>
  cause instanceof SfumatoError && !cause.message.startsWith('ff')
    ? cause
    : new SfumatoError('unsupportedMedia', 'It is damaged: nothing in it can be played.', {
        cause,
      });

async function runFirst(bench: Workbench, plan: FilmPlan): Promise<FirstRun> {
  const waveform = createWaveformReader();
  await run(bench, plan, firstRunArgs(plan, bench.original), (piece) => waveform.write(piece));
  const { video } = plan;
  const [rung, audio] = await Promise.all([
    video && describeRung(bench, video, 0),
    plan.audio && describeSound(bench, AUDIO_FILE, OPUS_TYPE),
  ]);
  if (!rung && !audio) throw damaged(undefined);
  // A file whose picture is there in name only is refused, and tried again as sound.
  if (video && !rung) throw damaged(undefined);
  const tiles = video && (await makePreview(bench, video.tiles, join(bench.folder, TILES_FILE)));
  const sound = audio && (await keepSound(bench, waveform.end(), audio));
  const rungFiles = rung ? [await keepRung(bench, rung)] : [];
  return {
    kind: rung ? 'video' : 'audio',
    watchable: true,
    hasPicture: rung !== undefined,
    hasSound: audio !== undefined,
    ...(rung && sizeOf(video)),
    posterTime: tiles?.posterTime,
    duration: rung?.duration ?? audio?.duration,
    ...(video && { framesPerSecond: video.ladder.frameRate }),
    rungs: rung ? [rung.made] : [],
    ...(audio && { audio }),
    preview: tiles?.preview,
    ...sound,
    files: [...rungFiles, ...(sound?.files ?? []), ...(tiles?.files ?? [])],
    notes: [
      ...(video?.notes ?? []),
      ...(plan.audio && !audio ? ['Its sound could not be read.'] : []),
    ],
  };
}

/** As it will be shown when everything is there. */
function sizeOf(video: VideoPlan | undefined): { width?: number; height?: number } {
  const { width, height } = video?.ladder.rungs.at(-1) ?? {};
  return { ...(width && { width }), ...(height && { height }) };
}

async function keepSound(
  bench: Workbench,
  { duration, peaks }: Waveform,
  audio: MadeSound,
): Promise<Pick<Made, 'files'> & Partial<Made>> {
  const loudness = await readLoudness(join(bench.folder, LOUDNESS_FILE));
  const text = JSON.stringify({ version: 1, duration, peaks });
  const files = [
    await keepSoundFile(bench, audio),
    await keepData(bench, 'waveform.json', text, { role: 'waveform', type: 'application/json' }),
  ];
  return { files, ...(loudness && { loudness }) };
}

function keepSoundFile(bench: Workbench, { file, type, bitrate }: MadeSound) {
  return keepFile(bench, file, { role: 'rendition', type, bitrate });
}

/** Makes the rungs above the lowest and the sound as AAC, all in one run. */
export async function makeOthers(
  bench: Workbench,
  plan: FilmPlan,
  { hasPicture, hasSound }: Pick<FirstRun, 'hasPicture' | 'hasSound'>,
): Promise<Partial<Made>> {
  const video = hasPicture ? plan.video : undefined;
  const indexes = (video?.ladder.rungs ?? []).map((_, index) => index).slice(1);
  if (indexes.length === 0 && !hasSound) return {};
  const wanted = { rungs: indexes, aac: hasSound };
  await run(bench, plan, otherRunArgs(plan, bench.original, wanted));
  const rungs = video ? await describeRungs(bench, video, indexes) : [];
  const aac = hasSound ? await describeSound(bench, AAC_FILE, AAC_TYPE) : undefined;
  const files = aac ? [await keepSoundFile(bench, aac)] : [];
  for (const rung of rungs) files.push(await keepRung(bench, rung));
  return { rungs: rungs.map(({ made }) => made), ...(aac && { aac }), files };
}

/** @throws {SfumatoError} where one is missing, though the lowest was made of the same pictures. */
async function describeRungs(bench: Workbench, video: VideoPlan, indexes: readonly number[]) {
  const found = await Promise.all(indexes.map((index) => describeRung(bench, video, index)));
  const rungs = found.filter((rung) => rung !== undefined);
  if (rungs.length < indexes.length) throw damaged(undefined);
  return rungs;
}

async function run(
  { ffmpeg, folder, signal, onProgress }: Workbench,
  plan: FilmPlan,
  args: string[],
  onOutput?: (piece: Buffer) => void,
): Promise<void> {
  await ffmpeg.run({
    ...{ args, folder, signal, onOutput, limits: RUN_LIMITS },
    durationSeconds: plan.duration,
    timeLimitMs: timeLimitMs(plan.maxSeconds),
    onProgress: ({ fraction }) => onProgress(fraction ?? 0),
  });
}

type DescribedRung = { made: MadeRung; duration: number };

async function describeRung(
  bench: Workbench,
  { ladder }: VideoPlan,
  index: number,
): Promise<DescribedRung | undefined> {
  const rung = ladder.rungs[index];
  const found = await describe(bench.ffmpeg, join(bench.folder, rungFile(index)), bench.signal);
  if (!rung || !found) return undefined;
  const { width, height, keyFrameInterval } = rung;
  const { bytes, bitrate, duration } = found;
  const file = rungFile(index);
  return {
    duration,
    made: { file, type: VIDEO_TYPE, bytes, width, height, bitrate, keyFrameInterval },
  };
}

async function describeSound(
  bench: Workbench,
  file: string,
  type: string,
): Promise<MadeSound | undefined> {
  const found = await describe(bench.ffmpeg, join(bench.folder, file), bench.signal);
  return found && { file, type, ...found };
}

/** Of what was really written; undefined where nothing was. */
async function describe(ffmpeg: Ffmpeg, path: string, signal: AbortSignal) {
  try {
    const { duration, bytes } = await ffmpeg.probe(path, signal);
    if (duration === undefined || bytes === undefined || bytes === 0) return undefined;
    return { bytes, duration, bitrate: Math.max(1, Math.round((bytes * 8) / duration)) };
  } catch (error) {
    if (error instanceof SfumatoError && error.code === 'unsupportedMedia') return undefined;
    throw error;
  }
}

function keepRung(bench: Workbench, { made }: DescribedRung) {
  const { type, width, height, bitrate } = made;
  return keepFile(bench, made.file, { role: 'rendition', type, width, height, bitrate });
}

import { type Ladder, planLadder } from '../ladder.ts';
import { chosenTrack, type FilmExamination } from './examine.ts';
import { outputSeconds } from './limits.ts';
import { type PictureTreatment, treatPicture } from './picture-treatment.ts';

/** What is made of a film or a sound. Pure numbers; both runs of ffmpeg follow the same. */
export type FilmPlan = {
  video: VideoPlan | undefined;
  /** ffmpeg's number of the sound's stream, and silence to add where the picture is longer. */
  audio: { index: number; padToSeconds: number | undefined } | undefined;
  duration: number | undefined;
  /** More than this is not made. */
  maxSeconds: number;
};

export type VideoPlan = PictureTreatment & {
  index: number;
  ladder: Ladder;
  extendSeconds: number;
  tiles: TilePlan;
};

/** Small pictures at equal distances, for the seek bar. */
export type TilePlan = { intervalMs: number; width: number; height: number; maxCount: number };

/** A difference in length that nobody notices, seconds. */
const NEGLIGIBLE_SECONDS = 0.1;

export function planFilm(examined: FilmExamination, filters: ReadonlySet<string>): FilmPlan {
  const { info, bytes } = examined;
  const track = chosenTrack(info);
  const video = examined.kind === 'video' ? examined.video : undefined;
  const pictureSeconds = video?.duration ?? 0;
  const soundSeconds = track?.duration ?? 0;
  // Where both lengths are known, the shorter one is filled up: a round has one length.
  const missing = pictureSeconds > 0 && soundSeconds > 0 ? soundSeconds - pictureSeconds : 0;
  const maxSeconds = outputSeconds(info.duration, bytes);
  const extendSeconds = missing > NEGLIGIBLE_SECONDS ? Math.min(missing, maxSeconds) : 0;
  return {
    video:
      examined.kind === 'video'
        ? {
            ...treatPicture(examined.video, filters),
            index: examined.videoIndex,
            ladder: planLadder(examined.video),
            extendSeconds,
            tiles: planTiles(examined.video, info.duration),
          }
        : undefined,
    audio: track && {
      index: track.index,
      padToSeconds: missing < -NEGLIGIBLE_SECONDS ? pictureSeconds : undefined,
    },
    duration: info.duration,
    maxSeconds,
  };
}

const TILE_SIDE = 160;
const TILES = 200;
const SHORTEST_INTERVAL_MS = 500;
const UNKNOWN_INTERVAL_MS = 10_000;

/** Two hundred tiles or fewer. Where the length is not known there may be more, up to twice as many. */
export function planTiles(
  size: { displayWidth: number; displayHeight: number },
  duration: number | undefined,
): TilePlan {
  const scale = TILE_SIDE / Math.max(size.displayWidth, size.displayHeight);
  const even = (side: number) => Math.max(2, Math.round((side * scale) / 2) * 2);
  const intervalMs =
    duration === undefined
      ? UNKNOWN_INTERVAL_MS
      : Math.max(SHORTEST_INTERVAL_MS, Math.ceil((duration * 1000) / TILES));
  return {
    ...{ intervalMs, width: even(size.displayWidth), height: even(size.displayHeight) },
    maxCount: TILES * 2,
  };
}

/** The same without its sound, or without its picture: for files of which only one can be read. */
export function reducedPlans(plan: FilmPlan): { plan: FilmPlan; note: string | undefined }[] {
  const plans: { plan: FilmPlan; note: string | undefined }[] = [{ plan, note: undefined }];
  if (!plan.video || !plan.audio) return plans;
  return [
    ...plans,
    { plan: { ...plan, audio: undefined }, note: 'Its sound could not be read.' },
    { plan: { ...plan, video: undefined }, note: 'Its picture could not be read.' },
  ];
}

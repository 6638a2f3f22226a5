import { lastAtOrBefore } from './rising-times.ts';
import type { SessionOrder } from './session-pump.ts';
import {
  bytesOf,
  chunkOf,
  isKeyFrame,
  type Place,
  positionOf,
  type StoredTrack,
  TIME_TOLERANCE,
} from './stored-track.ts';

/** What an order means in the files. */
export type SessionPlan = {
  rendition: number;
  /** From the key frame up to the wanted picture, without it: its decoding needs them. */
  preRoll: readonly Place[];
  wanted: Place;
  /** Of the wanted picture, seconds. */
  position: number;
  /** There is no picture after it. */
  isLast: boolean;
};

/**
 * Finds the wanted picture, and the Rendition whose way to it is short enough.
 * @throws {Error} when a file cannot be read, or has no pictures.
 */
export async function planOrder(
  tracks: readonly StoredTrack[],
  order: Pick<SessionOrder, 'at' | 'frames' | 'rendition' | 'burstBytes' | 'burstPixels'>,
): Promise<SessionPlan> {
  let rendition = Math.min(Math.max(0, order.rendition), tracks.length - 1);
  let plan = await planIn(trackOf(tracks, rendition), order.at, order.frames ?? 0);
  const { position } = plan;
  while (rendition > 0 && isTooLong(plan.preRoll, trackOf(tracks, rendition), order)) {
    rendition -= 1;
    plan = await planIn(trackOf(tracks, rendition), position, 0);
  }
  return { ...plan, rendition };
}

/** Is there more to send before a picture than the link carries quickly, or more to decode than is quickly done? */
function isTooLong(
  preRoll: readonly Place[],
  { pixels }: StoredTrack,
  {
    burstBytes,
    burstPixels = Number.POSITIVE_INFINITY,
  }: Pick<SessionOrder, 'burstBytes' | 'burstPixels'>,
): boolean {
  return preRoll.length * pixels > burstPixels || sumOfBytes(preRoll) > burstBytes;
}

export function trackOf(tracks: readonly StoredTrack[], rendition: number): StoredTrack {
  const track = tracks[rendition];
  if (!track) throw new Error(`There is no Rendition ${rendition}.`);
  return track;
}

const sumOfBytes = (places: readonly Place[]): number =>
  places.reduce((sum, place) => sum + bytesOf(place), 0);

async function planIn(
  track: StoredTrack,
  at: number,
  frames: number,
): Promise<Omit<SessionPlan, 'rendition'>> {
  const shown = await pictureAt(track, at);
  const wanted = frames === 0 ? shown : await pictureFrom(track, shown, frames);
  return {
    wanted,
    position: positionOf(track, wanted),
    preRoll: await preRollOf(track, wanted),
    isLast: !(await nextOf(track, wanted)),
  };
}

/** The picture that is shown at a time: the last one that is not later, or the first. */
async function pictureAt(track: StoredTrack, at: number): Promise<Place> {
  const seconds = at + track.origin + TIME_TOLERANCE;
  for (let index = chunkOf(track, at); index >= 0; index -= 1) {
    const chunk = await track.load(index);
    const frame = lastAtOrBefore(chunk.times, seconds);
    if (frame >= 0) return { index, frame, chunk };
  }
  return firstPicture(track);
}

async function firstPicture(track: StoredTrack): Promise<Place> {
  for (let index = 0; index <= track.lastChunk; index += 1) {
    const chunk = await track.load(index);
    if (chunk.times.length > 0) return { index, frame: 0, chunk };
  }
  throw new Error('There are no pictures.');
}

/** So many pictures on from there, or back; the first or last one where there are not as many. */
async function pictureFrom(track: StoredTrack, from: Place, frames: number): Promise<Place> {
  const step = frames < 0 ? previousOf : nextOf;
  let place = from;
  for (let left = Math.abs(frames); left > 0; left -= 1) {
    const next = await step(track, place);
    if (!next) break;
    place = next;
  }
  return place;
}

async function previousOf(track: StoredTrack, place: Place): Promise<Place | undefined> {
  if (place.frame > 0) return { ...place, frame: place.frame - 1 };
  for (let index = place.index - 1; index >= 0; index -= 1) {
    const chunk = await track.load(index);
    if (chunk.times.length > 0) return { index, frame: chunk.times.length - 1, chunk };
  }
  return undefined;
}

async function nextOf(track: StoredTrack, place: Place): Promise<Place | undefined> {
  if (place.frame + 1 < place.chunk.times.length) return { ...place, frame: place.frame + 1 };
  for (let index = place.index + 1; index <= track.lastChunk; index += 1) {
    const chunk = await track.load(index);
    if (chunk.times.length > 0) return { index, frame: 0, chunk };
  }
  return undefined;
}

/** The pictures from the key frame on; from the first one where a file does not begin with one. */
async function preRollOf(track: StoredTrack, wanted: Place): Promise<Place[]> {
  const places: Place[] = [];
  let place = wanted;
  while (!isKeyFrame(place)) {
    const previous = await previousOf(track, place);
    if (!previous) break;
    places.push(previous);
    place = previous;
  }
  return places.toReversed();
}

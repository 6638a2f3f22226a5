/** One upload of the probe. */
export type Upload = {
  bytes: number;
  tookMs: number;
  /** Was it answered, or given up? */
  complete: boolean;
};

/** The whole probe ends after this, whatever it knows. */
export const PROBE_MS = 3_000;
/** No further upload begins after this. */
const BEGIN_MS = 1_800;
/** One that took as long says enough: the link was full, and no longer starting. */
const TELLING_MS = 450;
/** What the next one should take, so that it tells and still ends in time. */
const AIM_MS = 600;
const FIRST_BYTES = 64 * 1024;
/** As many as the server takes at once. */
const MOST_BYTES = 2 * 1024 * 1024;
/** TCP takes a while to find a link's speed: each upload is so many times the one before at most. */
const GROWTH = 4;
/** More than any plan of Layers asks for: it need not be known better, bits a second. */
export const PLENTY = 20_000_000;

/**
 * How many bytes to send next; null where enough is known or there is no time for more. The first has
 * none: it opens the connection, and tells how long an answer takes.
 */
export function nextUpload(done: readonly Upload[], elapsedMs: number): number | null {
  const last = done.at(-1);
  if (last === undefined) return 0;
  if (!last.complete || elapsedMs > BEGIN_MS) return null;
  if (done.length === 1) return FIRST_BYTES;
  if (last.tookMs >= TELLING_MS || last.bytes >= MOST_BYTES) return null;
  const aim = (bitrateOf(last, done) * AIM_MS) / 8_000;
  return Math.round(Math.min(MOST_BYTES, last.bytes * GROWTH, Math.max(last.bytes, aim)));
}

/** What the link carries, bits a second, by the last upload, which was the largest; null: not known. */
export function linkBitrate(done: readonly Upload[]): number | null {
  const sizeable = done.filter(({ bytes }) => bytes > 0);
  // One that was given up says only that the link is slower than that.
  const telling = sizeable.findLast(({ complete }) => complete) ?? sizeable.at(-1);
  return telling === undefined ? null : Math.min(PLENTY, bitrateOf(telling, done));
}

/** Without the time that an answer takes anyway. */
function bitrateOf({ bytes, tookMs }: Upload, done: readonly Upload[]): number {
  const answerMs = Math.min(...done.filter((one) => one.bytes === 0).map((one) => one.tookMs));
  const sendingMs = Math.max(1, tookMs - (Number.isFinite(answerMs) ? answerMs : 0));
  return (bytes * 8_000) / sendingMs;
}

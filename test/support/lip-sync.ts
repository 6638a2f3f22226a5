import type { Page } from 'playwright-core';
import { readBlockCode } from '../../server/library/demo/block-code.ts';

/** What the page presented in a while, on its own clock (milliseconds): to be compared by `skewOf`. */
export type Presented = {
  /** Pictures with their numbers, and when they are to be seen (`expectedDisplayTime`). */
  pictures: { atMs: number; number: number; height: number }[];
  /** When a beep began in the sound as it was handed to the output. */
  beepsMs: number[];
  /** How long the sound then takes until it is to be heard, by `getStats()` (`media-playout`); null: it is not told. */
  outputDelayMs: number | null;
  /** The longest time without any sound between two samples that are no beep, for films with a tone. */
  longestSilenceMs: number;
};

export type Listening = {
  forMs: number;
  /** Samples louder than this are sound, 0 to 1. */
  threshold: number;
};

type PeerWindow = Window & { testPeers?: RTCPeerConnection[] };

/**
 * Runs in the page. Pictures are read as they are presented. Sound is taken from the track that the `<video>` plays, at
 * the moment at which its output fetches it: every piece of 10 ms is stamped with that (`AudioData.timestamp`, which
 * for a remote track is Chromium's clock at the fetching). Outputs fetch in bursts, but play without a gap: so the
 * pieces' times are laid on a straight line.
 */
async function present(
  read: typeof readBlockCode,
  { forMs, threshold }: Listening,
): Promise<Presented> {
  const page: PeerWindow = window;
  const video = window.sfumato?.media?.nativeEl;
  const track =
    video?.srcObject instanceof MediaStream ? video.srcObject.getAudioTracks()[0] : undefined;
  if (video === undefined || track === undefined) throw new Error('the page plays no stream');

  const playout = async () => {
    const report = await page.testPeers?.at(-1)?.getStats();
    for (const entry of report?.values() ?? []) {
      if (entry.type === 'media-playout') {
        const delay: unknown = entry.totalPlayoutDelay;
        const count: unknown = entry.totalSamplesCount;
        if (typeof delay === 'number' && typeof count === 'number') return { delay, count };
      }
    }
    return null;
  };

  const pictures: Presented['pictures'] = [];
  const small = new OffscreenCanvas(256, 144);
  const context = small.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('no canvas');
  let over = false;
  const note = (_now: number, { expectedDisplayTime, height }: VideoFrameCallbackMetadata) => {
    context.drawImage(video, 0, 0, small.width, small.height);
    const { data } = context.getImageData(0, 0, small.width, small.height);
    const number = read(data, small.width, small.height);
    if (number !== null) pictures.push({ atMs: expectedDisplayTime, number, height });
    if (!over) video.requestVideoFrameCallback(note);
  };
  video.requestVideoFrameCallback(note);

  const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
  const before = await playout();
  /** Of each piece: its place in the sound, seconds; the fetching, seconds of Chromium's clock. */
  const pieces: { at: number; fetched: number }[] = [];
  const onsets: number[] = [];
  /** From Chromium's clock to the page's: what was fetched just now was fetched just now. */
  let offsetMs = Number.POSITIVE_INFINITY;
  let played = 0;
  let lastLoud = Number.NEGATIVE_INFINITY;
  let longestSilence = 0;
  const endMs = performance.now() + forMs;
  while (performance.now() < endMs) {
    const { value: data } = await reader.read();
    if (data === undefined) break;
    offsetMs = Math.min(offsetMs, performance.now() - data.timestamp / 1000);
    const samples = new Float32Array(data.numberOfFrames);
    data.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
    const { sampleRate, timestamp } = data;
    data.close();
    pieces.push({ at: played, fetched: timestamp / 1e6 });
    for (const [index, sample] of samples.entries()) {
      if (Math.abs(sample) < threshold) continue;
      const at = played + index / sampleRate;
      // A new beep: the last one is over for longer than between two waves of it.
      if (at - lastLoud > 0.3) onsets.push(at);
      if (lastLoud > 0) longestSilence = Math.max(longestSilence, at - lastLoud);
      lastLoud = at;
    }
    played += samples.length / sampleRate;
  }
  over = true;
  await reader.cancel();
  const after = await playout();

  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const start = mean(pieces.map(({ at, fetched }) => fetched - at));
  const delay = before === null || after === null ? null : after.delay - before.delay;
  const count = before === null || after === null ? 0 : after.count - before.count;
  return {
    pictures,
    beepsMs: onsets.map((at) => (start + at) * 1000 + offsetMs),
    outputDelayMs: delay === null || count <= 0 ? null : (delay / count) * 1000,
    longestSilenceMs: longestSilence * 1000,
  };
}

/** What the page's player presents for a while, at normal speed. */
export async function presented(page: Page, listening: Listening): Promise<Presented> {
  const call = `(${present.toString()})(${readBlockCode.toString()}, ${JSON.stringify(listening)})`;
  return await page.evaluate(call);
}

/** Pictures further from a beep than this say nothing of it, milliseconds. */
const NEAR_MS = 400;

/**
 * How much later the picture is to be seen than its sound is to be heard, milliseconds, for each beep. A beep begins with
 * a picture whose number is a multiple of the rate; which one says the nearest. Every picture near it tells when that one
 * was due, and their median is taken: one alone is up to a frame of the screen late.
 */
export function skewsOf(
  { pictures, beepsMs, outputDelayMs }: Presented,
  framesPerSecond: number,
): number[] {
  const frameMs = 1000 / framesPerSecond;
  return beepsMs.flatMap((fetchedMs) => {
    const heardMs = fetchedMs + (outputDelayMs ?? 0);
    const near = pictures.filter(({ atMs }) => Math.abs(atMs - heardMs) < NEAR_MS);
    const skews = near.map(({ atMs, number }) => {
      const into = ((number % framesPerSecond) + framesPerSecond) % framesPerSecond;
      const signed = into > framesPerSecond / 2 ? into - framesPerSecond : into;
      const late = atMs - signed * frameMs - heardMs;
      return late - Math.round(late / 1000) * 1000;
    });
    return skews.length < 3 ? [] : [medianOf(skews)];
  });
}

export function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

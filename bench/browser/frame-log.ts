import type { readBlockCode } from '../../server/library/demo/block-code.ts';
import type { BenchWindow } from './bare-page.ts';

export type FrameReading = {
  /** The number in the picture; null where it could not be read. */
  value: number | null;
  /** When it was or will be visible, milliseconds since the Unix epoch. */
  displayMs: number;
  height: number;
};

/** Runs in the page: notes the number of every frame that is presented for a while. */
export async function logFrames(
  read: typeof readBlockCode,
  forMs: number,
): Promise<FrameReading[]> {
  const page: BenchWindow = window;
  const video = page.benchVideo;
  // The code survives 180p, and a small picture is read quickly: reading must not make it late.
  const canvas = new OffscreenCanvas(320, 180);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (video === undefined || context === null) throw new Error('no video');
  const readings: FrameReading[] = [];
  const endMs = performance.now() + forMs;
  while (performance.now() < endMs) {
    const { expectedDisplayTime, height } = await new Promise<VideoFrameCallbackMetadata>(
      (resolve) => {
        video.requestVideoFrameCallback((_nowMs, metadata) => resolve(metadata));
      },
    );
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    readings.push({
      value: read(data, canvas.width, canvas.height),
      displayMs: performance.timeOrigin + expectedDisplayTime,
      height,
    });
  }
  return readings;
}

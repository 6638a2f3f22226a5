import * as z from 'zod';

/** `waveform.json`: the loudest of each piece of the whole, 0 to 100. */
export const waveformSchema = z.object({
  version: z.literal(1),
  duration: z.number(),
  peaks: z.array(z.number().min(0).max(100)),
});

/** What can still be seen of silence. */
const LEAST = 3;

/** As many bars as there is room for, each as high as the loudest peak in it. @returns 0 to 100 each */
export function barsOf(peaks: readonly number[], count: number): number[] {
  const bars = Math.max(1, Math.min(count, peaks.length || count));
  const loudest = Math.max(1, ...peaks);
  return Array.from({ length: bars }, (_, index) => {
    const from = Math.floor((index * peaks.length) / bars);
    const to = Math.max(from + 1, Math.floor(((index + 1) * peaks.length) / bars));
    const peak = Math.max(0, ...peaks.slice(from, to));
    return Math.max(LEAST, (peak * 100) / loudest);
  });
}

/** The bars as the `d` of an SVG path, 10 units wide each in 100 units of height, around the middle. */
export function waveformPath(bars: readonly number[]): string {
  return bars
    .map((bar, index) => `M${index * 10 + 5} ${round(50 - bar / 2)}v${round(bar)}`)
    .join('');
}

/** Where a key of a slider leads (WAI-ARIA, slider pattern), seconds; null for other keys. */
export function sliderTarget(key: string, now: number, duration: number): number | null {
  const steps: Record<string, number> = {
    ArrowLeft: now - 5,
    ArrowDown: now - 5,
    ArrowRight: now + 5,
    ArrowUp: now + 5,
    PageDown: now - duration / 10,
    PageUp: now + duration / 10,
    Home: 0,
    End: duration,
  };
  const target = steps[key];
  return target === undefined ? null : Math.min(duration, Math.max(0, target));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

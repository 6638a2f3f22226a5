/** Silence for the meter: quieter than a quiet room, decibels below the loudest there is. */
const FLOOR_DB = -60;

/** How loud the samples (-1 to 1) are: 0 silence, 1 as loud as it can be; even steps of decibels between. */
export function levelOf(samples: ArrayLike<number>): number {
  if (samples.length === 0) return 0;
  let sum = 0;
  for (let index = 0; index < samples.length; index += 1) sum += (samples[index] ?? 0) ** 2;
  const decibels = 10 * Math.log10(sum / samples.length);
  return Math.min(1, Math.max(0, 1 - decibels / FLOOR_DB));
}

/** Up at once, down slowly, as people read a meter. @param elapsedMs since the last look */
export function smoothed(before: number, now: number, elapsedMs: number): number {
  const fallen = before - elapsedMs / 1_500;
  return Math.max(now, fallen, 0);
}

export type LevelWords = 'silent' | 'quiet' | 'good' | 'too loud';

export function levelWords(level: number): LevelWords {
  if (level < 0.05) return 'silent';
  if (level < 0.4) return 'quiet';
  return level > 0.95 ? 'too loud' : 'good';
}

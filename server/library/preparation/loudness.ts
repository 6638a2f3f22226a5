import { open } from 'node:fs/promises';
import { z } from 'zod';

/** EBU R 128. */
export const loudnessSchema = z.object({
  /** Of the whole, LUFS. */
  integrated: z.number(),
  /** The highest between the samples too, dBTP. */
  truePeak: z.number().optional(),
});
export type Loudness = z.infer<typeof loudnessSchema>;

/** Measures what goes through, and writes it to this file of ffmpeg's folder, a line each tenth of a second. */
export const loudnessFilter = (file: string): string =>
  `ebur128=metadata=1:peak=true:framelog=verbose,ametadata=mode=print:file=${file}`;

/** What the lines came to in the end; undefined where there was nothing to hear. */
export async function readLoudness(path: string): Promise<Loudness | undefined> {
  return parseLoudness(await readTail(path));
}

/** Below this nothing was heard: the filter's own floor. LUFS. */
const SILENCE = -69.9;

export function parseLoudness(text: string): Loudness | undefined {
  const last = (key: string) => {
    const values = [...text.matchAll(new RegExp(`^lavfi\\.r128\\.${key}=(.+)$`, 'gm'))];
    return values.at(-1)?.[1];
  };
  const integrated = Number(last('I') ?? Number.NaN);
  if (!Number.isFinite(integrated) || integrated <= SILENCE) return undefined;
  const peaks = ['true_peaks_ch0', 'true_peaks_ch1'].map((key) => Number(last(key) ?? 0));
  const peak = Math.max(...peaks);
  const truePeak = peak > 0 ? Math.round(200 * Math.log10(peak)) / 10 : undefined;
  return { integrated, ...(truePeak !== undefined && { truePeak }) };
}

const TAIL_BYTES = 4096;

async function readTail(path: string): Promise<string> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, TAIL_BYTES);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

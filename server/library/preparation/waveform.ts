/** Points of a waveform: more than a screen has columns for a player. */
const MAX_POINTS = 1800;

/** Of the sound that is handed in: one channel, 16 bits, little-endian. */
export const WAVEFORM_RATE = 8000;

/** Samples that one window's peak is of: 20 ms. */
const WINDOW = 160;

/** Of a day. What comes after is not drawn. */
const MAX_WINDOWS = 50 * 86_400;

export type Waveform = {
  /** Seconds. */
  duration: number;
  /** The largest deflection in each of as many equal parts, 0 to 100. */
  peaks: number[];
};

/** Reads sound in pieces of any size, keeps only peaks. */
export function createWaveformReader(): { write(piece: Buffer): void; end(): Waveform } {
  const windows: number[] = [];
  let samples = 0;
  let peak = 0;
  let odd: number | undefined;
  return {
    write(piece) {
      const bytes = odd === undefined ? piece : Buffer.concat([Buffer.of(odd), piece]);
      const end = bytes.length - (bytes.length % 2);
      for (let at = 0; at < end; at += 2) {
        const sample = bytes.readInt16LE(at);
        const deflection = sample < 0 ? -sample : sample;
        if (deflection > peak) peak = deflection;
        samples += 1;
        if (samples % WINDOW > 0) continue;
        if (windows.length < MAX_WINDOWS) windows.push(peak);
        peak = 0;
      }
      odd = bytes[end];
    },
    end() {
      if (samples % WINDOW > 0) windows.push(peak);
      return { duration: samples / WAVEFORM_RATE, peaks: reduce(windows) };
    },
  };
}

function reduce(windows: readonly number[]): number[] {
  const points = Math.min(MAX_POINTS, windows.length);
  return Array.from({ length: points }, (_, point) => {
    const from = Math.floor((point * windows.length) / points);
    const to = Math.floor(((point + 1) * windows.length) / points);
    let peak = 0;
    for (let at = from; at < to; at += 1) peak = Math.max(peak, windows[at] ?? 0);
    return Math.round((Math.min(32_767, peak) / 32_767) * 100);
  });
}

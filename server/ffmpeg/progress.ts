export type Progress = {
  /** Seconds of the output that are done. */
  seconds: number;
  /** 0 to 1, where the length is known. */
  fraction: number | undefined;
  /** Times real time. */
  speed: number | undefined;
};

/**
 * Reads what ffmpeg's `-progress` writes: `key=value` lines in blocks that end with `progress=`.
 * Gives the feeding function; text may be cut anywhere.
 */
export function createProgressReader(
  durationSeconds: number | undefined,
  onProgress: (progress: Progress) => void,
): (text: string) => void {
  let rest = '';
  const block = new Map<string, string>();
  return (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const equals = line.indexOf('=');
      block.set(line.slice(0, equals), line.slice(equals + 1).trim());
      if (line.startsWith('progress=')) onProgress(readBlock(block, durationSeconds));
    }
  };
}

function readBlock(block: Map<string, string>, durationSeconds: number | undefined): Progress {
  // out_time_us is N/A or hugely negative before the first packet.
  const seconds = Math.max(0, (Number(block.get('out_time_us')) || 0) / 1e6);
  const speed = Number.parseFloat(block.get('speed') ?? '');
  return {
    seconds,
    fraction: durationSeconds ? Math.min(1, seconds / durationSeconds) : undefined,
    speed: Number.isFinite(speed) ? speed : undefined,
  };
}

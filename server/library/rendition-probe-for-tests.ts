import { type Ffmpeg, inputArgs, words } from '../ffmpeg/ffmpeg.ts';
import { type MediaKind, openMediaReader } from '../rtp/media-reader.ts';

/** What a Rendition holds, frame by frame in decoding order, as the Pump reads it. */
export async function describeRendition(file: string, kind: MediaKind) {
  const reader = await openMediaReader(file, kind);
  try {
    const frames: { seconds: number; duration: number; isKey: boolean }[] = [];
    let profile = '';
    for (let chunk = 0; chunk <= reader.endTime; chunk += 1) {
      const { times, durations, keyFrames, payloads } = await reader.readChunk(chunk);
      // A key frame's first payload is a STAP-A: type, length, then the SPS with its NAL header.
      profile ||= Buffer.from(payloads[0]?.subarray(4, 7) ?? []).toString('hex');
      for (const [index, seconds] of times.entries()) {
        const isKey = keyFrames[index] === 1;
        frames.push({ seconds, duration: durations[index] ?? 0, isKey });
      }
    }
    return {
      /** profile_idc, constraint flags and level_idc (H.264 section 7.3.2.1.1). */
      profile,
      frames,
      keyFrames: frames.flatMap(({ isKey }, index) => (isKey ? [index] : [])),
    };
  } finally {
    reader.close();
  }
}

/** Decodes a file and hands over each picture as RGBA. The array is used again. */
export async function decodeFrames(
  ffmpeg: Ffmpeg,
  file: string,
  { width, height }: { width: number; height: number },
  onFrame: (rgba: Uint8Array) => void,
): Promise<void> {
  const frame = Buffer.alloc(width * height * 4);
  let filled = 0;
  await ffmpeg.run({
    args: [...inputArgs(file), ...words('-map 0:v:0 -pix_fmt rgba -f rawvideo pipe:1')],
    onOutput: (piece) => {
      for (let offset = 0; offset < piece.length; ) {
        const taken = piece.copy(frame, filled, offset, offset + frame.length - filled);
        offset += taken;
        filled += taken;
        if (filled < frame.length) continue;
        onFrame(frame);
        filled = 0;
      }
    },
  });
}

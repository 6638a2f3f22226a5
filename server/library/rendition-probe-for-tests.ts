import { ALL_FORMATS, EncodedPacketSink, FilePathSource, Input } from 'mediabunny';
import { type Ffmpeg, inputArgs, words } from '../ffmpeg/ffmpeg.ts';

/** What a Rendition's file says of itself, packet by packet. */
export async function describeRendition(file: string) {
  const input = new Input({ source: new FilePathSource(file), formats: ALL_FORMATS });
  try {
    const track = (await input.getPrimaryVideoTrack()) ?? (await input.getPrimaryAudioTrack());
    if (!track) throw new Error(`${file} has no track`);
    const config = await track.getDecoderConfig();
    const description = config?.description;
    const avcC = ArrayBuffer.isView(description)
      ? new Uint8Array(description.buffer, description.byteOffset, description.byteLength)
      : new Uint8Array(0);
    const packets: { seconds: number; duration: number; isKey: boolean }[] = [];
    for await (const packet of new EncodedPacketSink(track).packets()) {
      packets.push({
        seconds: packet.timestamp,
        duration: packet.duration,
        isKey: packet.type === 'key',
      });
    }
    return {
      codec: config?.codec,
      /** profile_idc, constraint flags and level_idc of the sequence parameter set. */
      profile: Buffer.from(avcC.subarray(1, 4)).toString('hex'),
      packets,
      keyFrames: packets.flatMap(({ isKey }, index) => (isKey ? [index] : [])),
    };
  } finally {
    input.dispose();
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

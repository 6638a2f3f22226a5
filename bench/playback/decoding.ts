import { EncodedPacketSink, FilePathSource, Input, MP4 } from 'mediabunny';
import type { Page } from 'playwright-core';

/** What a decoder is given for one picture: from the key frame before it up to it. */
export type Way = {
  codec: string;
  /** The avcC of the file, base64. */
  description: string;
  pictures: { key: boolean; data: string }[];
};

/** Reads the ways to pictures from a Rendition. */
export class Ways {
  readonly #input: Input;

  constructor(file: string) {
    this.#input = new Input({ source: new FilePathSource(file), formats: [MP4] });
  }

  /** @param number of the picture, counted from 0 */
  async to(number: number, framesPerSecond: number): Promise<Way> {
    const track = await this.#input.getPrimaryVideoTrack();
    const config = await track?.getDecoderConfig();
    if (!track || !config?.description) throw new Error('the Rendition has no picture');
    const sink = new EncodedPacketSink(track);
    const first = await sink.getFirstPacket();
    const at = (first?.timestamp ?? 0) + (number + 0.5) / framesPerSecond;
    const wanted = await sink.getPacket(at, { metadataOnly: true });
    if (wanted === null) throw new Error(`the Rendition has no picture ${number}`);
    let packet = await sink.getKeyPacket(at, { verifyKeyPackets: true });
    const pictures: Way['pictures'] = [];
    while (packet !== null && packet.timestamp <= wanted.timestamp) {
      pictures.push({ key: packet.type === 'key', data: base64(packet.data) });
      packet = await sink.getNextPacket(packet);
    }
    return { codec: config.codec, description: base64(bytesOf(config.description)), pictures };
  }

  close(): void {
    this.#input.dispose();
  }
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

function bytesOf(source: AllowSharedBufferSource): Uint8Array {
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
}

/** @returns how long the browser takes to decode up to the wanted picture, milliseconds: WebCodecs, nothing else */
export async function decodingTime(page: Page, way: Way): Promise<number> {
  return await page.evaluate(decode, way);
}

/** Runs in the page. */
async function decode({ codec, description, pictures }: Way): Promise<number> {
  const bytes = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const chunks = pictures.map(
    ({ key, data }, index) =>
      new EncodedVideoChunk({ type: key ? 'key' : 'delta', timestamp: index, data: bytes(data) }),
  );
  const last = Promise.withResolvers<number>();
  const decoder = new VideoDecoder({
    output: (frame) => {
      if (frame.timestamp === chunks.length - 1) last.resolve(performance.now());
      frame.close();
    },
    error: (error) => last.reject(error),
  });
  decoder.configure({ codec, description: bytes(description), optimizeForLatency: true });
  // The decoder is there when the first of all pictures is out; a Session's is, too.
  await decoder.flush();
  const startMs = performance.now();
  for (const chunk of chunks) decoder.decode(chunk);
  const flushed = decoder.flush();
  const endMs = await last.promise;
  await flushed;
  decoder.close();
  return endMs - startMs;
}

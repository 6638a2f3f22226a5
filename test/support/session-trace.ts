import { createHash } from 'node:crypto';
import { type MediaReader, openMediaReader } from '../../server/rtp/media-reader.ts';
import type { Received, RtpReceiver } from './rtp-receiver.ts';
import type { ParsedRtpPacket } from '../../server/rtp/rtp-packet.ts';

/** A picture as it came: which one it is says its content. */
export type TracedPicture = {
  timestamp: number;
  /** Undefined where it is none of the files', or not all of it came. */
  rendition: number | undefined;
  number: number | undefined;
  /** When its last packet came, milliseconds of the monotonic clock. */
  atMs: number;
};

type Known = { rendition: number; number: number };

const hashOf = (payloads: readonly Uint8Array[]): string => {
  const hash = createHash('sha1');
  for (const payload of payloads) hash.update(payload);
  return hash.digest('base64');
};

/** Every picture of some Renditions by its payloads, so that what arrives is known without decoding it. */
export class KnownPictures {
  readonly #pictures: ReadonlyMap<string, Known>;

  static async of(files: readonly string[]): Promise<KnownPictures> {
    const pictures = new Map<string, Known>();
    for (const [rendition, file] of files.entries()) {
      const reader = await openMediaReader(file, 'video');
      for (const [number, hash] of (await hashesOf(reader)).entries())
        pictures.set(hash, { rendition, number });
      reader.close();
    }
    return new KnownPictures(pictures);
  }

  private constructor(pictures: ReadonlyMap<string, Known>) {
    this.#pictures = pictures;
  }

  /** @param from number of the first packet to look at, of those of this SSRC */
  trace(receiver: RtpReceiver, ssrc: number, from = 0): TracedPicture[] {
    return grouped(receiver.of(ssrc).slice(from)).map((packets) => {
      const known = this.#pictures.get(hashOf(packets.map(({ payload }) => payload)));
      return {
        timestamp: packets[0]?.timestamp ?? 0,
        rendition: known?.rendition,
        number: known?.number,
        atMs: packets.at(-1)?.atMs ?? 0,
      };
    });
  }
}

async function hashesOf(reader: MediaReader): Promise<string[]> {
  const hashes: string[] = [];
  for (let index = 0; index <= reader.endTime; index += 1) {
    const { times, firstPayload, payloads } = await reader.readChunk(index);
    for (const frame of times.keys())
      hashes.push(hashOf(payloads.slice(firstPayload[frame], firstPayload[frame + 1])));
  }
  return hashes;
}

/** Packets of the same timestamp that follow each other; without a last picture that is still coming. */
function grouped(packets: readonly Received<ParsedRtpPacket>[]) {
  const groups: Received<ParsedRtpPacket>[][] = [];
  for (const packet of packets) {
    const group = groups.at(-1);
    if (group?.[0]?.timestamp === packet.timestamp) group.push(packet);
    else groups.push([packet]);
  }
  if (groups.at(-1)?.at(-1)?.marker === false) groups.pop();
  return groups;
}

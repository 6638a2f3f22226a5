import type { types } from 'mediasoup';
import type { MediaKind } from '../../signaling/contract/index.ts';
import { layeringOf, ownBitrates } from './layering.ts';

/** One RTP stream as it arrives. Counts are since its start. */
export interface ReceivedStream {
  kind: MediaKind;
  /** What of it belongs to which Layer, lowest first: to one, or to all of them (SVC). Of sound, it is Layer 0. */
  layers: readonly ReceivedLayer[];
  /** Bits a second, lately. */
  bitrate: number;
  bytes: number;
  packets: number;
  packetsLost: number;
  /** mediasoup's, 0 to 10. */
  score: number;
  /** Of senders that answer mediasoup's question for it (RFC 3611 section 4.4). */
  roundTripMs: number | undefined;
}

export interface ReceivedLayer {
  /** The spatial layer, from 0, the lowest. */
  layer: number;
  /** Bits a second, lately, without the Layers below. */
  bitrate: number;
}

export interface ReceivedMedia {
  streams: ReceivedStream[];
  /** How many Layers the picture was announced with; 0 without a picture. */
  layersAnnounced: number;
}

/** Reads what the Worker has counted of these Producers. */
export async function receivedMedia(producers: readonly types.Producer[]): Promise<ReceivedMedia> {
  const open = producers.filter(({ closed }) => !closed);
  const streams = await Promise.all(open.map(streamsOf));
  const video = open.find(({ kind }) => kind === 'video');
  return {
    streams: streams.flat(),
    layersAnnounced: video === undefined ? 0 : layeringOf(video.rtpParameters).layers,
  };
}

/** What arrives of one Layer of the picture, bits a second; 0 where nothing does. */
export function layerBitrate({ streams }: ReceivedMedia, wanted: number): number {
  return (
    streams
      .filter(({ kind }) => kind === 'video')
      .flatMap(({ layers }) => layers)
      .find(({ layer }) => layer === wanted)?.bitrate ?? 0
  );
}

async function streamsOf(producer: types.Producer): Promise<ReceivedStream[]> {
  const stats = await producer.getStats();
  return stats.map((stat) => ({
    kind: producer.kind,
    layers: layersOf(producer, stat),
    bitrate: stat.bitrate,
    bytes: stat.byteCount,
    packets: stat.packetCount,
    packetsLost: Math.max(0, stat.packetsLost),
    score: stat.score,
    // mediasoup's 0 is one that it does not know.
    roundTripMs: stat.roundTripTime || undefined,
  }));
}

function layersOf(producer: types.Producer, stat: types.ProducerStat): ReceivedLayer[] {
  const { layers, oneStream } = layeringOf(producer.rtpParameters);
  if (!oneStream) return [{ layer: indexOf(producer, stat), bitrate: stat.bitrate }];
  return ownBitrates(stat.bitrateByLayer, layers).map((bitrate, layer) => ({ layer, bitrate }));
}

/** Of the encoding that this stream is. */
function indexOf(producer: types.Producer, { ssrc, rid }: types.ProducerStat): number {
  const encodings = producer.rtpParameters.encodings ?? [];
  const index = encodings.findIndex((encoding) =>
    rid === undefined ? encoding.ssrc === ssrc : encoding.rid === rid,
  );
  return Math.max(0, index);
}

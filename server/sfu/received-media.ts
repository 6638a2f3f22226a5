import type { types } from 'mediasoup';
import type { MediaKind } from '../../signaling/contract/index.ts';

/** One RTP stream as it arrives. Counts are since its start. */
export interface ReceivedStream {
  kind: MediaKind;
  /** Index among the Producer's encodings: the spatial layer; 0 for sound. */
  layer: number;
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
    layersAnnounced: video?.rtpParameters.encodings?.length ?? 0,
  };
}

async function streamsOf(producer: types.Producer): Promise<ReceivedStream[]> {
  const stats = await producer.getStats();
  return stats.map((stat) => ({
    kind: producer.kind,
    layer: layerOf(producer, stat),
    bitrate: stat.bitrate,
    bytes: stat.byteCount,
    packets: stat.packetCount,
    packetsLost: Math.max(0, stat.packetsLost),
    score: stat.score,
    // mediasoup's 0 is one that it does not know.
    roundTripMs: stat.roundTripTime || undefined,
  }));
}

function layerOf(producer: types.Producer, { ssrc, rid }: types.ProducerStat): number {
  const encodings = producer.rtpParameters.encodings ?? [];
  const index = encodings.findIndex((encoding) =>
    rid === undefined ? encoding.ssrc === ssrc : encoding.rid === rid,
  );
  return Math.max(0, index);
}

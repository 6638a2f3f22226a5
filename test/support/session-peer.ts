import nodeDataChannel, { type PeerConnection, type Track } from 'node-datachannel';
import {
  REQUESTS,
  type RequestResult,
  type WireDtlsParameters,
  type WireRtpCapabilities,
} from '../../signaling/contract/index.ts';
import { type AnsweredMedia, writeAnswer } from '../../server/sdp/answer.ts';
import { type Offer, readOffer } from '../../server/sdp/offer.ts';

/** What has come in, of RTP. */
export interface Arrivals {
  /** Timestamps of the pictures' packets, each once, in the order in which they came. */
  pictures: number[];
  /** Bytes of RTP, by kind. */
  bytes: Record<'audio' | 'video', number>;
}

/** The receiving end of a Session on libdatachannel: it offers what it can receive, and takes the server's word. */
export class SessionPeer {
  readonly dtlsParameters: WireDtlsParameters;
  readonly rtpCapabilities: WireRtpCapabilities;
  readonly #peer: PeerConnection;
  readonly #offer: Offer;
  /** Held, for a track that is garbage tells nobody of its packets. */
  readonly #tracks: Track[];
  #arrived: Arrivals = { pictures: [], bytes: { audio: 0, video: 0 } };
  #newest: number | undefined;

  private constructor(
    peer: PeerConnection,
    offer: Offer,
    tracks: Track[],
    rtpCapabilities: WireRtpCapabilities,
  ) {
    this.#peer = peer;
    this.#offer = offer;
    this.#tracks = tracks;
    this.dtlsParameters = offer.dtls;
    // No header extensions: no feedback by which the server could estimate the link.
    this.rtpCapabilities = { ...rtpCapabilities, headerExtensions: [] };
  }

  static async create(capabilities: WireRtpCapabilities): Promise<SessionPeer> {
    const peer = new nodeDataChannel.PeerConnection('session', { iceServers: [] });
    const [h264, opus] = [payloadTypeOf(capabilities, 'H264'), payloadTypeOf(capabilities, 'opus')];
    const video = new nodeDataChannel.Video('video', 'RecvOnly');
    video.addH264Codec(
      h264,
      'profile-level-id=42e01f;packetization-mode=1;level-asymmetry-allowed=1',
    );
    const audio = new nodeDataChannel.Audio('audio', 'RecvOnly');
    audio.addOpusCodec(opus);
    const tracks = [peer.addTrack(video), peer.addTrack(audio)];
    const offer = readOffer(await gathered(peer), 'receive');
    const made = new SessionPeer(peer, offer, tracks, capabilities);
    tracks[0]?.onMessage((packet) => made.#takePicture(packet, h264));
    tracks[1]?.onMessage((packet) => made.#take('audio', packet, opus));
    return made;
  }

  connect(answer: RequestResult<'openSession'>): void {
    const { transport, consumers } = REQUESTS.openSession.result.parse(answer);
    const answered = this.#offer.media.flatMap((media): AnsweredMedia[] => {
      const consumer = consumers.find(({ kind }) => kind === media.kind);
      if (consumer === undefined) return [];
      return [{ media, rtpParameters: consumer.rtpParameters, direction: 'sendonly' }];
    });
    this.#peer.setRemoteDescription(writeAnswer(transport, answered), 'answer');
  }

  /** What has come since the last call; bytes are all that ever came. */
  take(): Arrivals {
    const arrived = this.#arrived;
    this.#arrived = { pictures: [], bytes: { ...arrived.bytes } };
    return arrived;
  }

  close(): void {
    for (const track of this.#tracks) track.close();
    this.#peer.close();
  }

  #takePicture(packet: Buffer, payloadType: number): void {
    if (!this.#take('video', packet, payloadType)) return;
    const timestamp = packet.readUInt32BE(4);
    if (timestamp === this.#newest) return;
    this.#newest = timestamp;
    this.#arrived.pictures.push(timestamp);
  }

  #take(kind: 'audio' | 'video', packet: Buffer, payloadType: number): boolean {
    if (((packet[1] ?? 0) & 0x7f) !== payloadType) return false;
    this.#arrived.bytes[kind] += packet.length;
    return true;
  }
}

function payloadTypeOf({ codecs }: WireRtpCapabilities, name: string): number {
  const codec = codecs.find(({ mimeType }) => mimeType.toLowerCase().endsWith(name.toLowerCase()));
  if (codec === undefined) throw new Error(`the server has no ${name}`);
  return codec.preferredPayloadType;
}

/** The offer, once all candidates are in it. */
async function gathered(peer: PeerConnection): Promise<string> {
  await new Promise<void>((resolve) => {
    peer.onGatheringStateChange((state) => {
      if (state === 'complete') resolve();
    });
    peer.setLocalDescription();
  });
  return peer.localDescription()?.sdp ?? '';
}
